"""The lists at the root: searched, narrowed, ordered, counted, and walked from either end."""

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from nzc_api.access.credit_code import is_credit_code
from tests.auditing.acts import everything
from tests.conftest import Server, TestDatabase, client_of, fresh_database
from tests.counting import counted
from tests.world import World

GROUNDS = {"document": "粤环函〔2025〕1号", "reason": "x"}


class Filled:
    """A world with things to list; what tests need of it."""

    world: World
    database: TestDatabase
    done: dict[str, Any]
    town: dict[str, Any]
    building: dict[str, Any]
    late: dict[str, Any]
    project: str
    batches: list[str]


async def _measured(world: World, pilot: dict[str, Any], tonnes: str, *, verify: bool) -> None:
    inventory = await world.inventory(pilot)
    line = {
        "category": "OTHER", "label": "x", "factor": "measured.co2",
        "activity": {"value": tonnes, "unit": "tCO2"},
    }  # fmt: skip
    await world.record(inventory, line | {"category": CATEGORIES[pilot["variant"]]})
    await world.submit(inventory, verify=verify)


CATEGORIES = {"TOWN": "WASTE", "BUILDING_EXISTING": "ENERGY_CONSUMPTION"}


@pytest_asyncio.fixture(scope="module")
async def filled(server: Server, template: str) -> AsyncIterator[Filled]:
    async with fresh_database(server, template) as database, client_of(database.api_url) as http:
        made = Filled()
        made.database = database
        world = made.world = await World.make(http, database.api_url)
        made.done = await everything(world)
        names = {"zh": "广州南沙近零碳镇", "en": "Nansha Town"}
        made.town = await world.pilot("TOWN", 2022, name=names) | {"variant": "TOWN"}
        made.building = await world.pilot(
            "BUILDING_EXISTING", 2022, 2023, name={"zh": "100%绿色大厦", "en": "Green_Tower"}
        ) | {"variant": "BUILDING_EXISTING"}
        made.late = await world.pilot("PARK", 2023, administrativeDivision="440300")
        await _measured(world, made.town, "90", verify=True)
        await _measured(world, made.building, "7", verify=False)
        made.project = await world.project(name={"zh": "南沙红树林", "en": "Mangroves of Nansha"})
        made.batches = [
            await world.issue(made.project, f"GD-L{n}", 1, 100, production={"vintage": 2021 + n})
            for n in range(3)
        ]
        for n, pilot in enumerate((made.town, made.building)):
            given = world.retirement(
                pilot, f"GD-L{n}", 1, 5, retiredOn=f"2024-0{n + 5}-01", registryReference=f"R/{n}"
            )
            await world.registry.made("retireCredits", "retirement { id }", **given)
        for verb, batch in (("freezeCredits", 1), ("invalidateCredits", 2)):
            target = {"batch": made.batches[batch]}
            await world.registry.made(verb, "posting { id }", target=target, **GROUNDS)
        yield made


async def found(filled: Filled, query: str, **given: Any) -> list[Any]:
    """The nodes of the one list of a query, which says rightly how many there are."""
    data = await filled.world.auditor.ask(query, **given)
    (listed,) = data.values()
    assert listed["totalCount"] == len(listed["nodes"])
    return list(listed["nodes"])


PILOTS = """query ($filter: PilotFilterInput, $order: PilotOrder) {
    pilots(filter: $filter, orderBy: $order, first: 100) { totalCount nodes { id code } } }"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("南沙", ["town"]), ("沙", ["town"]), ("NANSHA t", ["town"]), ("0%", ["building"]),
        ("_", ["building"]), ("%", ["building"]), (" Tower ", ["building"]), ("沙南", []),
        ("镇Nan", []), ("零碳镇\\nNan", []),
    ],
)  # fmt: skip
async def test_pilots_are_searched_in_both_languages(
    filled: Filled, text: str, names: list[str]
) -> None:
    ids = [p["id"] for p in await found(filled, PILOTS, filter={"text": text})]
    assert ids == [getattr(filled, name)["id"] for name in names]


async def test_pilots_are_searched_by_their_code(filled: Filled) -> None:
    code = filled.late["code"]
    assert filled.late["id"] in [
        p["id"] for p in await found(filled, PILOTS, filter={"text": code})
    ]


@pytest.mark.parametrize("text", ["", "  ", "x" * 101])
async def test_a_search_for_nothing_or_too_much(filled: Filled, text: str) -> None:
    error = await filled.world.anyone.fail(PILOTS, filter={"text": text})
    assert error["extensions"]["code"] == "INVALID_INPUT"


async def test_projects_and_organisations_are_searched(filled: Filled) -> None:
    query = """query ($text: String!) { projects(filter: {text: $text}) {
        totalCount nodes { id } } }"""
    for text in ("红树林", "of nansha"):
        assert await found(filled, query, text=text) == [{"id": filled.project}]
    query = """query ($text: String!) { organisations(name: $text) {
        totalCount nodes { id name { zh en } } } }"""
    every = await filled.world.anyone.ask(
        "{ organisations(first: 100) { nodes { id name { zh en } } } }"
    )
    wanted = every["organisations"]["nodes"][0]
    for text in wanted["name"].values():
        assert wanted in await found(filled, query, text=text)


async def test_pilots_of_several_kinds_and_cities(filled: Filled) -> None:
    async def codes(**given: Any) -> set[str]:
        return {p["id"] for p in await found(filled, PILOTS, filter=given)}

    both = await codes(kinds=["TOWN", "PARK"])
    assert {filled.town["id"], filled.late["id"]} <= both
    assert filled.building["id"] not in both
    assert await codes(kinds=["TOWN", "PARK"], kind="PARK") == {filled.late["id"]}
    assert await codes(kinds=["TOWN", "PARK"], variants=["BUILDING_EXISTING"]) == set()
    assert await codes(administrativeDivisions=["440300", "440500"]) == {filled.late["id"]}
    error = await filled.world.anyone.fail(
        PILOTS, filter={"administrativeDivisions": ["440300"] * 22}
    )
    assert error["extensions"]["code"] == "INVALID_INPUT"


WALK = """query ($order: PilotOrder, $first: Int, $after: String, $last: Int, $before: String) {
    pilots(orderBy: $order, %s) { totalCount nodes { id code name { zh en } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["CODE", "REGISTERED", "NAME_ZH", "NAME_EN"])
async def test_a_list_is_walked_from_either_end(filled: Filled, field: str, direction: str) -> None:
    order = {"field": field, "direction": direction}
    forth: list[Any] = []
    page: dict[str, Any] = {"pageInfo": {"endCursor": None, "hasNextPage": True}}
    query = WALK.replace("$first: Int,", "$first: Int!,") % "first: $first, after: $after"
    query = query.replace(", $last: Int, $before: String", "")
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        data = await filled.world.anyone.ask(query, order=order, first=2, after=after)
        page = data["pilots"]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        forth += page["nodes"]
    assert len(forth) == page["totalCount"]
    keys = {
        "CODE": lambda p: p["code"],
        "NAME_ZH": lambda p: p["name"]["zh"],
        "NAME_EN": lambda p: p["name"]["en"],
    }
    if field in keys:
        shown = [keys[field](pilot) for pilot in forth]
        assert shown == sorted(shown, reverse=direction == "DESC")
    query = WALK.replace("$first: Int, $after: String, ", "") % "last: $last, before: $before"
    back: list[Any] = []
    before, more = None, True
    while more:
        data = await filled.world.anyone.ask(query, order=order, last=2, before=before)
        page = data["pilots"]
        assert page["pageInfo"]["hasNextPage"] == (before is not None)
        back = page["nodes"] + back
        before, more = page["pageInfo"]["startCursor"], page["pageInfo"]["hasPreviousPage"]
    assert back == forth


@pytest.mark.parametrize(
    "arguments",
    [
        "first: 5, last: 5", "last: 0", "last: 101", 'before: "YWZ0ZXI6MQ"',
        'last: 5, after: "YWZ0ZXI6MQ"', 'last: 5, before: "x"',
    ],
)  # fmt: skip
async def test_which_arguments_go_together(filled: Filled, arguments: str) -> None:
    error = await filled.world.anyone.fail(f"{{ projects({arguments}) {{ nodes {{ id }} }} }}")
    assert error["extensions"]["code"] == "INVALID_INPUT"


RETIREMENTS = """query ($filter: RetirementFilterInput) { retirements(filter: $filter, first: 100) {
    totalCount nodes { id position retiredOn registryReference pilot { id } } } }"""


async def test_retirements_are_narrowed(filled: Filled) -> None:
    world = filled.world
    every = await found(filled, RETIREMENTS)
    of_town, of_building = every[-2:]
    assert of_town["pilot"] == {"id": filled.town["id"]}
    holder = world.holder.organisation
    for narrowed, wanted in (
        ({"pilots": [filled.town["id"]]}, [of_town]),
        ({"pilots": [filled.town["id"], filled.building["id"]]}, [of_town, of_building]),
        ({"pilots": []}, []),
        ({"registryReference": "R/1"}, [of_building]),
        ({"retiredOn": {"from": "2024-05-01", "to": "2024-05-01"}}, [of_town]),
        ({"project": filled.project}, [of_town, of_building]),
        ({"project": filled.project, "vintage": 2022}, [of_building]),
        ({"programmes": ["PHCER"]}, []),
        ({"holder": holder, "project": filled.project}, [of_town, of_building]),
        ({"holder": world.operator.organisation, "project": filled.project}, []),
        ({"postedAt": {"to": "2000-01-01T00:00:00Z"}}, []),
        ({"postedAt": {"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}}, every),
    ):
        assert await found(filled, RETIREMENTS, filter=narrowed) == wanted, narrowed
    at = await world.anyone.ask(
        "query ($id: ID!) { node(id: $id) { ... on Retirement { postedAt } } }", id=of_town["id"]
    )
    at = at["node"]["postedAt"]
    assert of_town in await found(filled, RETIREMENTS, filter={"postedAt": {"from": at, "to": at}})
    error = await world.anyone.fail(RETIREMENTS, filter={"pilots": [filled.town["id"]] * 101})
    assert error["extensions"]["code"] == "INVALID_INPUT"


async def test_requests_are_narrowed(filled: Filled) -> None:
    query = """query ($filter: RetirementRequestFilterInput) { retirementRequests(filter: $filter) {
        totalCount nodes { id outcome pilot { id } holder { id } accountingPeriod { id } } } }"""
    every = await found(filled, query)
    assert {one["outcome"] for one in every} == {"CONFIRMED", "CANCELLED", "OPEN"}
    for outcome in ("CONFIRMED", "CANCELLED", "OPEN", "EXPIRED"):
        assert await found(filled, query, filter={"outcome": outcome}) == [
            one for one in every if one["outcome"] == outcome
        ]
    for field in ("pilot", "holder", "accountingPeriod"):
        for value in {one[field]["id"] for one in every}:
            narrowed = {"pilots": [value]} if field == "pilot" else {field: value}
            assert await found(filled, query, filter=narrowed) == [
                one for one in every if one[field]["id"] == value
            ]
    assert await found(filled, query, filter={"programmes": ["CCER"]}) == every
    assert await found(filled, query, filter={"programmes": ["PHCER"]}) == []


BATCHES = """query ($filter: CreditBatchFilterInput) { creditBatches(filter: $filter, first: 100) {
    totalCount nodes { id } } }"""


async def test_batches_by_holder_and_status(filled: Filled) -> None:
    async def ids(**given: Any) -> list[str]:
        return [batch["id"] for batch in await found(filled, BATCHES, filter=given)]

    usable, frozen, invalidated = filled.batches
    assert await ids(status="FROZEN", project=filled.project) == [frozen]
    assert await ids(status="INVALIDATED", project=filled.project) == [invalidated]
    assert await ids(status="IN_FORCE", project=filled.project) == [usable]
    assert await ids(status="EXPORTED", project=filled.project) == []
    every = [batch["id"] for batch in await found(filled, BATCHES)]
    by_status = [await ids(status=one) for one in ("IN_FORCE", "FROZEN", "INVALIDATED", "EXPORTED")]
    assert sorted(batch for of_status in by_status for batch in of_status) == sorted(every)
    holdings = """query ($id: ID!) { node(id: $id) { ... on Organisation {
        holdings(first: 100) { nodes { batch { id } } } } } }"""
    for holder in (filled.world.holder.organisation, filled.done["other"]):
        data = await filled.world.anyone.ask(holdings, id=holder)
        held = [item["batch"]["id"] for item in data["node"]["holdings"]["nodes"]]
        assert await ids(holder=holder) == held


async def test_the_ranking_of_pilots(filled: Filled) -> None:
    query = """query ($by: RankedBy!, $direction: Direction!) {
        pilotRanking(year: 2022, by: $by, direction: $direction, filter: {kinds: [TOWN, BUILDING, PARK]}) {
            totalCount nodes { pilot { id code } netEmissions { netCo2e assurance } } } }"""
    for by in ("NET", "ASSURANCE"):
        for direction in ("ASC", "DESC"):
            rows = await found(filled, query, by=by, direction=direction)
            keys = [_ranked_by(row["netEmissions"], by) for row in rows]
            values = [key for key in keys if key is not None]
            assert values == sorted(values, reverse=direction == "DESC")
            assert len(values) >= 2
            unknown = rows[len(values) :]
            assert keys == [*values, *[None] * len(unknown)], "what is not known comes last"
            codes = [row["pilot"]["code"] for row in unknown]
            assert codes == sorted(codes)
            assert {"id": filled.late["id"]} in [{"id": row["pilot"]["id"]} for row in unknown]
            assert by == "ASSURANCE" or any(row["netEmissions"] for row in unknown)
    for row in rows:
        one = await filled.world.auditor.ask(
            """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
                netCo2e assurance } } }""",
            id=row["pilot"]["id"],
        )
        assert one["pilot"]["netEmissions"] == row["netEmissions"]


def _ranked_by(statement: Any, by: str) -> Decimal | int | None:
    if statement is None:
        return None
    if by == "ASSURANCE":
        return ["VERIFIED", "MIXED", "SUBMITTED", "NONE"].index(statement["assurance"])
    return None if statement["netCo2e"] is None else Decimal(statement["netCo2e"])


async def test_how_many_pilots_there_are(filled: Filled) -> None:
    data = await filled.world.anyone.ask(
        """{ pilotCounts { total byKind { kind count }
            byAdministrativeDivision { count administrativeDivision { code } } }
            pilots(first: 100) { totalCount nodes { kind administrativeDivision { code } } } }"""
    )
    counts, pilots = data["pilotCounts"], data["pilots"]["nodes"]
    assert counts["total"] == len(pilots)
    for row in counts["byKind"]:
        assert row["count"] == sum(pilot["kind"] == row["kind"] for pilot in pilots)
    for row in counts["byAdministrativeDivision"]:
        city = row["administrativeDivision"]
        assert row["count"] == sum(p["administrativeDivision"] == city for p in pilots)
    assert (len(counts["byKind"]), len(counts["byAdministrativeDivision"])) == (6, 21)


async def test_the_latest_period(filled: Filled) -> None:
    query = "query ($id: ID!) { pilot(by: {id: $id}) { latestPeriod { startsOn } } }"
    data = await filled.world.anyone.ask(query, id=filled.building["id"])
    assert data["pilot"]["latestPeriod"] == {"startsOn": "2023-01-01"}
    none = await filled.world.pilot("TOWN", accountingPeriods=[])
    assert (await filled.world.anyone.ask(query, id=none["id"]))["pilot"]["latestPeriod"] is None


# Of two companies, as they are published.
REAL = ("9144030071526726XG", "914403001922038216")


@pytest.mark.parametrize("code", REAL)
def test_credit_codes_check_themselves(code: str) -> None:
    assert is_credit_code(code)
    for place, char in enumerate(code):
        for other in "0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ":
            assert is_credit_code(code[:place] + other + code[place + 1 :]) == (other == char)
    assert not is_credit_code(code[:-1])
    assert not is_credit_code(code.replace("X", "x").replace("8", "８"))


async def test_an_organisation_by_its_credit_code(filled: Filled) -> None:
    world = filled.world
    given = {
        "name": {"zh": "公司", "en": "Company"},
        "role": "CREDIT_HOLDER",
        "creditCode": REAL[0],
    }
    made = await world.administrator.made(
        "registerOrganisation", "organisation { id creditCode }", **given
    )
    assert made["creditCode"] == REAL[0]
    query = """query ($code: String!) { organisations(creditCode: $code) {
        totalCount nodes { id } } }"""
    assert await found(filled, query, code=REAL[0]) == [{"id": made["id"]}]
    assert await found(filled, query, code=REAL[1]) == []
    refused = await world.administrator.refused("registerOrganisation", **given)
    assert (refused["code"], refused["path"]) == ("CREDIT_CODE_TAKEN", ["input", "creditCode"])
    for wrong in ("", REAL[0][:-1] + "H", REAL[0].lower()):
        refused = await world.administrator.refused(
            "registerOrganisation", **(given | {"creditCode": wrong})
        )
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "creditCode"])


# What is asked, and the index by which the statement reads.
READ_BY = {
    'pilots(filter: {text: "南沙"}) { nodes { id } }': "pilot_search_idx",
    'projects(filter: {text: "南沙"}) { nodes { id } }': "project_search_idx",
    'organisations(name: "登记") { nodes { id } }': "organisation_search_idx",
    'organisations(creditCode: "x") { nodes { id } }': "organisation_credit_code_key",
    "pilots(orderBy: {field: NAME_ZH}) { nodes { id } }": "pilot_name_zh_id_idx",
    "pilots(orderBy: {field: NAME_EN, direction: DESC}) { nodes { id } }": "pilot_name_en_id_idx",
    "retirements { nodes { id } }": "log_entry_retired_idx",
    "retirements(last: 5) { nodes { id } }": "log_entry_retired_idx",
    'retirements(filter: {registryReference: "R/1"}) { nodes { id } }': "log_entry_reference_idx",
    'retirements(filter: {pilots: ["TOWN"]}) { nodes { id } }': "movement_credit_id_position_idx",
    'creditBatches(filter: {holder: "HOLDER"}) { nodes { id } }': "available_lot_order_idx",
}


@pytest.mark.parametrize("asked", READ_BY)
async def test_each_is_read_by_an_index(filled: Filled, asked: str) -> None:
    """As planned of any values. Where a table is too small to show it, PostgreSQL is told not to read
    it whole."""
    query = asked.replace("HOLDER", filled.world.holder.organisation)
    query = query.replace("TOWN", filled.town["id"])
    with counted() as statements:
        await filled.world.anyone.ask(f"{{ {query} }}")
    connection = await asyncpg.connect(filled.database.owner_url)
    try:
        await connection.execute(
            "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan"
        )
        plans = [await plan(connection, statement) for statement in statements]
    finally:
        await connection.close()
    assert any(READ_BY[asked] in planned for planned in plans), plans


async def plan(connection: asyncpg.Connection, statement: str) -> str:
    """How PostgreSQL would run the statement, whatever its values are."""
    count = len(set(re.findall(r"\$\d+", statement)))
    values = f"({', '.join(['NULL'] * count)})" if count else ""
    await connection.execute(f"PREPARE asked AS {statement}")
    rows = await connection.fetch(f"EXPLAIN EXECUTE asked{values}")
    await connection.execute("DEALLOCATE asked")
    return "\n".join(row[0] for row in rows)
