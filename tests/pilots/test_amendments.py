"""A pilot's facts are amended, as of positions: what was read before is read again as of then."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import TestDatabase, client_of
from tests.world import Caller, World, key

FACTS = """name { zh en } applicantName { zh en } operationStartsOn closedOn statementVisibility
    lineVisibility"""
PILOT = f"""query ($id: ID!, $at: BigInt) {{ pilot(by: {{id: $id}}, asOf: $at) {{ id code {FACTS} }} }}"""
AMENDMENTS = f"""query ($id: ID!, $first: Int!, $after: String) {{ pilot(by: {{id: $id}}) {{
    amendments(first: $first, after: $after) {{ totalCount pageInfo {{ hasNextPage endCursor }}
        nodes {{ position changed before {{ {FACTS} }} after {{ {FACTS} }} }} }} }} }}"""

LINE = {
    "category": "ENERGY_CONSUMPTION", "label": "x", "factor": "measured.co2",
    "activity": {"value": "5", "unit": "tCO2"},
}  # fmt: skip

# What each fact may be amended to, and what of the schema it then is.
CHANGES: dict[str, Any] = {
    "name": {"zh": "新名", "en": "New name"},
    "applicantName": {"zh": "新单位", "en": "New body"},
    "operationStartsOn": "2016-02-29",
    "closedOn": "2023-12-31",
    "statementVisibility": "ROLES",
    "lineVisibility": "PUBLIC",
}
FACT = {
    "name": "NAME", "applicantName": "APPLICANT_NAME", "operationStartsOn": "OPERATION_STARTS_ON",
    "closedOn": "CLOSED_ON", "statementVisibility": "STATEMENT_VISIBILITY",
    "lineVisibility": "LINE_VISIBILITY",
}  # fmt: skip


async def amend(world: World, pilot: dict[str, Any], **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = await world.operator.made(
        "amendPilot", f"pilot {{ {FACTS} }}", pilot=pilot["id"], **changes
    )
    return made


async def facts(caller: Caller, pilot: dict[str, Any], at: int | None = None) -> Any:
    found = await caller.ask(PILOT, id=pilot["id"], at=None if at is None else str(at))
    return found["pilot"] and {
        name: value for name, value in found["pilot"].items() if name not in {"id", "code"}
    }


async def test_each_fact_alone_and_as_of_each_position(world: World) -> None:
    pilot = await world.pilot()
    seen = [(await world.head(), await facts(world.anyone, pilot))]
    for name, value in CHANGES.items():
        made = await amend(world, pilot, **{name: value})
        assert made == seen[-1][1] | {name: value}, "the others stay"
        seen.append((await world.head(), made))
    assert [at for at, _ in seen] == list(range(seen[0][0], seen[0][0] + 7)), "an entry each"
    for at, then in seen:
        assert await facts(world.anyone, pilot, at) == then
    assert await facts(world.anyone, pilot) == seen[-1][1]

    found = await world.anyone.ask(AMENDMENTS, id=pilot["id"], first=100)
    amendments = found["pilot"]["amendments"]
    assert amendments["totalCount"] == 6
    assert [node["position"] for node in amendments["nodes"]] == [str(at) for at, _ in seen[1:]]
    assert [node["changed"] for node in amendments["nodes"]] == [[FACT[name]] for name in CHANGES]
    assert [node["before"] for node in amendments["nodes"]] == [then for _, then in seen[:-1]]
    assert [node["after"] for node in amendments["nodes"]] == [then for _, then in seen[1:]]

    events = await world.anyone.ask(
        """query ($after: BigInt!) { events(after: $after) { kind subject { id }
            organisation { id } } }""",
        after=str(seen[0][0]),
    )
    assert events["events"] == 6 * [
        {
            "kind": "PILOT_AMENDED",
            "subject": {"id": pilot["id"]},
            "organisation": {"id": world.operator.organisation},
        }
    ]


async def test_several_at_once_are_one_amendment(world: World) -> None:
    pilot = await world.pilot()
    before = await world.head()
    await amend(world, pilot, **CHANGES)
    assert await world.head() == before + 1
    found = await world.anyone.ask(AMENDMENTS, id=pilot["id"], first=1)
    [node] = found["pilot"]["amendments"]["nodes"]
    assert node["changed"] == list(FACT.values())
    assert node["after"] == CHANGES
    assert not found["pilot"]["amendments"]["pageInfo"]["hasNextPage"]


async def test_amendments_are_pages(world: World) -> None:
    pilot = await world.pilot()
    for number in range(5):
        await amend(world, pilot, name={"zh": f"名{number}", "en": f"Name {number}"})
    read: list[str] = []
    after = None
    while True:
        page = (await world.anyone.ask(AMENDMENTS, id=pilot["id"], first=2, after=after))["pilot"]
        page = page["amendments"]
        read += [node["after"]["name"]["en"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert read == [f"Name {number}" for number in range(5)]


async def test_before_it_was_registered_there_was_no_pilot(world: World) -> None:
    before = await world.head()
    pilot = await world.pilot()
    assert await facts(world.anyone, pilot, before) is None
    assert await facts(world.anyone, pilot, before + 1) is not None
    error = await world.anyone.fail(PILOT, id=pilot["id"], at=str(await world.head() + 1))
    assert error["extensions"]["inputPath"] == ["asOf"]


async def test_what_is_so_already_changes_nothing(world: World) -> None:
    pilot = await world.pilot(lineVisibility="PUBLIC")
    head = await world.head()
    for changes in ({}, {"lineVisibility": "PUBLIC"}, {"closedOn": None}):
        assert (await amend(world, pilot, **changes))["lineVisibility"] == "PUBLIC"
    assert await world.head() == head


async def test_a_day_is_taken_back_by_null_and_a_name_is_not(world: World) -> None:
    pilot = await world.pilot("BUILDING_NEW", operationStartsOn="2020-01-01")
    await amend(world, pilot, closedOn="2023-12-31")
    opened = await amend(world, pilot, closedOn=None, operationStartsOn=None)
    assert (opened["closedOn"], opened["operationStartsOn"]) == (None, None)
    for name in ("name", "applicantName", "statementVisibility", "lineVisibility"):
        payload = await world.operator.refused("amendPilot", pilot=pilot["id"], **{name: None})
        assert (payload["code"], payload["path"]) == ("INVALID_INPUT", ["input", name])


async def test_the_same_request_again_is_a_replay(world: World) -> None:
    pilot = await world.pilot()
    given = {"pilot": pilot["id"], "closedOn": "2023-12-31", "idempotencyKey": key()}
    first = await world.operator.do("amendPilot", "pilot { closedOn }", **given)
    await amend(world, pilot, closedOn="2022-12-31")
    again = await world.operator.do("amendPilot", "pilot { closedOn }", **given)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["pilot"]["closedOn"] == "2022-12-31", "as it is now"
    other = await world.operator.refused("amendPilot", **given | {"closedOn": "2021-12-31"})
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_names_are_searched_and_ordered_as_they_are_now(world: World) -> None:
    pilot, other = await world.pilot(), await world.pilot(name={"zh": "丙", "en": "C"})
    await amend(world, pilot, name={"zh": "改名后的楼", "en": "Renamed"})
    query = """query ($text: String!) { pilots(filter: {text: $text}) { totalCount
        nodes { code } } }"""
    for text, expected in (
        ("改名", [pilot["code"]]),
        ("renAMED", [pilot["code"]]),
        (f"Pilot {pilot['code'][2:]}", []),
    ):
        found = (await world.anyone.ask(query, text=text))["pilots"]
        assert [node["code"] for node in found["nodes"]] == expected
        assert found["totalCount"] == len(expected)
    ordered = await world.anyone.ask("{ pilots(orderBy: {field: NAME_EN}) { nodes { code } } }")
    assert [node["code"] for node in ordered["pilots"]["nodes"]] == [other["code"], pilot["code"]]


async def test_an_administrator_amends_and_no_other_operator(world: World) -> None:
    pilot = await world.pilot()
    made = await world.administrator.made(
        "amendPilot",
        "pilot { statementVisibility }",
        pilot=pilot["id"],
        statementVisibility="ROLES",
    )
    assert made == {"statementVisibility": "ROLES"}
    query = "mutation ($input: AmendPilotInput!) { amendPilot(input: $input) { __typename } }"
    for caller in (world.other_operator, world.verifier, world.auditor, world.regulator):
        error = await caller.fail(
            query, input={"idempotencyKey": key(), "pilot": pilot["id"], "closedOn": "2023-01-01"}
        )
        assert error["extensions"]["code"] == "FORBIDDEN"


# What cannot be.


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": {"zh": "", "en": "A"}}, "INVALID_INPUT", ["name", "zh"]),
        ({"applicantName": {"zh": "甲", "en": "\u200b"}}, "INVALID_INPUT", ["applicantName", "en"]),
        ({"operationStartsOn": None}, "INVALID_INPUT", ["operationStartsOn"]),
        ({"operationStartsOn": "2100-01-01"}, "INVALID_INPUT", ["operationStartsOn"]),
        ({"operationStartsOn": "1899-12-31"}, "INVALID_INPUT", ["operationStartsOn"]),
        ({"closedOn": "2014-12-31"}, "DATES_OUT_OF_ORDER", ["closedOn"]),
        ({"closedOn": "0024-12-31"}, "INVALID_INPUT", ["closedOn"]),
        ({"closedOn": "2101-01-01"}, "INVALID_INPUT", ["closedOn"]),
    ],
)
async def test_facts_that_cannot_be(
    shared_world: World, changes: dict[str, Any], code: str, field: list[str]
) -> None:
    """Of a pilot that exists and began on 2015-01-01."""
    world = shared_world
    pilot = await world.pilot()
    before = await facts(world.anyone, pilot)
    payload = await world.operator.refused("amendPilot", pilot=pilot["id"], **changes)
    assert payload["code"] == code
    assert payload["path"] == ["input", *field]
    assert await facts(world.anyone, pilot) == before


async def test_a_pilot_may_have_been_open_for_a_day(world: World) -> None:
    pilot = await world.pilot()
    assert (await amend(world, pilot, closedOn="2015-01-01"))["closedOn"] == "2015-01-01"


async def test_there_must_be_such_a_pilot(world: World) -> None:
    inventory = await world.inventory(await world.pilot())
    payload = await world.operator.refused("amendPilot", pilot=inventory, closedOn="2023-01-01")
    assert payload["code"] == "INVALID_INPUT"


def soon() -> str:
    """A time until which a request may be made."""
    return (datetime.now(UTC) + timedelta(days=30)).isoformat()


# What inventories and retirements have against it.


async def refused(world: World, pilot: dict[str, Any], **changes: Any) -> dict[str, Any]:
    query = """mutation ($input: AmendPilotInput!) { amendPilot(input: $input) { __typename
        ... on UserError { code path message { zh en } }
        ... on InventoriesOutsideOperation { count inventories { id } }
        ... on RetiredAfterClosure { count tonnes closedOn accountingPeriods { id } } } }"""
    given = {"idempotencyKey": key(), "pilot": pilot["id"]} | changes
    payload: dict[str, Any] = (await world.operator.ask(query, input=given))["amendPilot"]
    return payload


async def test_no_inventory_is_left_before_the_start(world: World) -> None:
    pilot = await world.pilot("BUILDING_NEW", 2022, 2023)
    draft = await world.inventory(pilot, 2022)
    second = await world.inventory(pilot, 2023)
    building = await world.inventory(pilot, 2022, "CONSTRUCTION")
    payload = await refused(world, pilot, operationStartsOn="2022-01-02")
    assert payload["code"] == "INVENTORIES_OUTSIDE_OPERATION"
    assert payload["path"] == ["input", "operationStartsOn"]
    assert payload["count"] == 1
    assert payload["inventories"] == [{"id": draft}], "of what is built before it, nothing is said"
    assert building not in str(payload)
    payload = await refused(world, pilot, operationStartsOn="2024-01-01")
    assert payload["inventories"] == [{"id": draft}, {"id": second}]
    assert (await amend(world, pilot, operationStartsOn="2022-01-01"))["operationStartsOn"]
    assert (await amend(world, pilot, operationStartsOn="2021-01-01"))["operationStartsOn"]


async def test_a_start_may_be_put_back(world: World) -> None:
    pilot = await world.pilot("BUILDING_NEW", operationStartsOn="2022-07-01")
    await world.inventory(pilot, 2022, covers={"startsOn": "2022-07-01", "endsOn": "2022-12-31"})
    assert await amend(world, pilot, operationStartsOn="2022-03-01")
    assert await amend(world, pilot, operationStartsOn="2022-07-01")
    payload = await refused(world, pilot, operationStartsOn="2022-07-02")
    assert payload["code"] == "INVENTORIES_OUTSIDE_OPERATION"
    assert await amend(world, pilot, operationStartsOn=None)


async def test_no_inventory_is_left_after_the_closure(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    inventories = [await world.inventory(pilot, year) for year in (2022, 2023)]
    await world.record(inventories[0], LINE)
    await world.submit(inventories[0])
    payload = await refused(world, pilot, closedOn="2023-12-30")
    assert payload["code"] == "INVENTORIES_OUTSIDE_OPERATION"
    assert payload["path"] == ["input", "closedOn"]
    assert payload["inventories"] == [{"id": inventories[1]}]
    assert (await refused(world, pilot, closedOn="2022-12-30"))["count"] == 2
    assert (await amend(world, pilot, closedOn="2023-12-31"))["closedOn"] == "2023-12-31"
    assert (await amend(world, pilot, closedOn="2024-06-30"))["closedOn"] == "2024-06-30"


async def test_nothing_is_left_retired_after_the_closure(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    await world.issue(await world.project(), "GD-C", 1, 100)
    retired = await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD-C", 1, 10, year=2023)
    )
    asked = world.retirement(pilot, "GD-C", 11, 15, year=2023) | {"expiresAt": soon()}
    del asked["retiredOn"]
    request = await world.registry.made("requestRetirement", "request { id }", **asked)
    payload = await refused(world, pilot, closedOn="2022-06-30")
    assert payload["code"] == "RETIRED_AFTER_CLOSURE"
    assert payload["path"] == ["input", "closedOn"]
    assert (payload["tonnes"], payload["count"]) == ("15", 1)
    assert payload["accountingPeriods"] == [{"id": pilot["periods"][2023]}]
    await world.registry.made("cancelRetirementRequest", "posting { id }", request=request["id"])
    assert (await refused(world, pilot, closedOn="2022-06-30"))["tonnes"] == "10"
    grounds = {"document": "D", "reason": "slip"}
    await world.registry.made("correctPosting", "posting { id }", posting=retired["id"], **grounds)
    assert (await amend(world, pilot, closedOn="2022-06-30"))["closedOn"] == "2022-06-30"


# A closed pilot.


async def test_a_closed_pilot_accounts_for_no_day_after_it(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    await amend(world, pilot, closedOn="2022-06-30")
    given = {
        "phase": "OPERATION_MAINTENANCE", "factorList": "prov2025-gd-2022", "pilot": pilot["id"],
        "accountingPeriod": pilot["periods"][2022],
    }  # fmt: skip
    payload = await world.operator.refused("createInventory", **given)
    assert (payload["code"], payload["path"]) == ("PILOT_CLOSED", ["input", "covers"])
    assert "2022-06-30" in payload["message"]["en"]
    for ends_on, code in (("2022-07-01", "PILOT_CLOSED"), ("2022-06-30", None)):
        covers = {"startsOn": "2022-01-01", "endsOn": ends_on}
        payload = await world.operator.do(
            "createInventory", "inventory { id }", **given, covers=covers
        )
        assert payload.get("code") == code
    later = given | {"accountingPeriod": pilot["periods"][2023]}
    assert (await world.operator.refused("createInventory", **later))["code"] == "PILOT_CLOSED"
    await amend(world, pilot, closedOn=None)
    assert await world.operator.made("createInventory", "inventory { id }", **later)


async def test_nothing_is_retired_for_a_period_after_it(world: World) -> None:
    """Also where the pilot is known to the ledger from a retirement before."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    await world.issue(await world.project(), "GD-C", 1, 100)
    retire = ("retireCredits", "retirement { id }")
    await world.registry.made(*retire, **world.retirement(pilot, "GD-C", 1, 10))
    await amend(world, pilot, closedOn="2022-06-30")
    later = world.retirement(pilot, "GD-C", 11, 20, year=2023)
    payload = await world.registry.refused("retireCredits", **later)
    assert (payload["code"], payload["path"]) == ("PILOT_CLOSED", ["input", "accountingPeriod"])
    asked = {n: v for n, v in later.items() if n != "retiredOn"} | {"expiresAt": soon()}
    assert (await world.registry.refused("requestRetirement", **asked))["code"] == "PILOT_CLOSED"
    amount = {"quantity": "1", "holder": world.holder.organisation, "programme": "CCER"}
    quantity = {n: v for n, v in later.items() if n != "serials"} | amount
    assert (await world.registry.refused("retireCredits", **quantity))["code"] == "PILOT_CLOSED"
    bulk = """mutation ($input: RetireCreditsBulkInput!) { retireCreditsBulk(input: $input) {
        ... on BulkOutcomes { outcomes { error { code } } } } }"""
    item = later | {"idempotencyKey": key()}
    done = await world.registry.ask(bulk, input={"mode": "EACH_INDEPENDENT", "items": [item]})
    assert done["retireCreditsBulk"]["outcomes"] == [{"error": {"code": "PILOT_CLOSED"}}]
    # What was emitted until then may be offset, whenever.
    await world.registry.made(*retire, **world.retirement(pilot, "GD-C", 11, 20))
    await amend(world, pilot, closedOn="2023-01-01")
    await world.registry.made(*retire, **later | world.retirement(pilot, "GD-C", 21, 30, year=2023))


async def test_another_process_hears_of_the_closure(world: World, database: TestDatabase) -> None:
    """What a process knows of pilots is forgotten as soon as anybody else wrote."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023)
    await world.issue(await world.project(), "GD-C", 1, 100)
    retire = ("retireCredits", "retirement { id }")
    async with client_of(database.api_url) as http:
        registry, operator = (Caller(http, c.secret) for c in (world.registry, world.operator))
        await registry.made(*retire, **world.retirement(pilot, "GD-C", 1, 10))
        await world.registry.made(*retire, **world.retirement(pilot, "GD-C", 11, 20))
        await operator.made("amendPilot", "pilot { id }", pilot=pilot["id"], closedOn="2022-06-30")
        for caller in (world.registry, registry):
            later = world.retirement(pilot, "GD-C", 31, 40, year=2023)
            assert (await caller.refused("retireCredits", **later))["code"] == "PILOT_CLOSED"


# In statements.


COVERAGE = """query ($id: ID!, $year: Int!, $at: BigInt) { pilot(by: {id: $id}) {
    netEmissions(period: {year: $year}, asOf: $at) { pilot { name { en } operationStartsOn closedOn }
        coverage { status daysInOperation warnings { reason days message { en } }
            gaps { nodes { startsOn endsOn } } } } } }"""


async def covered(world: World, pilot: dict[str, Any], at: int | None = None) -> Any:
    data = await world.auditor.ask(
        COVERAGE, id=pilot["id"], year=2022, at=None if at is None else str(at)
    )
    return data["pilot"]["netEmissions"]


async def test_days_out_of_operation_are_not_expected(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2022)
    spring = await world.inventory(
        pilot, 2022, covers={"startsOn": "2022-03-01", "endsOn": "2022-06-30"}
    )
    await world.record(spring, LINE)
    await world.submit(spring, verify=False)
    whole = await world.head()
    gaps = [
        {"startsOn": "2022-01-01", "endsOn": "2022-02-28"},
        {"startsOn": "2022-07-01", "endsOn": "2022-12-31"},
    ]
    assert (await covered(world, pilot))["coverage"]["gaps"]["nodes"] == gaps
    await amend(world, pilot, closedOn="2022-06-30")
    closed = await world.head()
    assert (await covered(world, pilot))["coverage"]["gaps"]["nodes"] == gaps[:1]
    await amend(world, pilot, operationStartsOn="2022-03-01", name={"zh": "新", "en": "New"})
    now = await covered(world, pilot)
    assert now["coverage"]["gaps"]["nodes"] == []
    assert now["coverage"]["daysInOperation"] == 122
    partly = next(w for w in now["coverage"]["warnings"] if w["reason"] == "PARTLY_IN_OPERATION")
    assert partly["days"] == 122
    assert "(2022-03-01 to 2022-06-30)" in partly["message"]["en"]
    assert now["pilot"] == {
        "name": {"en": "New"}, "operationStartsOn": "2022-03-01", "closedOn": "2022-06-30",
    }  # fmt: skip
    # And as of each of those positions it is what it was.
    then = await covered(world, pilot, closed)
    assert then["coverage"]["gaps"]["nodes"] == gaps[:1]
    assert then["pilot"]["operationStartsOn"] == "2015-01-01"
    then = await covered(world, pilot, whole)
    assert then["coverage"]["gaps"]["nodes"] == gaps
    assert then["pilot"]["name"]["en"] == f"Pilot {pilot['code'][2:]}"
    assert then["pilot"]["closedOn"] is None


async def test_pilots_around_and_inside_are_as_they_stood(world: World) -> None:
    town = await world.pilot("TOWN", 2022)
    building = await world.pilot("BUILDING_EXISTING", 2022, surroundingPilot=town["id"])
    before = await world.head()
    for pilot in (town, building):
        await amend(world, pilot, name={"zh": "新", "en": "New"})
    query = """query ($town: ID!, $building: ID!, $at: BigInt) {
        town: pilot(by: {id: $town}) { pilotsInside(asOf: $at) { nodes { name { en } } } }
        building: pilot(by: {id: $building}) {
            surroundingPilots(asOf: $at) { nodes { name { en } } } } }"""
    for at, names in (
        (None, ("New", "New")),
        (str(before), (f"Pilot {building['code'][2:]}", f"Pilot {town['code'][2:]}")),
    ):
        data = await world.anyone.ask(query, town=town["id"], building=building["id"], at=at)
        assert data["town"]["pilotsInside"]["nodes"] == [{"name": {"en": names[0]}}]
        assert data["building"]["surroundingPilots"]["nodes"] == [{"name": {"en": names[1]}}]


# Who sees what, from then on.


@pytest_asyncio.fixture
async def stated(world: World) -> AsyncIterator[tuple[dict[str, Any], str]]:
    pilot = await world.pilot("BUILDING_EXISTING", 2022, lineVisibility="PUBLIC")
    inventory = await world.inventory(pilot)
    await world.record(inventory, LINE)
    await world.submit(inventory)
    yield pilot, inventory


async def test_settings_hold_at_once_and_of_past_positions_too(
    world: World, stated: tuple[dict[str, Any], str]
) -> None:
    pilot, inventory = stated
    public = await world.head()
    query = """query ($id: ID!, $inventory: ID!, $at: BigInt) {
        pilot(by: {id: $id}, asOf: $at) { statementVisibility lineVisibility viewerSeesStatements
            netEmissions(period: {year: 2022}, asOf: $at) { gross { co2e } } }
        node(id: $inventory) { ... on Inventory { viewerSeesLines emissionSources { totalCount } } } }"""

    async def seen(at: int | None = None) -> tuple[Any, ...]:
        given = {"id": pilot["id"], "inventory": inventory, "at": None if at is None else str(at)}
        data = await world.anyone.ask(query, **given)
        net, node, shown = data["pilot"]["netEmissions"], data["node"], data["pilot"]
        return (
            shown["statementVisibility"],
            shown["viewerSeesStatements"],
            net and net["gross"]["co2e"],
            node and node["emissionSources"]["totalCount"],
        )

    assert await seen() == ("PUBLIC", True, "5.000000", 1)
    await amend(world, pilot, lineVisibility="ROLES")
    assert await seen() == ("PUBLIC", True, "5.000000", 0)
    await amend(world, pilot, statementVisibility="ROLES", lineVisibility="PUBLIC")
    assert await seen() == ("ROLES", False, None, None), "lines are seen where the inventory is"
    assert await seen(public) == ("PUBLIC", False, None, None), (
        "as it says now, of whatever position"
    )
    await amend(world, pilot, statementVisibility="PUBLIC")
    assert await seen() == ("PUBLIC", True, "5.000000", 1)
