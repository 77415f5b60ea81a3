"""The log as lines of JSON, each an event with its facts. Pure."""

from collections.abc import Mapping
from typing import Any

import orjson

from nzc_api.feed.facts import PayloadAbsence
from nzc_api.feed.payloads.kinds import SCHEMA_NAMES, SHOW
from nzc_api.feed.payloads.shapes import NameOf, camel, moment
from nzc_api.log.model import Entry

PAYLOAD_ABSENCE = camel("payload_absence")


def line_of(entry: Entry, found: Mapping[str, Any] | PayloadAbsence, name_of: NameOf) -> bytes:
    """An event's line, with its end."""
    return orjson.dumps(said_of(entry, found, name_of), option=orjson.OPT_APPEND_NEWLINE)


def said_of(
    entry: Entry, found: Mapping[str, Any] | PayloadAbsence, name_of: NameOf
) -> dict[str, Any]:
    """What an event's line says: what `eventPage` tells of it."""
    kind, by = entry.kind, entry.actor.organisation_id
    absent = isinstance(found, PayloadAbsence)
    return {
        "position": str(entry.position),
        "at": moment(entry.at),
        "kind": kind,
        "organisation": None if by is None else name_of("Organisation", by),
        "schema": None if absent else SCHEMA_NAMES[kind],
        "facts": None if absent else SHOW[kind](found, name_of),
        PAYLOAD_ABSENCE: found if absent else None,
    }
