"""Accounting periods that were registered wrongly are taken back, as of a position, while nothing rests on them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.targets.stating import with_target
from tests.world import World, key

GROUNDS = {"document": "D", "reason": "slip"}
LINE = {
    "category": "ENERGY_CONSUMPTION", "label": "x", "factor": "measured.co2",
    "activity": {"value": "5", "unit": "tCO2"},
}  # fmt: skip
PERIODS = """query ($id: ID!, $at: BigInt) { pilot(by: {id: $id}) {
    accountingPeriods(asOf: $at) { totalCount nodes { id } }
    accountingPeriod(by: {year: 2022}, asOf: $at) { id }
    latestPeriod { id }
    netEmissions(period: {year: 2022}, asOf: $at) { gross { co2e } accountingPeriod { id } } } }"""
REFUSED = """mutation ($input: WithdrawAccountingPeriodInput!) { withdrawAccountingPeriod(input: $input) {
    __typename ... on UserError { code path message { zh en } }
    ... on AccountingPeriodWithdrawn { withdrawnPosition }
    ... on AccountingPeriodInUse { inventoryCount inventories { id } postingCount postings { id }
        targetCount targets { id } } } }"""
# The period of 2022, registered wrongly, and rightly.
WRONG = {"startsOn": "2022-01-01", "endsOn": "2022-12-30"}
RIGHT = {"startsOn": "2022-01-01", "endsOn": "2022-12-31"}


async def wrong_pilot(world: World) -> dict[str, Any]:
    """A pilot whose period of 2022 has a day too few; ``wrong`` is the period."""
    pilot = await world.pilot("BUILDING_EXISTING", 2023)
    made = await world.operator.made(
        "registerAccountingPeriod", "accountingPeriod { id }", pilot=pilot["id"], **WRONG
    )
    pilot["wrong"] = pilot["periods"][2022] = made["id"]
    return pilot


async def withdraw(world: World, period: str) -> dict[str, Any]:
    made: dict[str, Any] = await world.operator.made(
        "withdrawAccountingPeriod", "accountingPeriod { id withdrawnPosition }",
        accountingPeriod=period,
    )  # fmt: skip
    return made


async def refused(world: World, period: str) -> dict[str, Any]:
    given = {"idempotencyKey": key(), "accountingPeriod": period}
    payload: dict[str, Any] = (await world.operator.ask(REFUSED, input=given))[
        "withdrawAccountingPeriod"
    ]
    assert payload["path"] == ["input", "accountingPeriod"]
    return payload


async def periods(world: World, pilot: dict[str, Any], at: int | None = None) -> dict[str, Any]:
    found = await world.anyone.ask(PERIODS, id=pilot["id"], at=None if at is None else str(at))
    shown: dict[str, Any] = found["pilot"]
    return shown


async def test_the_right_period_takes_its_place(world: World) -> None:
    pilot = await wrong_pilot(world)
    before = await world.head()
    payload = await world.operator.refused("registerAccountingPeriod", pilot=pilot["id"], **RIGHT)
    assert payload["code"] == "ACCOUNTING_PERIOD_OVERLAP"

    made = await withdraw(world, pilot["wrong"])
    assert made == {"id": pilot["wrong"], "withdrawnPosition": str(before + 1)}
    gone = await periods(world, pilot)
    assert gone["accountingPeriods"] == {"totalCount": 1, "nodes": [{"id": pilot["periods"][2023]}]}
    assert (gone["accountingPeriod"], gone["netEmissions"]) == (None, None)
    right = await world.operator.made(
        "registerAccountingPeriod", "accountingPeriod { id withdrawnPosition }",
        pilot=pilot["id"], **RIGHT,
    )  # fmt: skip
    assert right["withdrawnPosition"] is None
    now = await periods(world, pilot)
    assert now["accountingPeriod"] == {"id": right["id"]}
    assert now["netEmissions"]["accountingPeriod"] == {"id": right["id"]}
    assert now["accountingPeriods"]["totalCount"] == 2


async def test_as_of_earlier_positions_it_stays(world: World) -> None:
    pilot = await wrong_pilot(world)
    registered = await world.head()
    by_id = "query ($id: ID!, $at: BigInt) { node(id: $id) { ... on AccountingPeriod {" + (
        " netEmissions(asOf: $at) { gross { co2e } } } } }"
    )
    await withdraw(world, pilot["wrong"])
    await world.operator.made(
        "registerAccountingPeriod", "accountingPeriod { id }", pilot=pilot["id"], **RIGHT
    )
    then = await periods(world, pilot, registered)
    assert then["accountingPeriods"]["totalCount"] == 2
    assert {"id": pilot["wrong"]} in then["accountingPeriods"]["nodes"]
    # 30 December is not the end of the year, so it is found by a day of it.
    found = await world.anyone.ask(
        """query ($id: ID!, $at: BigInt) { pilot(by: {id: $id}) {
            accountingPeriod(by: {containing: "2022-06-30"}, asOf: $at) { id }
            netEmissions(period: {containing: "2022-06-30"}, asOf: $at) { accountingPeriod { id } } } }""",
        id=pilot["id"], at=str(registered),
    )  # fmt: skip
    wanted = {"id": pilot["wrong"]}
    assert found["pilot"] == {
        "accountingPeriod": wanted,
        "netEmissions": {"accountingPeriod": wanted},
    }
    for at, stated in ((registered - 1, False), (registered, True), (registered + 1, False)):
        node = (await world.anyone.ask(by_id, id=pilot["wrong"], at=str(at)))["node"]
        assert (node["netEmissions"] is not None) == stated, at
    listed = """query ($id: ID!, $at: BigInt) { pilot(by: {id: $id}) {
        accountingPeriods(asOf: $at) { totalCount } } }"""
    error = await world.anyone.fail(listed, id=pilot["id"], at=str(await world.head() + 1))
    assert error["extensions"]["inputPath"] == ["asOf"]


async def test_it_is_in_the_log(world: World) -> None:
    pilot = await wrong_pilot(world)
    before = await world.head()
    await withdraw(world, pilot["wrong"])
    events = await world.anyone.ask(
        """query ($after: BigInt!) { events(after: $after) { kind subject { id }
            organisation { id } } }""",
        after=str(before),
    )
    assert events["events"] == [
        {
            "kind": "ACCOUNTING_PERIOD_WITHDRAWN",
            "subject": {"id": pilot["wrong"]},
            "organisation": {"id": world.operator.organisation},
        }
    ]


async def test_it_is_withdrawn_once(world: World) -> None:
    pilot = await wrong_pilot(world)
    given = {"accountingPeriod": pilot["wrong"], "idempotencyKey": key()}
    verb = ("withdrawAccountingPeriod", "accountingPeriod { id }")
    first = await world.operator.do(*verb, **given)
    again = await world.operator.do(*verb, **given)
    assert (first["replayed"], again["replayed"]) == (False, True)
    payload = await refused(world, pilot["wrong"])
    assert payload["code"] == "ACCOUNTING_PERIOD_WITHDRAWN"
    assert payload["withdrawnPosition"] == str(await world.head())
    nobody = await world.operator.refused("withdrawAccountingPeriod", accountingPeriod=pilot["id"])
    assert nobody["code"] == "INVALID_INPUT"


async def test_only_its_operator_and_administrators_withdraw_it(world: World) -> None:
    pilot = await wrong_pilot(world)
    query = """mutation ($input: WithdrawAccountingPeriodInput!) {
        withdrawAccountingPeriod(input: $input) { __typename } }"""
    given = {"idempotencyKey": key(), "accountingPeriod": pilot["wrong"]}
    error = await world.other_operator.fail(query, input=given)
    assert error["extensions"]["code"] == "FORBIDDEN"
    made = await world.administrator.ask(query, input=given)
    assert made["withdrawAccountingPeriod"]["__typename"] == "WithdrawAccountingPeriodSuccess"


# What rests on it.


async def test_no_inventory_is_left_without_its_period(world: World) -> None:
    pilot = await wrong_pilot(world)
    made = [
        await world.inventory(pilot, 2022, phase="OPERATION_MAINTENANCE", basis=basis)
        for basis in ("OPERATIONAL", "HISTORICAL")
    ]
    payload = await refused(world, pilot["wrong"])
    assert payload["code"] == "ACCOUNTING_PERIOD_IN_USE"
    assert (payload["inventoryCount"], payload["postingCount"], payload["targetCount"]) == (2, 0, 0)
    assert payload["inventories"] == [{"id": item} for item in made]
    assert "清单2份" in payload["message"]["zh"]
    assert "2 inventories" in payload["message"]["en"]
    await world.operator.made("discardInventory", "inventory { id }", inventory=made[0])
    assert (await refused(world, pilot["wrong"]))["inventories"] == [{"id": made[1]}]
    await world.operator.made("discardInventory", "inventory { id }", inventory=made[1])
    assert await withdraw(world, pilot["wrong"])


async def test_a_submitted_inventory_keeps_its_period(world: World) -> None:
    pilot = await wrong_pilot(world)
    inventory = await world.inventory(pilot)
    await world.record(inventory, LINE)
    await world.submit(inventory, verify=False)
    assert (await refused(world, pilot["wrong"]))["inventories"] == [{"id": inventory}]


async def test_no_credits_are_left_without_their_period(world: World) -> None:
    pilot = await wrong_pilot(world)
    await world.issue(await world.project(), "GD-C", 1, 100)
    retired = await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD-C", 1, 10)
    )
    asked = world.retirement(pilot, "GD-C", 11, 15)
    del asked["retiredOn"]
    asked["expiresAt"] = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    request = await world.registry.made("requestRetirement", "request { id }", **asked)
    payload = await refused(world, pilot["wrong"])
    assert payload["code"] == "ACCOUNTING_PERIOD_IN_USE"
    assert (payload["inventoryCount"], payload["postingCount"], payload["targetCount"]) == (0, 2, 0)
    assert len(payload["postings"]) == 2
    await world.registry.made("cancelRetirementRequest", "posting { id }", request=request["id"])
    assert (await refused(world, pilot["wrong"]))["postingCount"] == 1
    await world.registry.made("correctPosting", "posting { id }", posting=retired["id"], **GROUNDS)
    assert await withdraw(world, pilot["wrong"])


async def test_a_confirmed_request_keeps_its_period(world: World) -> None:
    pilot = await wrong_pilot(world)
    await world.issue(await world.project(), "GD-C", 1, 100)
    asked = world.retirement(pilot, "GD-C", 1, 10)
    del asked["retiredOn"]
    asked["expiresAt"] = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    request = await world.registry.made("requestRetirement", "request { id }", **asked)
    await world.registry.made(
        "confirmRetirement", "retirement { id }", request=request["id"], retiredOn="2024-07-01",
        registryReference="R-1",
    )  # fmt: skip
    assert (await refused(world, pilot["wrong"]))["postingCount"] == 1


async def test_retired_and_invalidated_credits_keep_their_period(world: World) -> None:
    """What is no longer in force was retired all the same, and its statement says so."""
    pilot = await wrong_pilot(world)
    batch = await world.issue(await world.project(), "GD-C", 1, 100)
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD-C", 1, 10)
    )
    await world.registry.made(
        "invalidateCredits", "posting { id }", target={"batch": batch}, **GROUNDS
    )
    assert (await refused(world, pilot["wrong"]))["postingCount"] == 1


async def test_a_sink_given_back_keeps_its_period(world: World) -> None:
    pilot = await wrong_pilot(world)
    wood = await world.project(forestry=True, pilot=pilot["id"])
    await world.issue(wood, "GD-WOOD", 1, 10)
    await world.registry.made(
        "useCredits", "use { id }", programme="CCER", serials={"text": "GD-WOOD-1 to 5"},
        purpose="OWN_SINK", pilot=pilot["id"], accountingPeriod=pilot["wrong"],
        usedOn="2024-07-01",
    )  # fmt: skip
    assert (await refused(world, pilot["wrong"]))["postingCount"] == 1


async def test_a_targets_baseline_keeps_its_period(world: World) -> None:
    pilot = await with_target(world)
    payload = await refused(world, pilot["periods"][2022])
    assert payload["targets"] == [{"id": pilot["target"]}]
    assert (payload["inventoryCount"], payload["targetCount"]) == (1, 1)


# Nothing comes to rest on it later.


async def test_nothing_rests_on_a_withdrawn_period(world: World) -> None:
    """The poster has read the period before, and an account of it is there."""
    pilot = await wrong_pilot(world)
    await world.issue(await world.project(), "GD-C", 1, 100)
    wood = await world.project(forestry=True, pilot=pilot["id"])
    await world.issue(wood, "GD-WOOD", 1, 10)
    retirement = world.retirement(pilot, "GD-C", 1, 10)
    slip = await world.registry.made("retireCredits", "retirement { id }", **retirement)
    await world.registry.made("correctPosting", "posting { id }", posting=slip["id"], **GROUNDS)
    await withdraw(world, pilot["wrong"])
    request = {name: value for name, value in retirement.items() if name != "retiredOn"}
    request["expiresAt"] = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    use = {
        "programme": "CCER", "serials": {"text": "GD-WOOD-1 to 5"}, "purpose": "OWN_SINK",
        "pilot": pilot["id"], "accountingPeriod": pilot["wrong"], "usedOn": "2024-07-01",
    }  # fmt: skip
    inventory = {
        "pilot": pilot["id"], "accountingPeriod": pilot["wrong"], "phase": "OPERATION_MAINTENANCE",
        "factorList": "prov2025-gd-2022",
    }  # fmt: skip
    aim = {
        "pilot": pilot["id"], "ceilings": [{"year": 2030, "netCo2e": "0"}], "routes": ["SINK"],
        "baseline": {"accountingPeriod": pilot["wrong"], "basis": "HISTORICAL"},
    }  # fmt: skip
    for caller, verb, given in (
        (world.registry, "retireCredits", retirement),
        (world.registry, "requestRetirement", request),
        (world.registry, "useCredits", use),
        (world.operator, "createInventory", inventory),
        (world.operator, "recordTarget", aim),
    ):
        payload = await caller.refused(verb, **given)
        assert payload["code"] == "PERIOD_NOT_OF_PILOT", verb
        assert payload["path"][-1] == "accountingPeriod"
        assert "2023-01-01 – 2023-12-31" in payload["message"]["en"], "it says which there are"
        assert "已撤回" in payload["message"]["zh"]


@pytest.mark.parametrize("days", [WRONG, RIGHT])
async def test_the_same_days_may_come_again(world: World, days: dict[str, str]) -> None:
    pilot = await wrong_pilot(world)
    for _ in range(2):
        period = (await periods(world, pilot))["accountingPeriods"]["nodes"][-1]["id"]
        await withdraw(world, period)
        await world.operator.made(
            "registerAccountingPeriod", "accountingPeriod { id }", pilot=pilot["id"], **days
        )
    assert (await periods(world, pilot))["accountingPeriods"]["totalCount"] == 2
