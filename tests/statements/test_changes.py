"""What the log changes in statements: which entries, which terms, and in a stream of them."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from nzc_api.statements import service
from tests.conftest import PEOPLED, Server, client_of, fresh_database
from tests.feed.telling import GAS, GROUNDS, tell
from tests.served import Served, served, socket
from tests.statements.changing import agree_on_changes
from tests.world import World, of_year

TERMS = "change { grossCo2e sinksCo2e purchasedCo2e netCo2e unknown { reason message { zh en } } }"
STATED = "netCo2e gross { co2e } sinks { co2e } purchasedReductions { quantity }"
DIFF = f"""query ($id: ID!, $from: BigInt!, $to: BigInt, $after: BigInt, $year: Int! = 2022) {{
    pilot(by: {{id: $id}}) {{ netEmissionsDiff(period: {{year: $year}}, from: $from, to: $to) {{ fromPosition toPosition
        before {{ {STATED} }} after {{ {STATED} }} {TERMS}
        changes(after: $after) {{ scannedPosition changes {{ position event {{ kind }} pilot {{ id }}
            before {{ asOfPosition }} after {{ asOfPosition {STATED} }} {TERMS} }} }} }} }} }}"""
STREAM = f"""subscription ($after: BigInt, $pilots: [ID!]!, $period: AccountingPeriodBy! = {{year: 2022}}) {{
    netEmissionsChanged(pilots: $pilots, period: $period, after: $after) {{ __typename
        ... on StreamBegun {{ position }} ... on StreamProgress {{ position }}
        ... on NetEmissionsChanged {{ position previousPosition event {{ kind }}
            changes {{ pilot {{ id }} after {{ netCo2e asOfPosition }} {TERMS} }} }} }} }}"""


class Told(NamedTuple):
    """A world in which statements changed in many ways."""

    world: World
    names: dict[str, Any]
    url: str


@pytest_asyncio.fixture(scope="module")
async def told(server: Server, people: World) -> AsyncIterator[Told]:
    async with fresh_database(server, PEOPLED) as database, client_of(database.api_url) as http:
        world = people.reached_by(http)
        names = await tell(world, database.api_url)
        await _more(world, names)
        yield Told(world, names, database.api_url)


async def _more(world: World, told: dict[str, Any]) -> None:
    """A superseded inventory; serials that were retired and are invalidated; whole batches, invalidated, corrected and
    exported after they were retired; a sink that was sold and is one again; a project that comes to lie inside."""
    operator, registry, park = world.operator, world.registry, told["park"]
    again = await operator.made("reviseInventory", "inventory { id }", inventory=told["inventory"])
    await world.record(again["id"], GAS | {"label": "再"})
    await world.submit(again["id"])

    async def retired(prefix: str, first: int, last: int) -> None:
        given = world.retirement(park, prefix, first, last)
        await registry.made("retireCredits", "retirement { id }", **given)

    project = await world.project()
    whole = await world.issue(project, "GD-P", 1, 100, production=of_year(2021))
    await retired("GD-P", 1, 50)
    serials = {"programme": "CCER", "block": {"text": "GD-P-11 to 20"}}
    await registry.made(
        "invalidateCredits", "posting { id }", target={"serials": serials}, **GROUNDS
    )
    ordered = await registry.made(
        "invalidateCredits", "posting { id }", target={"batch": whole}, **GROUNDS
    )
    await registry.made("correctPosting", "posting { id }", posting=ordered["id"], **GROUNDS)
    await registry.made("recordExport", "posting { id }", batch=whole, **GROUNDS)
    forest = await world.project(forestry=True, pilot=park["id"])
    await world.issue(forest, "GD-T", 1, 3)
    await registry.made(
        "useCredits", "use { id }", programme="CCER", serials={"text": "GD-T-1 to 2"}, purpose="OWN_SINK",
        pilot=park["id"], accountingPeriod=park["periods"][2022], usedOn="2024-07-01",
    )  # fmt: skip
    other = await world.project()
    await world.issue(other, "GD-O", 1, 10)
    await retired("GD-O", 1, 5)
    for pilot in (park["id"], None):
        await world.administrator.made(
            "amendProject", "project { id }", project=other, pilot=pilot, **GROUNDS
        )


async def diff(told: Told, start: int = 0, **given: Any) -> Any:
    asked = {"id": told.names["park"]["id"], "from": str(start)} | given
    data = await told.world.auditor.ask(DIFF, **asked)
    return data["pilot"]["netEmissionsDiff"]


async def test_no_change_is_missed(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await agree_on_changes(told.url)
    assert whole > 30
    monkeypatch.setattr(service, "MOST_SCANNED", 7)
    monkeypatch.setattr(service, "MOST_LOOKED_AT", 3)
    assert await agree_on_changes(told.url) == whole


def plus(terms: list[str | None], change: dict[str, Any]) -> list[str | None]:
    names = ("grossCo2e", "sinksCo2e", "purchasedCo2e", "netCo2e")
    return [
        None if was is None or change[name] is None else str(Decimal(was) + Decimal(change[name]))
        for was, name in zip(terms, names, strict=True)
    ]


def terms(stated: dict[str, Any]) -> list[str | None]:
    bought = str(Decimal(stated["purchasedReductions"]["quantity"]))
    return [stated["gross"]["co2e"], stated["sinks"]["co2e"], bought, stated["netCo2e"]]


async def test_the_terms_before_plus_the_changes_are_the_terms_afterwards(told: Told) -> None:
    whole = await diff(told)
    assert whole["before"] is None
    assert [u["reason"] for u in whole["change"]["unknown"]] == ["NO_PERIOD"]
    verified = next(
        c for c in whole["changes"]["changes"] if c["event"]["kind"] == "INVENTORY_VERIFIED"
    )
    found = await diff(told, int(verified["position"]))
    changes = found["changes"]["changes"]
    assert {c["event"]["kind"] for c in changes} >= {
        "INVENTORY_VERIFIED", "CREDITS_RETIRED", "CREDITS_INVALIDATED", "BATCH_INVALIDATED",
        "POSTING_CORRECTED", "BATCH_EXPORTED", "CREDITS_ISSUED", "CREDITS_USED", "PROJECT_AMENDED",
    }  # fmt: skip
    reached = terms(found["before"])
    for change in changes:
        reached = [term and str(Decimal(term)) for term in plus(reached, change["change"])]
        assert [Decimal(term or "NaN") for term in reached] == [
            Decimal(term or "NaN") for term in terms(change["after"])
        ]
        assert change["after"]["asOfPosition"] == change["position"]
    assert [Decimal(term or "NaN") for term in reached] == [
        Decimal(term or "NaN") for term in terms(found["after"])
    ]
    assert found["change"]["unknown"] == []
    assert found["changes"]["scannedPosition"] == found["toPosition"]


async def test_changes_come_in_pages(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (await diff(told))["changes"]["changes"]
    monkeypatch.setattr(service, "MOST_LOOKED_AT", 5)
    paged, after = [], "0"
    while True:
        page = await diff(told, after=after)
        paged += page["changes"]["changes"]
        after = page["changes"]["scannedPosition"]
        if after == page["toPosition"]:
            break
    assert paged == whole


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"from": "-1"}, "from"),
        ({"from": "9", "to": "8"}, "from"),
        ({"from": "0", "to": "99999999"}, "to"),
        ({"from": "0", "to": "60", "after": "61"}, "after"),
    ],
)
async def test_positions_that_are_none_are_refused(
    told: Told, given: dict[str, str], field: str
) -> None:
    error = await told.world.auditor.fail(DIFF, id=told.names["park"]["id"], **given)
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == [field]


async def test_what_is_not_shown_has_no_changes(told: Told) -> None:
    """A pilot that shows what it states to some roles only, and a year of which it has no period."""
    hidden = await told.world.pilot("TOWN", statementVisibility="ROLES")
    found = await told.world.anyone.ask(DIFF, **{"id": hidden["id"], "from": "0"})
    assert found["pilot"]["netEmissionsDiff"] is None
    assert await diff(told, id=hidden["id"]) is not None
    assert await diff(told, year=1999) is None


# As it happens.


@pytest_asyncio.fixture(scope="module")
async def api(told: Told) -> AsyncIterator[Served]:
    async with served(told.url) as running:
        yield running


async def test_a_stream_tells_every_change_and_the_statement_as_of_it(
    api: Served, told: Told
) -> None:
    expected = (await diff(told))["changes"]["changes"]
    pilots = [told.names["park"]["id"], told.names["park"]["id"]]
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("net", STREAM, after="0", pilots=pilots)
        messages = [await _next(client) for _ in range(len(expected) + 1)]
        assert messages[0] == {"__typename": "StreamBegun", "position": "0"}
        # A change that comes later, of an order that names no pilot.
        batch = await told.world.issue(await told.world.project(), "GD-L", 1, 10)
        await told.world.registry.made(
            "retireCredits", "retirement { id }", **told.world.retirement(told.names["park"], "GD-L", 1, 10)
        )  # fmt: skip
        await told.world.registry.made(
            "invalidateCredits", "posting { id }", target={"batch": batch}, **GROUNDS
        )
        kinds: list[str] = []
        while "BATCH_INVALIDATED" not in kinds[-1:]:
            message = await _next(client)
            if message["__typename"] == "NetEmissionsChanged":
                kinds.append(message["event"]["kind"])
                messages.append(message)
    [change] = messages[-1]["changes"]
    assert change["after"]["asOfPosition"] == messages[-1]["position"]
    assert Decimal(change["change"]["purchasedCo2e"]) == -10
    assert kinds[-2:] == ["CREDITS_RETIRED", "BATCH_INVALIDATED"]


async def _next(client: Any) -> Any:
    return (await client.receive(60))["payload"]["data"]["netEmissionsChanged"]


async def test_a_stream_of_server_sent_events_resumes_by_its_ids(api: Served, told: Told) -> None:
    changes = (await diff(told))["changes"]["changes"]
    begin = changes[len(changes) // 2]["position"]
    headers = {"Accept": "text/event-stream", "Last-Event-ID": begin}
    body = {"query": STREAM, "variables": {"pilots": [told.names["park"]["id"]]}}
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
    following = [c["position"] for c in changes if int(c["position"]) > int(begin)]
    assert ids == [begin, *following[:2]]


@pytest.mark.parametrize("count", [0, 21])
async def test_so_many_pilots_are_followed_at_once(api: Served, told: Told, count: int) -> None:
    async with socket(api.address) as client:
        await client.initialise()
        await client.subscribe("net", STREAM, pilots=[told.names["park"]["id"]] * count)
        [error] = (await client.receive(60))["payload"]["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["extensions"]["inputPath"] == ["pilots"]
