"""An entry's facts as whoever asks may see them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from nzc_api.access.principals import may_see_keys_of
from nzc_api.feed.audiences import AUDIENCES, Audience, sees
from nzc_api.feed.model import Moved
from nzc_api.feed.payloads.inventories import OF_INVENTORIES
from nzc_api.feed.payloads.kinds import PAYLOADS
from nzc_api.feed.viewers import Viewer
from nzc_api.ids import OrganisationId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.pilots.model import Visibility
from nzc_api.selection.visibility import sees_application


class PayloadAbsence(StrEnum):
    """Why an event carries no facts."""

    NOT_SHOWN = "NOT_SHOWN"


# An entry's facts as whoever asks may see them.
Found: TypeAlias = Mapping[str, Any] | PayloadAbsence


class Carried(NamedTuple):
    """Entries that follow one another with all their facts, by columns, for who has millions. What the entries say of
    themselves, and how they moved serials, is beside the other facts."""

    positions: Sequence[Position]
    ats: Sequence[datetime]
    kinds: Sequence[str]
    subjects: Sequence[int]
    organisations: Sequence[int | None]
    movements: Sequence[Sequence[Moved]]
    facts: Sequence[Mapping[str, Any]]

    def first(self, count: int) -> "Carried":
        """The first of them."""
        columns: Sequence[Any] = self
        return Carried(*(column[:count] for column in columns))


# Of these everybody sees all: most of a log are such.
_OPEN = frozenset(
    kind
    for kind, audience in AUDIENCES.items()
    if audience is Audience.EVERYBODY and "proposal" not in PAYLOADS[kind].facts
)


@dataclass(frozen=True, slots=True)
class _Whose:
    operator_id: OrganisationId
    statement_visibility: Visibility
    line_visibility: Visibility


def facts_of(
    entry: Entry, said: Mapping[str, Any], movements: Sequence[Moved], viewer: Viewer
) -> Found:
    """The facts of an entry, beside its body what its rows say, as far as whoever asks sees them."""
    beside = {"position": entry.position, "subject": entry.subject_id, "movements": movements}
    return _seen(entry.kind, {**entry.body, **said, **beside}, viewer)


def with_rows(carried: Carried, said: Mapping[Position, Mapping[str, Any]]) -> Carried:
    """Entries with what rows say of some of them, by their positions."""
    if not said:
        return carried
    each = zip(carried.positions, carried.facts, strict=True)
    return carried._replace(facts=[{**facts, **said.get(at, {})} for at, facts in each])


def seen_by(viewer: Viewer, carried: Carried) -> Sequence[Found]:
    """The facts of each entry, as far as somebody sees them."""
    each = zip(carried.kinds, carried.facts, strict=True)
    return [facts if kind in _OPEN else _seen(kind, facts, viewer) for kind, facts in each]


def _seen(said: str, facts: Mapping[str, Any], viewer: Viewer) -> Found:
    """Facts if whoever asks sees them; without lines, and the proposal that it carries out, that they do not see."""
    kind = EntryKind(said)
    if not _is_shown(kind, facts, viewer):
        return PayloadAbsence.NOT_SHOWN
    if kind in OF_INVENTORIES and not sees(viewer, AUDIENCES[kind], _whose(facts), lines=True):
        return {**facts, "emission_sources": None, "sinks": None}
    if facts.get("proposal") and facts["programme"] not in viewer.programmes:
        return {**facts, "proposal": None}
    return facts


def _is_shown(kind: EntryKind, facts: Mapping[str, Any], viewer: Viewer) -> bool:
    audience = AUDIENCES[kind]
    match audience:
        case Audience.EVERYBODY:
            return True
        case Audience.APPLICATION:
            seen, applicant = viewer.applications, facts["operator"]
            return sees_application(seen, applicant, handed_in=facts["handed_in"])
        case Audience.PROGRAMME:
            return facts["programme"] in viewer.programmes
        case Audience.KEYS:
            whose = facts.get("organisation")
            return whose is not None and may_see_keys_of(viewer.principal, whose)
    # What is of several pilots, as readings may be, is told to who sees one of them.
    of_pilots = [facts] if kind in OF_INVENTORIES else facts.get("whose", ())
    return any(sees(viewer, audience, _whose(pilot)) for pilot in of_pilots)


def _whose(said: Mapping[str, Any]) -> _Whose:
    """Whose it is, as rows say it."""
    return _Whose(
        said["operator_id"],
        Visibility(said["statement_visibility"]),
        Visibility(said["line_visibility"]),
    )
