"""Following some of the log: what is lost of it would be seen."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.feed import service
from nzc_api.feed.matching import is_about, says
from nzc_api.feed.model import About, AboutPilot, EventFilter
from nzc_api.feed.viewers import PUBLIC
from nzc_api.ids import OrganisationId, PilotId, Position
from nzc_api.inventories.model import InventoryStatus
from nzc_api.inventories.visibility import EVERYTHING, Sight
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.log.requests import Actor
from nzc_api.pilots.model import Visibility
from tests.conftest import Server
from tests.evaluation.evaluating import all_done
from tests.feed.telling import PAGE, Told, read, telling
from tests.finance.financing import ended, financed
from tests.management.managing import (
    appointed,
    assigned,
    erased,
    established,
    kept_up,
    published,
    repealed,
)
from tests.served import Served, served, socket
from tests.world import Caller, World

STREAM = """subscription ($after: BigInt, $filter: EventFilterInput) {
    eventStream(after: $after, filter: $filter) { __typename
        ... on StreamBegun { position } ... on StreamProgress { position }
        ... on StreamedEvent { previousPosition event { position kind } payload { facts } } } }"""


@pytest_asyncio.fixture(scope="module")
async def told(server: Server, people: World) -> AsyncIterator[Told]:
    async with telling(server, people) as made:
        yield made


# The rule, in all its cases.

ME, OTHERS = OrganisationId(7), OrganisationId(8)
TOWN, PARK = PilotId(1), PilotId(2)


def entry(kind: EntryKind, by: OrganisationId | None = None, **body: Any) -> Entry:
    return Entry(
        position=Position(9),
        at=None,  # type: ignore[arg-type]
        kind=kind,
        subject_id=9,
        actor=Actor(by, None),
        body=body,
    )


def about(statements: Visibility = Visibility.PUBLIC, *organisations: int) -> About:
    park = AboutPilot(
        pilot_id=PARK,
        operator_id=ME,
        statement_visibility=statements,
        line_visibility=Visibility.ROLES,
        surrounding=(PARK, TOWN),
    )
    return About((park,), organisations)


RETIRED = entry(EntryKind.CREDITS_RETIRED, OTHERS, programme="CCER")


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (EventFilter(), True),
        (EventFilter(kinds=frozenset({EntryKind.CREDITS_RETIRED})), True),
        (EventFilter(kinds=frozenset({EntryKind.CREDITS_USED})), False),
        (EventFilter(kinds=frozenset()), False),
        (EventFilter(programmes=frozenset({"CCER"})), True),
        (EventFilter(programmes=frozenset({"PHCER"})), False),
        (
            EventFilter(kinds=frozenset({EntryKind.CREDITS_USED}), programmes=frozenset({"CCER"})),
            False,
        ),
    ],
)
def test_what_an_entry_says_itself(wanted: EventFilter, passes: bool) -> None:
    assert says(wanted, RETIRED) is passes


def test_the_programme_of_what_not_everybody_sees_is_not_told() -> None:
    proposed = entry(EntryKind.ORDER_PROPOSED, OTHERS, programme="CCER")
    assert not says(EventFilter(programmes=frozenset({"CCER"})), proposed)


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (EventFilter(pilots=frozenset({PARK})), True),
        (EventFilter(pilots=frozenset({TOWN})), True),
        (EventFilter(pilots=frozenset({TOWN}), inside=False), False),
        (EventFilter(pilots=frozenset({PARK}), inside=False), True),
        (EventFilter(pilots=frozenset({PilotId(3)})), False),
        (EventFilter(pilots=frozenset()), False),
        (EventFilter(organisations=frozenset({OTHERS})), True),
        (EventFilter(organisations=frozenset({OrganisationId(5)})), True),
        (EventFilter(organisations=frozenset({ME})), False),
        (EventFilter(pilots=frozenset({PARK}), organisations=frozenset({ME})), False),
    ],
)
def test_what_an_entry_is_about(wanted: EventFilter, passes: bool) -> None:
    assert is_about(wanted, RETIRED, about(Visibility.PUBLIC, 5), PUBLIC) is passes


HANDED_IN = frozenset({InventoryStatus.SUBMITTED, InventoryStatus.VERIFIED})


@pytest.mark.parametrize(
    ("kind", "statements", "sight", "passes"),
    [
        (EntryKind.INVENTORY_CREATED, Visibility.PUBLIC, Sight(), False),
        (EntryKind.INVENTORY_CREATED, Visibility.PUBLIC, Sight(HANDED_IN), False),
        (EntryKind.INVENTORY_CREATED, Visibility.PUBLIC, Sight(operator_id=ME), True),
        (EntryKind.INVENTORY_SUBMITTED, Visibility.PUBLIC, Sight(), False),
        (EntryKind.INVENTORY_SUBMITTED, Visibility.PUBLIC, Sight(HANDED_IN), True),
        (EntryKind.INVENTORY_VERIFIED, Visibility.PUBLIC, Sight(), True),
        (EntryKind.INVENTORY_VERIFIED, Visibility.ROLES, Sight(), False),
        (EntryKind.TARGET_RECORDED, Visibility.ROLES, Sight(), False),
        (EntryKind.TARGET_RECORDED, Visibility.PUBLIC, Sight(), True),
        (EntryKind.READINGS_RECORDED, Visibility.PUBLIC, Sight(), False),
        (EntryKind.READINGS_RECORDED, Visibility.PUBLIC, Sight(operator_id=ME), True),
        (EntryKind.READINGS_RECORDED, Visibility.PUBLIC, Sight(operator_id=OTHERS), False),
        (EntryKind.PLAN_DRAFTED, Visibility.PUBLIC, Sight(HANDED_IN), False),
        (EntryKind.PLAN_DRAFTED, Visibility.PUBLIC, Sight(operator_id=ME), True),
        (EntryKind.PLAN_SUBMITTED, Visibility.PUBLIC, Sight(HANDED_IN), True),
        (EntryKind.PLAN_SUBMITTED, Visibility.PUBLIC, Sight(), False),
        (EntryKind.COMPLETION_RECORDED, Visibility.PUBLIC, Sight(HANDED_IN), True),
        (EntryKind.FINANCING_RECORDED, Visibility.PUBLIC, Sight(operator_id=ME), True),
        (EntryKind.FINANCING_RECORDED, Visibility.PUBLIC, Sight(operator_id=OTHERS), False),
        (EntryKind.EVALUATION_DECIDED, Visibility.PUBLIC, Sight(HANDED_IN), True),
        (EntryKind.EVALUATION_DECIDED, Visibility.PUBLIC, Sight(), False),
        (EntryKind.HOLDER_NAME_ERASED, Visibility.PUBLIC, Sight(), False),
        (EntryKind.APPLICATION_DECIDED, Visibility.PUBLIC, EVERYTHING, False),
        (EntryKind.PILOT_AMENDED, Visibility.ROLES, Sight(), True),
    ],
)
def test_what_one_does_not_see_of_a_pilot_is_not_among_it(
    kind: EntryKind, statements: Visibility, sight: Sight, passes: bool
) -> None:
    wanted = EventFilter(pilots=frozenset({PARK}))
    assert is_about(wanted, entry(kind), about(statements), replace(PUBLIC, sight=sight)) is passes


# Over the API.


def positions(events: list[dict[str, Any]]) -> list[int]:
    return [int(event["event"]["position"]) for event in events]


def chained(events: list[dict[str, Any]], after: int = 0) -> bool:
    """Whether each event names the one before it."""
    return [int(e["previousPosition"]) for e in events] == [after, *positions(events)][
        : len(events)
    ]


async def test_pages_of_a_filter_lose_nothing(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = told.world.anyone
    everything = await read(caller)
    assert positions(everything) == list(range(1, await told.world.head() + 1))
    wanted = {"kinds": ["CREDITS_RETIRED", "PILOT_REGISTERED"]}
    expected = [e for e in everything if e["event"]["kind"] in wanted["kinds"]]
    monkeypatch.setattr(service, "MOST_SCANNED", 7)
    for first in (1, 3, 1000):
        found = await read(caller, filter=wanted, first=first)
        assert [e["event"] for e in found] == [e["event"] for e in expected]
    assert chained((await caller.ask(PAGE, after="0"))["eventPage"]["events"])


async def about_pilot(
    told: Told, name: str, caller: Caller | None = None, **given: Any
) -> set[str]:
    wanted = {"pilots": [told.names[name]["id"]], **given}
    found = await read(caller or told.world.anyone, filter=wanted)
    return {e["event"]["kind"] for e in found}


async def test_what_is_about_a_pilot(told: Told) -> None:
    public = {
        "PILOT_REGISTERED", "PILOT_AMENDED", "PILOT_PLACED", "PILOT_SITE_STATED", "PILOT_SITE_RESOLVED",
        "PROJECT_SITE_RESOLVED", "PROJECT_REGISTERED", "PROJECT_ENROLLED", "ACCOUNTING_PERIOD_REGISTERED",
        "ACCOUNTING_PERIOD_WITHDRAWN", "CREDITS_ISSUED", "CREDITS_RETIRED", "RETIREMENT_REQUESTED",
        "RETIREMENT_REQUEST_CANCELLED", "RETIREMENT_REQUEST_EXPIRED", "POSTING_CORRECTED", "INVENTORY_VERIFIED",
        # Credits of the batch were retired for it.
        "BATCH_FROZEN", "BATCH_UNFROZEN", "BATCH_INVALIDATED",
    }  # fmt: skip
    assert await about_pilot(told, "park") == public
    drafts = {
        "INVENTORY_CREATED", "EMISSION_SOURCE_RECORDED", "SINK_RECORDED", "INVENTORY_LINE_AMENDED",
        "INVENTORY_LINE_REMOVED", "INVENTORY_AMENDED", "INVENTORY_SUBMITTED",
    }  # fmt: skip
    assert await about_pilot(told, "park", told.world.operator) == public | drafts


async def test_a_pilots_money_posts_and_evaluations_are_about_it(shared_world: World) -> None:
    world, before = shared_world, await shared_world.head()
    await all_done(world)
    pilot = (await read(world.operator, before, filter={"kinds": ["PILOT_REGISTERED"]}))[0]
    pilot_id = pilot["payload"]["facts"]["pilot"]
    await ended(world, await financed(world, pilot_id), "2024-06-30")
    await erased(world, await appointed(world, await established(world, pilot_id)))
    await assigned(world, pilot_id)
    await repealed(world, await published(world, pilot_id), "2024-06-30")
    await kept_up(world, pilot_id)
    rooms = (
        "FINANCING",
        "POST",
        "HOLDER",
        "DUTY",
        "RULE",
        "UPKEEP",
        "EVALUATION",
        "FINDING",
        "EXPERT",
    )
    happened = {
        e["event"]["kind"]
        for e in await read(world.operator, before)
        if e["event"]["kind"].startswith(rooms)
    }
    assert len(happened) == 20
    for caller, told in (
        (world.operator, happened),
        (world.auditor, happened),
        (world.other_operator, set()),
    ):
        found = await read(caller, before, filter={"pilots": [pilot_id], "kinds": sorted(happened)})
        assert {e["event"]["kind"] for e in found} == told


async def test_with_those_inside_as_they_lay(told: Told) -> None:
    own = await about_pilot(told, "beside", inside=False)
    assert own == {
        "PILOT_REGISTERED",
        "PILOT_PLACED",
        "ACCOUNTING_PERIOD_REGISTERED",
        "PILOT_OVERLAP_RECORDED",
    }
    # The park lay there for one position, and its leaving is told.
    found = await read(told.world.anyone, filter={"pilots": [told.names["beside"]["id"]]})
    placed = [e for e in found if e["event"]["kind"] == "PILOT_PLACED"]
    assert len(placed) == 3
    assert "CREDITS_RETIRED" not in {e["event"]["kind"] for e in found}
    assert "CREDITS_RETIRED" in await about_pilot(told, "town")
    assert "CREDITS_RETIRED" not in await about_pilot(told, "town", inside=False)


async def test_by_programme_and_organisation(told: Told) -> None:
    world = told.world
    found = await read(world.anyone, filter={"programmes": ["PHCER"]})
    assert {e["event"]["kind"] for e in found} == {"PROJECT_ENROLLED", "CREDITS_ISSUED"}
    buyer = world.other_operator.organisation
    found = await read(world.anyone, filter={"organisations": [buyer]})
    assert {e["event"]["kind"] for e in found} >= {"CREDITS_TRANSFERRED", "BATCH_FROZEN"}
    assert "CREDITS_RETIRED" not in {e["event"]["kind"] for e in found}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"pilots": ["x"]}, "pilots"),
        ({"pilots": ["UGlsb3Q6"] * 101}, "pilots"),
        ({"organisations": ["x"]}, "organisations"),
    ],
)
async def test_a_filter_that_names_nothing_is_refused(told: Told, wanted: Any, field: str) -> None:
    error = await told.world.anyone.fail(PAGE, after="0", filter=wanted)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"][:2] == ["filter", field]


# As it happens.


@pytest_asyncio.fixture(scope="module")
async def api(told: Told) -> AsyncIterator[Served]:
    async with served(told.url) as running:
        yield running


async def test_a_stream_says_where_it_begins_and_how_far_it_looked(api: Served, told: Told) -> None:
    whole = await read(told.world.anyone)
    wanted = {"kinds": ["CREDITS_RETIRED"]}
    retired = [e for e in whole if e["event"]["kind"] == "CREDITS_RETIRED"]
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("log", STREAM, after="3", filter=wanted)
        messages: list[Any] = []
        while len(messages) < len(retired) + 2:
            message = await client.receive(60)
            messages.append(message["payload"]["data"]["eventStream"])
    assert messages[0] == {"__typename": "StreamBegun", "position": "3"}
    events = messages[1:-1]
    assert [e["event"] for e in events] == [e["event"] for e in retired]
    assert [e["payload"]["facts"] for e in events] == [e["payload"]["facts"] for e in retired]
    assert chained(events, 3)
    # Nobody retires anything, and still it is told that it was looked.
    assert messages[-1]["__typename"] == "StreamProgress"
    assert int(messages[-1]["position"]) == len(whole)


async def test_a_stream_of_server_sent_events_resumes_by_its_ids(api: Served, told: Told) -> None:
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "5"}
    body = {"query": STREAM, "variables": {"filter": {"kinds": ["PILOT_REGISTERED"]}}}
    ids: list[str] = []
    async with (
        api.client() as http,
        http.stream("POST", "/graphql", json=body, headers=headers) as got,
    ):
        async for line in got.aiter_lines():
            if line.startswith("id:"):
                ids.append(line.removeprefix("id:").strip())
            if len(ids) == 3:
                break
    registered = await read(told.world.anyone, 5, filter={"kinds": ["PILOT_REGISTERED"]})
    assert ids == ["5", *map(str, positions(registered)[:2])]
