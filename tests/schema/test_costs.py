"""What an operation is reckoned to take is no less than what it takes."""

from functools import partial
from typing import Any

import pytest_asyncio
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from nzc_api.database.engine import Database
from nzc_api.schema.feed.types import SUBJECTS as KINDS_OF_SUBJECTS
from nzc_api.schema.kit.connections import DEFAULT_FIRST
from nzc_api.schema.schema import schema
from nzc_api.services import Nzc
from nzc_api.shortcuts.handles import core_schema
from tests.auditing.acts import everything
from tests.auditing.reconciling import handed_in
from tests.conftest import TestDatabase
from tests.counting import least, reckoned
from tests.evaluation.evaluating import all_done
from tests.evidence.test_documents import document
from tests.finance.financing import allocation, financed, pledge
from tests.management import managing
from tests.measures.planning import analysed, planned, progressed, verified_effect
from tests.metering.test_meters import meter
from tests.monitoring.explaining import explained
from tests.plans.drafting import CONCRETE, approved, completed, package
from tests.proposing import another_key, approve, propose, serials_of
from tests.selection.applying import claimed, decision, judged, opened, submitted
from tests.targets.stating import with_target
from tests.webhooks.registering import every_way
from tests.world import SINK_BASIS, World

TYPES = core_schema(schema).type_map

SUBJECTS = """query ($after: BigInt = "0") {
    events(first: 100, after: $after) { position subject { __typename id } } }"""


async def fits(world: World, query: str, **given: Any) -> tuple[int, int]:
    """How many statements the query took, and how many were reckoned."""
    taken = await least(lambda: world.administrator.ask(query, **given))
    most = reckoned(query, given).statements
    assert taken <= most, (query, taken, most)
    return taken, most


async def counts(world: World, query: str, node_id: str, name: str) -> None:
    """Whether a list, if it is one, has as many as it says."""
    found = (await world.administrator.ask(query, id=node_id))["node"][name]
    if isinstance(found, dict) and "totalCount" in found:
        assert min(found["totalCount"], DEFAULT_FIRST) == len(found["nodes"]), (query, found)


def selection(name: str, field: GraphQLField) -> str:
    kind: Any = get_named_type(field.type)
    if is_leaf_type(kind):
        return name
    if not kind.name.endswith("Connection"):
        return f"{name} {{ __typename }}"
    counted = "totalCount" if "totalCount" in kind.fields else ""
    return f"{name} {{ {counted} nodes {{ __typename }} }}"


@pytest_asyncio.fixture
async def filled(world: World, database: TestDatabase) -> World:
    """A world with a thing of every kind."""
    await everything(world)
    second, _ = await another_key(world, world.registry)
    proposal = await propose(world.registry, invalidateCredits=serials_of("GD-E", 701, 705))
    await approve(second, proposal["id"])
    town = await world.pilot("TOWN", 2022)
    inside = await world.pilot("BUILDING_EXISTING", 2022, surroundingPilot=town["id"])
    line = {
        "category": "OTHER", "label": "x", "factor": "measured.co2",
        "activity": {"value": "5", "unit": "tCO2"},
    }  # fmt: skip
    for pilot in (town, inside):
        inventory = await world.inventory(pilot)
        await world.record(inventory, line)
        await world.record(inventory, line | {"category": "LUCF"} | SINK_BASIS, sinks=True)
        await world.submit(inventory)
    await world.issue(await world.project(pilot=inside["id"]), "GD-IN", 1, 10)
    metered = await meter(world, inside)
    item = {"meter": metered["id"], "at": "2024-01-01T00:00:00+08:00", "value": "1"}
    await world.operator.made("recordReadings", "batch { id }", items=[item])
    area = {"denominatorKind": "FLOOR_AREA", "firstDay": "2024-01-01", "lastDay": "2024-12-31", "value": "1",
            "source": "D-1"}  # fmt: skip
    await world.operator.made("recordDenominator", "denominator { id }", pilot=inside["id"], **area)
    await explained(world)
    async with Nzc.on(Database(database.api_url)).running() as nzc:
        assert await nzc.services.watch.watch() > 0
    aimed = await with_target(world)
    given = document(aimed["target"])
    await world.operator.made("attachDocument", "document { id }", **given)
    running = await planned(world, aimed["id"])
    await progressed(world, running, "RUNNING", "2024-03-01")
    await verified_effect(world, running)
    await planned(world, aimed["id"], excludes=[running])
    await analysed(world, aimed)
    paid = {"allocations": [allocation(running, "1")], "pledges": [pledge(running, "1")]}
    await financed(world, aimed["id"], **paid)
    await managing.appointed(world, await managing.established(world, aimed["id"]))
    for manage in (managing.assigned, managing.published, managing.kept_up):
        await manage(world, aimed["id"])
    plan = await approved(world, aimed["id"], packages=[package(running)], materials=[CONCRETE])
    await completed(world, plan)
    await all_done(world)
    await every_way(world)
    application = await opened(world)
    await claimed(world, application, "BUILDING-2", documents=1)
    await submitted(world, application)
    await judged(world, application, "BUILDING-2")
    selected = decision(application, "SELECTED", "CHOSEN")
    await world.regulator.made("decideApplication", "application { id }", **selected)
    await handed_in(world.registry, "serials,status\nGD-E-1,held\n")
    return world


async def happened(world: World) -> list[Any]:
    """Every event with its subject."""
    found: list[Any] = []
    while True:
        after = found[-1]["position"] if found else "0"
        page = (await world.administrator.ask(SUBJECTS, after=after))["events"]
        if not page:
            return found
        found += page


async def test_no_field_takes_more_than_it_says(filled: World) -> None:
    found = await happened(filled)
    ids = {event["subject"]["__typename"]: event["subject"]["id"] for event in found}
    assert ids.keys() == set(KINDS_OF_SUBJECTS.values())
    for kind, node_id in ids.items():
        node = TYPES[kind]
        assert isinstance(node, GraphQLObjectType)
        for name, field in node.fields.items():
            if not any(is_required_argument(argument) for argument in field.args.values()):
                query = "query ($id: ID!) { node(id: $id) { ... on %s { %s } } }"
                query %= (kind, selection(name, field))
                await fits(filled, query, id=node_id)
                await counts(filled, query, node_id, name)


NET = "netEmissions(period: {year: 2022})"

ASKED = (
    SUBJECTS,
    """{ pilots { nodes { targetStatus(period: {year: 2023}) { status reasons { reason } target {
        pilot { code } baseline { accountingPeriod { startsOn } } } netEmissions { netCo2e } } } } }""",
    f"{{ pilots {{ nodes {{ code {NET} {{ netCo2e }} }} }} }}",
    f"""{{ pilots(first: 2) {{ nodes {{ surroundingPilots {{ nodes {{ code }} }}
        pilotsInside {{ nodes {{ code }} }} creditStatement {{ nodes {{ balance }} }}
        {NET} {{ purchasedReductions {{ retirements {{ nodes {{ movements {{ nodes {{
            serials {{ text }} debit {{ organisation {{ id }} }} }} }} }} }} }} }} }} }} }}""",
    """{ pilots { nodes { accountingPeriods { nodes { netEmissions { netCo2e }
        retirements { nodes { holder { id } correction { id } } } } } } } }""",
    """{ creditBatches { nodes { frozen { id } tiling { nodes { account { kind } } }
        beneficiaries { nodes { pilot { code } } } suspectedDoubles { nodes { other { id } } } } } }""",
    """{ creditsByVintage(programme: CCER, vintage: 2022) { quantity
        beneficiaries { nodes { quantity } } } }""",
    """{ creditSerial(by: {programme: CCER, text: "GD-IN-1"}, asOf: {at: "2100-01-01T00:00:00Z"}) {
        life { nodes { event { subject { id } } } } } }""",
    """{ creditBatch(by: {serial: {programme: CCER, text: "GD-IN-1"}}) { id } }""",
    '{ positionAt(at: "2100-01-01T00:00:00Z") }',
    "{ ledgerHealth { sound } }",
    """{ pilots { nodes { meters { totalCount nodes { submeters { nodes { code } } parent { code }
        gateway { meters { nodes { code } } } pilot { metersNamed(by: {code: "E-1"}) { code } }
        readings { nodes { value } }
        consumption(from: "2024-01-01", to: "2024-12-31") { quantity } } } } } }""",
    """{ pilots(first: 2) { nodes { energyBaselines { nodes { points pilot { code }
        performance(from: "2022-01-01", to: "2022-06-30") { saving points { saving } } } } } } }""",
    """{ pilots(first: 2) { nodes { denominators { totalCount nodes { value pilot { code } } }
        monitoring(from: "2024-01-01", to: "2024-12-31") { series { unit } intensities { unit }
            alerts { since meter { code } } } } } }""",
    "{ organisations { nodes { holdings { nodes { quantity batch { id } } } } } }",
    "{ inventories { nodes { emissionSources { nodes { co2e } } sinks { nodes { co2e } } } } }",
    """{ inventories { nodes { emissionSources { nodes { explain { meterBasis { quantityNow meter { code }
        readings { nodes { value } } } } } } } } }""",
    """{ factorChangeImpact(to: {gwpSet: SAR}) { totalCount
        nodes { grossCo2eAfter unfitLines { line { id } } } } }""",
    """{ proposals { totalCount nodes { proposedBy { id } endedBy { id } endedWith batch { id } block { first }
        posting { proposal { id } } } } }""",
    "{ projects { nodes { beneficiaries { nodes { quantity } } enrolments { number } } } }",
)


async def test_no_query_takes_more_than_was_reckoned(filled: World) -> None:
    for query in ASKED:
        await fits(filled, query)
    pilots = (await filled.anyone.ask("{ pilots { nodes { id } } }"))["pilots"]["nodes"]
    portfolio = """query ($pilots: [ID!]!) { portfolioNetEmissions(pilots: $pilots, year: 2022) {
        netCo2e } }"""
    taken, most = await fits(filled, portfolio, pilots=[pilot["id"] for pilot in pilots])
    assert most <= 2 * taken, "nor is it reckoned at much more"


async def test_no_preview_takes_more_than_was_reckoned(world: World) -> None:
    """Its statement: what is done besides is the mutation's own, whatever is asked of what it shows."""
    pilot = await world.pilot()
    await world.project(pilot=pilot["id"])
    inventory = await world.inventory(pilot)
    line = {
        "category": "ENERGY_CONSUMPTION", "label": "x", "factor": "elec.guangdong.avg.2022",
        "activity": {"value": "5", "unit": "kWh"},
    }  # fmt: skip
    await world.record(inventory, line)
    query = """mutation ($input: InventoryInput!) { submitInventory(input: $input) {
        ... on InventoryPreview { status %s } } }"""
    given = {"input": {"idempotencyKey": "dry", "inventory": inventory, "dryRun": True}}
    taken, most = [], []
    for asked in ("", "statement { netCo2e }"):
        document = query % asked
        taken.append(await least(partial(world.operator.ask, document, **given)))
        most.append(reckoned(document, given).statements)
    assert 1 <= taken[1] - taken[0] <= most[1] - most[0] <= 2 * (taken[1] - taken[0]), (taken, most)


def test_what_goes_through_a_whole_inventory_keeps_nobody_waiting() -> None:
    verbs = ("reviseInventory", "amendInventory", "amendInventoryLine", "removeInventoryLine")
    for verb in verbs:
        name = verb[0].upper() + verb[1:]
        document = f"mutation ($i: {name}Input!) {{ {verb}(input: $i) {{ __typename }} }}"
        assert reckoned(document, {}).dear, verb


def test_what_computes_much_keeps_nobody_waiting() -> None:
    days = 'from: "2024-01-01", to: "2024-12-31", step: DAY'
    for field in (
        f"monitoring({days}) {{ series {{ unit }} }}",
        'abatementCurve(year: 2030, rate: "0.05") { year }',
        "plan { version }",
        "plans(first: 1) { nodes { version } }",
        "lifeCycle { inventoryCount }",
        "evaluations(first: 1) { nodes { result { resultCo2e } } }",
        "financings(first: 1) { nodes { amount } }",
        "financingSums { product }",
        "duties(first: 1) { nodes { actualCo2e } }",
        "duties(first: 1) { nodes { unknown } }",
    ):
        assert reckoned(f'{{ pilot(by: {{code: "X"}}) {{ {field} }} }}', {}).dear, field


def test_what_a_range_comes_to_keeps_nobody_waiting() -> None:
    """Of an evaluation up to 20 pilots and all their periods are reckoned."""
    found = '{ node(id: "x") { ... on Evaluation { result { resultCo2e } } } }'
    assert reckoned(found, {}).dear


def test_a_page_of_events_keeps_nobody_waiting() -> None:
    """One event may have 5,000 lines for its facts, and 5,000 entries are looked at for none."""
    assert reckoned("{ eventPage(first: 1) { events { payload { schema } } } }", {}).dear
    assert reckoned("{ eventPage(first: 1, filter: {kinds: []}) { scannedPosition } }", {}).dear


def test_what_is_given_much_keeps_nobody_waiting() -> None:
    line = {"label": "x", "activity": {"value": "1", "unit": "kWh"}}
    literal = '{label: "x", activity: {value: "1", unit: "kWh"}}'
    variable = "mutation ($i: CreateInventoryInput!) { createInventory(input: $i) { __typename } }"
    for many, dear in ((10, False), (100, True)):
        given = {"i": {"sources": [line] * many}}
        assert reckoned(variable, given).dear is dear
        written = f"createInventory(input: {{sources: [{literal * many}]}}) {{ __typename }}"
        assert reckoned(f"mutation {{ {written} }}", {}).dear is dear
        spread = f"mutation {{ ...f }} fragment f on Mutation {{ {written} }}"
        assert reckoned(spread, {}).dear is dear
