"""Who sees what: every role, every state of an inventory, every setting of its pilot, by every way there is."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from nzc_api.access.principals import Principal, Role
from nzc_api.ids import ApiKeyId, OrganisationId
from nzc_api.inventories.visibility import sight_of
from nzc_api.log.requests import Request
from nzc_api.pilots.model import RegisterPilot, Visibility
from tests.conftest import Server, fresh_database
from tests.served import Served, served, socket, sse
from tests.world import SINK_BASIS, Caller, World, key


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


SETTINGS = tuple((s, lines) for s in Visibility for lines in Visibility)

# Of a DRAFT and of what is SUBMITTED, whatever the settings; of what is VERIFIED by the settings of
# statements and lines. L: the inventory with its lines; H: the inventory; a dot: it is as if there were
# none.
TABLE = """
                draft submitted PUBLIC/PUBLIC PUBLIC/ROLES ROLES/PUBLIC ROLES/ROLES
anyone            .       .          L             H            .            .
registry          .       .          L             H            .            .
phcer_registry    .       .          L             H            .            .
holder            .       .          L             H            .            .
other_operator    .       .          L             H            .            .
auditor           .       L          L             L            L            L
regulator         .       L          L             L            L            L
operator          L       L          L             L            L            L
verifier          L       L          L             L            L            L
administrator     L       L          L             L            L            L
"""

_HEADING, *_ROWS = (line.split() for line in TABLE.strip().splitlines())

# By caller: of (state, setting) what is seen.
SEEN: dict[str, dict[str, str]] = {
    row[0]: dict(zip(_HEADING, row[1:], strict=True)) for row in _ROWS
}

# In which year an inventory is in which state.
YEARS = {2022: "VERIFIED", 2023: "SUBMITTED", 2024: "DRAFT"}

TONNES = {2022: "5", 2023: "7", 2024: "11"}


@dataclass(frozen=True)
class Seen:
    """An inventory of the scene, with its lines."""

    setting: tuple[Visibility, Visibility]
    status: str
    pilot: dict[str, Any]
    inventory: str
    source: str
    sink: str

    def by(self, caller: str) -> str:
        """What the caller sees of it."""
        column = "/".join(self.setting) if self.status == "VERIFIED" else self.status.lower()
        return SEEN[caller][column]


@dataclass(frozen=True)
class Scene:
    api: Served
    world: World
    things: tuple[Seen, ...]

    def caller(self, name: str) -> Caller:
        found: Caller = getattr(self.world, name)
        return found

    def inventories(self, name: str, *states: str) -> list[str]:
        """Those that the caller sees."""
        wanted = states or tuple(YEARS.values())
        return [t.inventory for t in self.things if t.by(name) != "." and t.status in wanted]


LINE = {"category": "OTHER", "label": "x", "factor": "measured.co2"}

LINES = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    emissionSources { totalCount nodes { id } } sinks { totalCount nodes { id } } } } }"""


async def accounted(
    world: World, pilot: dict[str, Any], setting: tuple[Visibility, Visibility], year: int
) -> Seen:
    inventory = await world.inventory(pilot, year, "OPERATION_MAINTENANCE")
    activity = {"value": TONNES[year], "unit": "tCO2"}
    await world.record(inventory, LINE | {"activity": activity, "category": "ENERGY_CONSUMPTION"})
    await world.record(
        inventory,
        LINE | {"activity": activity, "category": "FORESTRY_SINK"} | SINK_BASIS,
        sinks=True,
    )
    if YEARS[year] != "DRAFT":
        await world.submit(inventory, verify=YEARS[year] == "VERIFIED")
    lines = (await world.operator.ask(LINES, id=inventory))["node"]
    source, sink = (lines[listed]["nodes"][0]["id"] for listed in ("emissionSources", "sinks"))
    return Seen(
        setting=setting,
        status=YEARS[year],
        pilot=pilot,
        inventory=inventory,
        source=source,
        sink=sink,
    )


@pytest_asyncio.fixture(scope="module")
async def scene(server: Server, template: str) -> AsyncIterator[Scene]:
    async with (
        fresh_database(server, template) as database,
        served(database.api_url) as api,
        api.client() as http,
    ):
        world = await World.make(http, database.api_url)
        things = []
        for statements, lines in SETTINGS:
            given = {"statementVisibility": statements, "lineVisibility": lines}
            pilot = await world.pilot("BUILDING_EXISTING", *YEARS, **given)
            for year in YEARS:
                things.append(await accounted(world, pilot, (statements, lines), year))
        yield Scene(api, world, tuple(things))


callers = pytest.mark.parametrize("name", SEEN)


# By its id.


@callers
async def test_a_node(scene: Scene, name: str) -> None:
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename
        ... on InventoryLine { activity { value } inventory { id } } } }"""
    for thing in scene.things:
        ids = [thing.inventory, thing.source, thing.sink]
        found = (await scene.caller(name).ask(query, ids=ids))["nodes"]
        seen = {".": [False] * 3, "H": [True, False, False], "L": [True] * 3}[thing.by(name)]
        assert [node is not None for node in found] == seen, thing
        assert all(node["id"] == id_ for node, id_ in zip(found, ids, strict=True) if node)
        assert all(node["inventory"]["id"] == thing.inventory for node in found[1:] if node)


# In lists, whose counts say no more than they show.


@callers
@pytest.mark.parametrize("status", [None, "DRAFT", "SUBMITTED", "VERIFIED"])
async def test_the_list_of_inventories(scene: Scene, name: str, status: str | None) -> None:
    query = """query ($status: InventoryStatus, $first: Int!, $after: String) {
        inventories(filter: {status: $status}, first: $first, after: $after) {
            totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"""
    expected = scene.inventories(name, *([status] if status else []))
    whole = (await scene.caller(name).ask(query, status=status, first=100))["inventories"]
    assert [node["id"] for node in whole["nodes"]] == expected
    assert whole["totalCount"] == len(expected)
    assert not whole["pageInfo"]["hasNextPage"]
    page = (await scene.caller(name).ask(query, status=status, first=1))["inventories"]
    assert [node["id"] for node in page["nodes"]] == expected[:1]
    assert page["pageInfo"]["hasNextPage"] == (len(expected) > 1)


@callers
async def test_the_lists_of_pilots_and_of_versions(scene: Scene, name: str) -> None:
    query = """{ pilots(first: 100) { nodes { id inventories { totalCount nodes { id
        versions { totalCount nodes { id } } } } } } }"""
    found = (await scene.caller(name).ask(query))["pilots"]["nodes"]
    listed = [node for pilot in found for node in pilot["inventories"]["nodes"]]
    assert sorted(node["id"] for node in listed) == sorted(scene.inventories(name))
    assert sum(pilot["inventories"]["totalCount"] for pilot in found) == len(listed)
    for node in listed:
        assert node["versions"] == {"totalCount": 1, "nodes": [{"id": node["id"]}]}


@callers
async def test_the_lists_of_lines(scene: Scene, name: str) -> None:
    query = """query ($id: ID!) { node(id: $id) { ... on Inventory { viewerSeesLines
        emissionSources { totalCount nodes { id } } sinks { totalCount nodes { id } } } } }"""
    for thing in scene.things:
        if thing.by(name) == ".":
            continue
        found = (await scene.caller(name).ask(query, id=thing.inventory))["node"]
        lines = thing.by(name) == "L"
        assert found["viewerSeesLines"] is lines
        for listed, line in (("emissionSources", thing.source), ("sinks", thing.sink)):
            nodes = [{"id": line}] if lines else []
            assert found[listed] == {"totalCount": len(nodes), "nodes": nodes}, thing


async def test_a_version_that_is_not_seen_is_not_counted(world: World) -> None:
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, LINE | {"activity": {"value": "5", "unit": "tCO2"}})
    await world.submit(inventory)
    second = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    query = """query ($id: ID!) { node(id: $id) { ... on Inventory {
        versions { totalCount nodes { version } } } } }"""
    for caller, versions in (
        (world.anyone, [1]), (world.auditor, [1]), (world.operator, [1, 2]), (world.verifier, [1, 2]),
    ):  # fmt: skip
        found = (await caller.ask(query, id=inventory))["node"]["versions"]
        assert [node["version"] for node in found["nodes"]] == versions
        assert found["totalCount"] == len(versions)
    await world.submit(second["id"], verify=False)
    for caller, total in ((world.anyone, 1), (world.auditor, 2)):
        found = (await caller.ask(query, id=inventory))["node"]["versions"]
        assert found["totalCount"] == total


# In statements: of what is seen, as if the rest were not there.


STATEMENTS = """query ($id: ID!) { pilot(by: {id: $id}) { viewerSeesStatements
    accountingPeriods { nodes { startsOn netEmissions { gross { co2e byCategory { co2e } }
        unknown { reason } sinks { measuredCo2e } assurance coverage { status }
        inventories { totalCount nodes { id } } }
    } } } }"""


@callers
async def test_a_statement_rests_on_what_is_seen(scene: Scene, name: str) -> None:
    for setting in SETTINGS:
        things = {thing.status: thing for thing in scene.things if thing.setting == setting}
        pilot = things["VERIFIED"].pilot
        found = (await scene.caller(name).ask(STATEMENTS, id=pilot["id"]))["pilot"]
        shown = things["VERIFIED"].by(name) != "."
        assert found["viewerSeesStatements"] is shown
        for period in found["accountingPeriods"]["nodes"]:
            year = int(period["startsOn"][:4])
            thing, statement = things[YEARS[year]], period["netEmissions"]
            if not shown:
                assert statement is None
                continue
            # A draft counts for nobody.
            counts = thing.by(name) != "." and thing.status != "DRAFT"
            tonnes = TONNES[year] + ".000000" if counts else None
            assert statement["gross"]["co2e"] == tonnes
            assert statement["unknown"] == ([] if counts else [{"reason": "NO_INVENTORY"}])
            assert statement["sinks"]["measuredCo2e"] == (tonnes or "0.000000")
            assert statement["gross"]["byCategory"] == ([{"co2e": tonnes}] if counts else [])
            assert statement["assurance"] == (thing.status if counts else "NONE")
            assert (statement["coverage"]["status"] == "NONE") is not counts
            assert statement["inventories"] == {
                "totalCount": int(counts), "nodes": [{"id": thing.inventory}] if counts else [],
            }  # fmt: skip


@callers
@pytest.mark.parametrize("year", YEARS)
async def test_a_ranking_and_a_portfolio_do_too(scene: Scene, name: str, year: int) -> None:
    query = """query ($year: Int!, $pilots: [ID!]!) {
        pilotRanking(year: $year, by: ASSURANCE) { totalCount
            nodes { pilot { id } netEmissions { gross { co2e } } } }
        portfolioNetEmissions(year: $year, pilots: $pilots) { grossCo2e
            unknown { reason pilot { id } }
            roots { pilot { id } gross { co2e } } withoutStatement { id } } }"""
    things = [thing for thing in scene.things if thing.status == YEARS[year]]
    verified = {t.pilot["id"]: t.by(name) for t in scene.things if t.status == "VERIFIED"}
    pilots = [thing.pilot["id"] for thing in things]
    found = await scene.caller(name).ask(query, year=year, pilots=pilots)
    counts = {t.pilot["id"]: t.by(name) != "." and t.status != "DRAFT" for t in things}
    gross = {id_: TONNES[year] + ".000000" if counts[id_] else None for id_ in pilots}
    shown = {id_: gross[id_] for id_ in pilots if verified[id_] != "."}
    ranked = found["pilotRanking"]["nodes"]
    assert found["pilotRanking"]["totalCount"] == len(pilots), "a pilot itself is public"
    assert {
        r["pilot"]["id"]: r["netEmissions"]["gross"]["co2e"] for r in ranked if r["netEmissions"]
    } == shown
    assert [r["netEmissions"] is None for r in ranked] == sorted(
        r["netEmissions"] is None for r in ranked
    )
    portfolio = found["portfolioNetEmissions"]
    assert {r["pilot"]["id"]: r["gross"]["co2e"] for r in portfolio["roots"]} == shown
    assert {p["id"] for p in portfolio["withoutStatement"]} == {
        id_ for id_ in pilots if shown.get(id_) is None
    }
    reasons = {id_: "NOT_SHOWN" if verified[id_] == "." else "NO_INVENTORY" for id_ in pilots}
    assert {u["pilot"]["id"]: u["reason"] for u in portfolio["unknown"]} == {
        id_: reasons[id_] for id_ in pilots if shown.get(id_) is None
    }
    numbers = [float(value) for value in shown.values() if value is not None]
    whole = portfolio["grossCo2e"]
    assert (None if whole is None else float(whole)) == (
        sum(numbers) if len(numbers) == len(pilots) else None
    )


async def test_a_portfolio_does_not_tell_what_lies_inside_a_root(world: World) -> None:
    """That a root states less than lies inside it is said to who sees both."""
    town = await world.pilot("TOWN", 2022)
    inside = await world.pilot("BUILDING_EXISTING", 2022, surroundingPilot=town["id"])
    small, large = [await world.inventory(pilot) for pilot in (town, inside)]
    for inventory, tonnes in ((small, "4"), (large, "400")):
        line = LINE | {"activity": {"value": tonnes, "unit": "tCO2"}}
        await world.record(inventory, line | {"category": "ENERGY_CONSUMPTION"})
    await world.submit(small)
    await world.submit(large, verify=False)
    query = """query ($pilots: [ID!]!) { portfolioNetEmissions(year: 2022, pilots: $pilots) {
        grossCo2e unknown { reason insideCo2e } } }"""

    async def told(caller: Caller) -> Any:
        return (await caller.ask(query, pilots=[town["id"]]))["portfolioNetEmissions"]

    less = {
        "grossCo2e": None,
        "unknown": [{"reason": "LESS_THAN_INSIDE", "insideCo2e": "400.000000"}],
    }
    assert await told(world.auditor) == less
    assert await told(world.anyone) == {"grossCo2e": "4.000000", "unknown": []}
    await world.verifier.made("verifyInventory", "inventory { id }", inventory=large)
    assert await told(world.anyone) == less
    await world.operator.made(
        "amendPilot", "pilot { id }", pilot=inside["id"], statementVisibility="ROLES"
    )
    assert await told(world.anyone) == {"grossCo2e": "4.000000", "unknown": []}


async def test_of_a_past_position_nobody_learns_what_was_only_submitted(world: World) -> None:
    """As of then it was not public; that it was verified since does not make it so."""
    pilot = await world.pilot()
    inventory = await world.inventory(pilot)
    await world.record(inventory, LINE | {"activity": {"value": "5", "unit": "tCO2"}})
    await world.submit(inventory, verify=False)
    submitted = await world.head()
    await world.verifier.made("verifyInventory", "inventory { id }", inventory=inventory)
    query = """query ($id: ID!, $at: BigInt) { pilot(by: {id: $id}) {
        netEmissions(period: {year: 2022}, asOf: $at) { inventories { nodes { id status } } } } }"""
    now = [{"id": inventory, "status": "VERIFIED"}]
    then = [{"id": inventory, "status": "SUBMITTED"}]
    for caller, expected in ((world.anyone, []), (world.auditor, then), (world.operator, then)):
        data = await caller.ask(query, id=pilot["id"], at=str(submitted))
        assert data["pilot"]["netEmissions"]["inventories"]["nodes"] == expected
        data = await caller.ask(query, id=pilot["id"])
        assert data["pilot"]["netEmissions"]["inventories"]["nodes"] == now


async def test_the_latest_version_that_is_verified_is_what_the_public_has(world: World) -> None:
    pilot = await world.pilot()
    first = await world.inventory(pilot)
    await world.record(
        first, LINE | {"activity": {"value": "5", "unit": "tCO2"}, "category": "ENERGY_CONSUMPTION"}
    )
    await world.submit(first)
    second = await world.operator.made("reviseInventory", "inventory { id }", inventory=first)
    await world.record(
        second["id"],
        LINE | {"activity": {"value": "1", "unit": "tCO2"}, "category": "ENERGY_CONSUMPTION"},
    )
    await world.submit(second["id"], verify=False)
    query = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
        gross { co2e } assurance } } }"""

    async def stated() -> list[Any]:
        asked = [await c.ask(query, id=pilot["id"]) for c in (world.anyone, world.auditor)]
        return [data["pilot"]["netEmissions"]["gross"]["co2e"] for data in asked]

    assert await stated() == ["5.000000", "5.000000"]
    await world.verifier.made("verifyInventory", "inventory { id }", inventory=second["id"])
    assert await stated() == ["6.000000", "6.000000"]


# In the feed: what happened is public, what it happened to is as it is by its id.


EVENTS = """query ($after: BigInt!) { events(after: $after, first: 100) {
    position kind subject { id ... on Inventory { status } ... on EmissionSource { co2e } } } }"""
FOLLOW = (
    EVENTS.replace("query", "subscription").replace(", first: 100", "").replace("BigInt!", "BigInt")
)

# The kinds of events about inventories.
ABOUT = {
    "INVENTORY_CREATED", "EMISSION_SOURCE_RECORDED", "SINK_RECORDED", "INVENTORY_SUBMITTED",
    "INVENTORY_VERIFIED",
}  # fmt: skip


def hidden(scene: Scene, name: str) -> set[str]:
    """The ids that the caller is not shown."""
    left: set[str] = set()
    for thing in scene.things:
        seen = thing.by(name)
        left |= {thing.inventory} if seen == "." else set()
        left |= {thing.source, thing.sink} if seen != "L" else set()
    return left


def checked(events: list[dict[str, Any]], whole: list[dict[str, Any]], left: set[str]) -> None:
    """That the events are the whole ones but for the subjects that are not shown."""
    assert len(events) == len(whole) >= SHARED
    assert {event["kind"] for event in events} >= ABOUT
    for event, entry in zip(events, whole, strict=True):
        kept = entry["kind"] not in ABOUT or entry["subject"]["id"] not in left
        # A key is of its organisation and the administrators: what keys are is tested elsewhere.
        if entry["kind"] != "API_KEY_ISSUED":
            assert event == entry | {"subject": entry["subject"] if kept else None}


# As few of the latest events as a process keeps as they were shown.
SHARED = 60


async def whole_feed(scene: Scene) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while page := (await scene.world.administrator.ask(EVENTS, after=str(len(found))))["events"]:
        found += page
    return found


@callers
async def test_events_by_a_query(scene: Scene, name: str) -> None:
    whole = await whole_feed(scene)
    found: list[dict[str, Any]] = []
    while page := (await scene.caller(name).ask(EVENTS, after=str(len(found))))["events"]:
        found += page
    checked(found, whole, hidden(scene, name))


@callers
async def test_events_by_server_sent_events(scene: Scene, name: str) -> None:
    """All callers follow with the very same request but for the key: nobody is shown what was shown to
    another."""
    whole = (await whole_feed(scene))[-SHARED:]
    after = str(int(whole[0]["position"]) - 1)
    secret = scene.caller(name).secret
    async with scene.api.client() as http:
        if secret is not None:
            http.headers["Authorization"] = f"Bearer {secret}"
        events: list[dict[str, Any]] = []
        async with aclosing(sse(http, FOLLOW, after=after)) as stream:  # type: ignore[type-var]
            async for _, data in stream:
                assert data is not None
                events.append(data["data"]["events"])
                if len(events) == len(whole):
                    break
    checked(events, whole, hidden(scene, name))


@callers
async def test_events_by_a_web_socket(scene: Scene, name: str) -> None:
    whole = (await whole_feed(scene))[-SHARED:]
    after = str(int(whole[0]["position"]) - 1)
    secret = scene.caller(name).secret
    async with socket(scene.api.address) as client:
        await client.initialise(**({} if secret is None else {"authorization": f"Bearer {secret}"}))
        await client.subscribe("log", FOLLOW, after=after)
        events = [(await client.receive(60))["payload"]["data"]["events"] for _ in whole]
    checked(events, whole, hidden(scene, name))


async def test_who_comes_with_a_revoked_key_is_not_shown_what_its_holder_was(scene: Scene) -> None:
    world = scene.world
    issued = await world.administrator.do(
        "issueApiKey", "secret apiKey { id }", organisation=world.verifier.organisation, label="x",
    )  # fmt: skip
    draft = next(thing.inventory for thing in scene.things if thing.status == "DRAFT")
    born = [event for event in await whole_feed(scene) if event["kind"] == "INVENTORY_CREATED"]
    at = next(int(event["position"]) for event in born if event["subject"]["id"] == draft)

    async def heard() -> dict[str, Any]:
        async with socket(scene.api.address) as client:
            await client.initialise(authorization=f"Bearer {issued['secret']}")
            await client.subscribe("log", FOLLOW, after=str(at - 1))
            payload: dict[str, Any] = (await client.receive(60))["payload"]
            return payload

    assert (await heard())["data"]["events"]["subject"]["id"] == draft
    await world.administrator.made("revokeApiKey", "apiKey { id }", apiKey=issued["apiKey"]["id"])
    after = await heard()
    assert after["data"]["events"]["subject"] is None
    assert after["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert draft not in json.dumps(after)


# With a key that is not in force one is told so, instead of being shown what is public.


@pytest.mark.parametrize(
    "asked",
    [
        "inventories { nodes { id } }",
        "pilots { nodes { inventories { totalCount } } }",
        "pilots { nodes { netEmissions(period: {year: 2022}) { netCo2e } } }",
        "pilotRanking(year: 2022) { totalCount }",
    ],
)
async def test_a_key_that_is_not_in_force(scene: Scene, asked: str) -> None:
    answer = (await Caller(scene.world.http, "nzc_nobody").post(f"{{ {asked} }}")).json()
    assert {e["extensions"]["code"] for e in answer["errors"]} == {"UNAUTHENTICATED"}
    public = await scene.world.anyone.ask(f"{{ {asked} }}")
    assert public


# Errors tell a stranger nothing.


@pytest.mark.parametrize("name", [n for n in SEEN if n not in {"anyone", "operator"}])
async def test_a_strangers_deed_is_refused_without_facts(scene: Scene, name: str) -> None:
    draft = next(t for t in scene.things if t.status == "DRAFT")
    line = LINE | {"activity": {"value": "1", "unit": "tCO2"}}
    deeds: list[tuple[str, str, dict[str, Any]]] = [
        ("submitInventory", "InventoryInput", {"inventory": draft.inventory}),
        ("verifyInventory", "InventoryInput", {"inventory": draft.inventory}),
        ("reviseInventory", "ReviseInventoryInput", {"inventory": draft.inventory}),
        ("removeInventoryLine", "RemoveInventoryLineInput", {"line": draft.source}),
        ("amendInventoryLine", "AmendInventoryLineInput", {"line": draft.source, "label": "x"}),
        ("amendInventory", "AmendInventoryInput", {"inventory": draft.inventory, "gwpSet": "SAR"}),
        ("discardInventory", "DiscardInventoryInput", {"inventory": draft.inventory}),
        ("recordEmissionSources", "RecordEmissionSourcesInput",
         {"inventory": draft.inventory, "sources": [line]}),
        ("recordSinks", "RecordSinksInput", {"inventory": draft.inventory, "sinks": [line]}),
    ]  # fmt: skip
    for verb, kind, given in deeds:
        if (name, verb) == ("verifier", "verifyInventory"):
            continue
        query = f"mutation ($input: {kind}!) {{ {verb}(input: $input) {{ __typename }} }}"
        answer = (
            await scene.caller(name).post(query, input=given | {"idempotencyKey": key()})
        ).json()
        assert answer["data"] is None
        [error] = answer["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        told = json.dumps(error, ensure_ascii=False)
        for fact in (draft.inventory, draft.source, draft.pilot["code"], "DRAFT", "草稿"):
            assert fact not in told


# The settings themselves.


async def test_a_pilot_is_public_and_its_lines_are_not_unless_it_says_so(world: World) -> None:
    query = """query ($id: ID!) { pilot(by: {id: $id}) { statementVisibility lineVisibility
        viewerSeesStatements } }"""
    for given, expected in (
        ({}, ("PUBLIC", "ROLES", True)),
        ({"lineVisibility": "PUBLIC"}, ("PUBLIC", "PUBLIC", True)),
        ({"statementVisibility": "ROLES"}, ("ROLES", "ROLES", False)),
    ):
        pilot = await world.pilot(**given)
        found = (await world.anyone.ask(query, id=pilot["id"]))["pilot"]
        assert tuple(found.values()) == expected


def test_a_request_without_settings_is_the_same_as_before_there_were_any() -> None:
    """So that one that was sent to the release before is not done again."""
    given: dict[str, Any] = {
        "code": "P", "variant": "TOWN", "name": None, "applicant_kind": None, "applicant_name": None,
        "division_code": "440100", "establishment": None, "operation_starts_on": None,
        "operator_id": 1, "surrounding_id": None, "periods": (),
    }  # fmt: skip
    before = Request.of("k", "registerPilot", given)
    assert Request.of("k", "registerPilot", RegisterPilot(**given).content) == before
    for name, setting in (
        ("line_visibility", Visibility.PUBLIC),
        ("statement_visibility", Visibility.ROLES),
    ):
        other = RegisterPilot(**given | {name: setting}).content
        assert Request.of("k", "registerPilot", other) != before


# The rule in Python is the one in SQL, which all of the above asked.


@pytest.mark.parametrize("role", Role)
def test_only_an_operator_runs_pilots(role: Role) -> None:
    """A registry that has the number of an operator, say, has not its pilots."""
    sight = sight_of(Principal(OrganisationId(7), ApiKeyId(8), role))
    assert (sight.operator_id == 7) is (role is Role.PILOT_OPERATOR)
