"""An entry's facts as whoever asks may see them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nzc_api.feed.audiences import AUDIENCES, sees
from nzc_api.feed.payloads.inventories import OF_INVENTORIES
from nzc_api.feed.payloads.kinds import PAYLOADS
from nzc_api.feed.payloads.rooms import OF_ROOMS
from nzc_api.ids import OrganisationId
from nzc_api.inventories.visibility import Sight
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.pilots.model import Visibility

# What not everybody sees.
OF_SOME = OF_ROOMS.keys() | OF_INVENTORIES.keys()


class PayloadAbsence(StrEnum):
    """Why an event carries no facts."""

    NOT_SHOWN = "NOT_SHOWN"
    NOT_CARRIED = "NOT_CARRIED"


@dataclass(frozen=True, slots=True)
class _Whose:
    operator_id: OrganisationId
    statement_visibility: Visibility
    line_visibility: Visibility


def facts_of(
    entry: Entry, rows: Mapping[str, Any], sight: Sight
) -> Mapping[str, Any] | PayloadAbsence:
    """What an entry says and its rows say, if whoever asks sees it; without lines that they do not see."""
    if entry.kind not in PAYLOADS:
        return PayloadAbsence.NOT_CARRIED
    facts = {**entry.body, **rows, "position": entry.position, "subject": entry.subject_id}
    if entry.kind not in OF_SOME:
        return facts
    audience = AUDIENCES[EntryKind(entry.kind)]
    if entry.kind in OF_ROOMS:
        # What is of several pilots, as readings may be, is told to who sees one of them.
        seen = any(sees(sight, audience, _whose(of)) for of in facts.get("whose", ()))
        return facts if seen else PayloadAbsence.NOT_SHOWN
    whose = _whose(facts)
    if not sees(sight, audience, whose):
        return PayloadAbsence.NOT_SHOWN
    if not sees(sight, audience, whose, lines=True):
        return {**facts, "emission_sources": None, "sinks": None}
    return facts


def _whose(said: Mapping[str, Any]) -> _Whose:
    """Whose it is, as rows say it."""
    return _Whose(
        said["operator_id"],
        Visibility(said["statement_visibility"]),
        Visibility(said["line_visibility"]),
    )
