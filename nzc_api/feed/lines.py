"""The log as lines of JSON, each an event with its facts. Pure."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import orjson

from nzc_api.feed.facts import PayloadAbsence
from nzc_api.feed.payloads.kinds import PAYLOADS, schema_name
from nzc_api.feed.payloads.shapes import NameOf, camel
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry


def line_of(entry: Entry, found: Mapping[str, Any] | PayloadAbsence, name_of: NameOf) -> bytes:
    """An event's line, with its end."""
    return orjson.dumps(said_of(entry, found, name_of), option=orjson.OPT_APPEND_NEWLINE)


def said_of(
    entry: Entry, found: Mapping[str, Any] | PayloadAbsence, name_of: NameOf
) -> dict[str, Any]:
    """What an event's line says: what `eventPage` tells of it."""
    kind, by = EntryKind(entry.kind), entry.actor.organisation_id
    absent = isinstance(found, PayloadAbsence)
    return {
        "position": str(entry.position),
        "at": entry.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "kind": kind,
        "organisation": None if by is None else name_of("Organisation", by),
        "schema": None if absent else schema_name(kind),
        "facts": None if absent else PAYLOADS[kind].shown(found, name_of),
        camel("payload_absence"): found if absent else None,
    }
