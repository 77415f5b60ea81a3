"""An entry's facts as whoever asks may see them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nzc_api.access.principals import may_see_keys_of
from nzc_api.feed.audiences import AUDIENCES, Audience, sees
from nzc_api.feed.payloads.inventories import OF_INVENTORIES
from nzc_api.feed.viewers import Viewer
from nzc_api.ids import OrganisationId
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.pilots.model import Visibility
from nzc_api.selection.visibility import sees_application


class PayloadAbsence(StrEnum):
    """Why an event carries no facts."""

    NOT_SHOWN = "NOT_SHOWN"


@dataclass(frozen=True, slots=True)
class _Whose:
    operator_id: OrganisationId
    statement_visibility: Visibility
    line_visibility: Visibility


def facts_of(
    entry: Entry, rows: Mapping[str, Any], viewer: Viewer
) -> Mapping[str, Any] | PayloadAbsence:
    """What an entry says and its rows say, if whoever asks sees it; without lines, and the proposal that it carries
    out, that they do not see."""
    kind, facts = EntryKind(entry.kind), {**entry.body, **rows}
    facts |= {"position": entry.position, "subject": entry.subject_id}
    if not _is_shown(kind, facts, viewer):
        return PayloadAbsence.NOT_SHOWN
    if kind in OF_INVENTORIES and not sees(viewer, AUDIENCES[kind], _whose(facts), lines=True):
        facts |= {"emission_sources": None, "sinks": None}
    if facts.get("proposal") and facts["programme"] not in viewer.programmes:
        facts["proposal"] = None
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
    return any(sees(viewer, audience, _whose(of)) for of in of_pilots)


def _whose(said: Mapping[str, Any]) -> _Whose:
    """Whose it is, as rows say it."""
    return _Whose(
        said["operator_id"],
        Visibility(said["statement_visibility"]),
        Visibility(said["line_visibility"]),
    )
