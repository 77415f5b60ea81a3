"""What events of rooms carry, such as of meters, measures, plans and evaluations, for who would be shown them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator

from nzc_api.feed import service
from nzc_api.feed.audiences import AUDIENCES, Audience
from nzc_api.feed.payloads.kinds import PAYLOADS, SCHEMAS
from nzc_api.feed.payloads.rooms import OF_ROOMS
from nzc_api.log.kinds import EntryKind
from tests.conftest import PEOPLED, Server, client_of, fresh_database
from tests.feed.telling import read
from tests.feed.telling_rooms import tell_rooms
from tests.world import World

Events = list[dict[str, Any]]


@pytest_asyncio.fixture(scope="module")
async def world(server: Server, people: World) -> AsyncIterator[World]:
    async with fresh_database(server, PEOPLED) as database, client_of(database.api_url) as http:
        made = people.reached_by(http)
        await tell_rooms(made, database.api_url)
        yield made


@pytest_asyncio.fixture(scope="module")
async def events(world: World) -> Events:
    return await read(world.administrator)


def facts_of(events: Events, kind: str) -> list[dict[str, Any]]:
    return [e["payload"]["facts"] for e in events if e["event"]["kind"] == kind and e["payload"]]


async def test_every_kind_is_as_its_schema_says(events: Events) -> None:
    carried = set()
    for event in events:
        kind, payload = event["event"]["kind"], event["payload"]
        if kind in PAYLOADS:
            assert payload is not None, event
            Draft202012Validator(SCHEMAS[payload["schema"]]).validate(payload["facts"])
            carried.add(kind)
    assert set(OF_ROOMS) - carried == set()


async def test_facts_are_those_of_the_api(world: World, events: Events) -> None:
    (target,) = facts_of(events, "TARGET_RECORDED")
    asked = """query ($id: ID!) { node(id: $id) { ... on Target { version weakened baseline { year }
        ceilings { year netCo2e grossCo2e creditsQuantity } } } }"""
    shown = (await world.operator.ask(asked, id=target["target"]))["node"]
    assert (shown["version"], shown["weakened"]) == (target["version"], target["weakened"])
    assert [[of["year"], of["net"]] for of in target["ceilings"]] == [
        [of["year"], of["netCo2e"]] for of in shown["ceilings"]
    ]
    (document,) = facts_of(events, "DOCUMENT_ATTACHED")
    assert document["attachedTo"] == target["target"]
    assert document["sha256"] == "a" * 64
    planned = facts_of(events, "MEASURE_PLANNED")
    other = next(of for of in planned if of["excludes"])
    assert other["excludes"] == [planned[0]["measure"]]
    assert [of["carrier"] for of in other["savings"]] == ["ELECTRICITY"]


def test_no_text_of_persons_is_carried(events: Events) -> None:
    """Of who holds a post, who judged, why, and by which supply point."""
    for kind, names in {
        "HOLDER_APPOINTED": {"appointment", "post", "startsOn"},
        "HOLDER_NAME_ERASED": {"appointment"},
        "EVALUATION_PANEL_APPOINTED": {"evaluation", "organisations"},
        "FINDING_RECORDED": {"finding", "evaluation", "severity", "due"},
        "TARGET_REVISED": {"target", "pilot", "version", "weakened", "routes", "baseline", "ceilings"},
        "METER_REGISTERED": {"meter", "pilot", "code", "carrier", "flow", "meterKind", "unit"},
    }.items():  # fmt: skip
        for facts in facts_of(events, kind):
            assert set(facts) == names


@pytest.mark.parametrize(
    ("who", "audiences"),
    [
        ("anyone", {Audience.STATEMENTS}),
        ("registry", {Audience.STATEMENTS}),
        ("other_operator", {Audience.STATEMENTS}),
        ("auditor", {Audience.STATEMENTS, Audience.SUBMITTED, Audience.WATCHERS}),
        ("regulator", {Audience.STATEMENTS, Audience.SUBMITTED, Audience.WATCHERS}),
        ("operator", {Audience.STATEMENTS, Audience.DRAFT, Audience.SUBMITTED, Audience.WATCHERS}),
    ],
)
async def test_facts_are_for_who_would_be_shown_them(
    world: World, who: str, audiences: set[Audience]
) -> None:
    told = {Audience.STATEMENTS, Audience.DRAFT, Audience.SUBMITTED, Audience.WATCHERS}
    for event in await read(getattr(world, who)):
        kind = EntryKind(event["event"]["kind"])
        if kind in OF_ROOMS:
            assert AUDIENCES[kind] in told
            assert (event["payload"] is not None) == (AUDIENCES[kind] in audiences), event
            absent = None if event["payload"] else "NOT_SHOWN"
            assert event["payloadAbsence"] == absent


async def test_a_page_ends_before_readings_are_too_many(
    world: World, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose they are takes a look at each."""
    monkeypatch.setattr(service, "MOST_ROWS", 2)
    assert await read(world.administrator) == events
