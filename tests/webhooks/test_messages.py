"""Events as CloudEvents: what is in them, and what is not."""

import json
from datetime import UTC, datetime
from typing import Any

from nzc_api.feed.facts import PayloadAbsence
from nzc_api.feed.model import ToldEntry
from nzc_api.ids import ApiKeyId, OrganisationId, Position, WebhookEndpointId
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.log.requests import Actor
from nzc_api.schema.feed.types import SUBJECTS
from nzc_api.webhooks.messages import EventNaming, message_id, message_of

NAMING = EventNaming(
    "0a1b2c3d4e5f607", lambda kind, at: f"{kind}:{at}", SUBJECTS, "https://nzc.example/nzc"
)
AT = datetime(2026, 3, 1, 8, 30, 0, 120000, tzinfo=UTC)


def event(kind: EntryKind, found: Any, actor: Actor = Actor(OrganisationId(3), ApiKeyId(4))) -> Any:  # noqa: B008
    entry = Entry(
        position=Position(4_000_000_000), at=AT, kind=kind, subject_id=12, actor=actor, body={}
    )
    return json.loads(message_of(ToldEntry(entry, 3_999_999_990), found, NAMING))


def test_facts_are_the_data() -> None:
    facts = {"retired": True, "project": 12, "programme": "CCER", "rule": "CCER_2023", "number": "N-1",
             "registered_on": "2023-11-01", "methodology": None, "position": 1, "subject": 12}  # fmt: skip
    said = event(EntryKind.PROJECT_ENROLLED, facts)
    data = said.pop("data")
    assert data["programme"] == "CCER"
    assert data["project"] == "Project:12"
    assert said == {
        "specversion": "1.0", "id": "4000000000", "source": "urn:nzc:log:0a1b2c3d4e5f607",
        "type": "PROJECT_ENROLLED", "time": "2026-03-01T08:30:00.120000Z", "position": "4000000000",
        "previousposition": "3999999990", "organisation": "Organisation:3", "subject": "Project:12",
        "dataschema": "https://nzc.example/nzc/schemas/events/PROJECT_ENROLLED.v2.json",
        "datacontenttype": "application/json",
    }  # fmt: skip


def test_what_is_not_shown_is_said_and_nothing_of_it() -> None:
    """Neither facts nor what it happened to; an extension's name is of small letters and digits."""
    for absence in PayloadAbsence:
        said = event(EntryKind.INVENTORY_SUBMITTED, absence, Actor())
        assert said["dataabsence"] == absence
        assert not said.keys() & {
            "data",
            "dataschema",
            "datacontenttype",
            "subject",
            "organisation",
        }
        assert all(name.isalnum() and name.islower() for name in said)


def test_the_id_of_a_message_parts_nothing_that_is_signed() -> None:
    assert message_id(NAMING, WebhookEndpointId(7), Position(9)) == "0a1b2c3d4e5f607_7_9"
