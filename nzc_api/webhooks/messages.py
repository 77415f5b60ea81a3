"""Events as CloudEvents 1.0, in structured JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from nzc_api.feed.facts import PayloadAbsence
from nzc_api.feed.model import ToldEntry
from nzc_api.feed.payloads.kinds import SCHEMA_NAMES, SHOW
from nzc_api.feed.payloads.shapes import NameOf, moment
from nzc_api.ids import Position, WebhookEndpointId
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry

CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class EventNaming:
    """How what an event names is called: the log, ids, what each kind's ``subjects`` are, and under which address JSON
    Schemas are published."""

    log: str
    name_of: NameOf
    subjects: Mapping[EntryKind, str]
    address: str


def message_of(
    told: ToldEntry[Entry], found: Mapping[str, Any] | PayloadAbsence, naming: EventNaming
) -> bytes:
    """An event as it is posted: its facts, or why there are none; its position, and the one that was told before.
    (CloudEvents' whole numbers have 32 bits, so positions are texts.)"""
    entry = told.entry
    kind, by = EntryKind(entry.kind), entry.actor.organisation_id
    said: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(entry.position),
        "source": f"urn:nzc:log:{naming.log}",
        "type": kind,
        "time": moment(entry.at),
        "position": str(entry.position),
        "previousposition": str(told.previous),
    }
    if by is not None:
        said["organisation"] = naming.name_of("Organisation", by)
    if isinstance(found, PayloadAbsence):
        said["dataabsence"] = found
    else:
        said["subject"] = naming.name_of(naming.subjects[kind], entry.subject_id)
        said["dataschema"] = f"{naming.address}/schemas/events/{SCHEMA_NAMES[kind]}.json"
        said["datacontenttype"] = "application/json"
        said["data"] = SHOW[kind](found, naming.name_of)
    return orjson.dumps(said)


def message_id(naming: EventNaming, endpoint_id: WebhookEndpointId, position: Position) -> str:
    """The message's own id, the same at each attempt. It has no full stop, which would part what is signed."""
    return f"{naming.log}_{endpoint_id}_{position}"
