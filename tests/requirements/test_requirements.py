"""How far a pilot meets what the guide requires, and what shows it."""

from typing import Any

import pytest

from nzc_api.guide.guide import GUIDE
from nzc_api.requirements.judging import SHOWN_BY, judged
from nzc_api.requirements.model import FactKind, RequirementFact, Standing
from nzc_api.requirements.store import FACTS
from nzc_api.schema.requirements.types import KINDS, MOST_FACTS
from tests.counting import least, reckoned
from tests.evaluation import evaluating
from tests.finance.financing import allocation, financed
from tests.management.managing import (
    appointed,
    assigned,
    established,
    kept_up,
    published,
    repealed,
)
from tests.measures.planning import analysed, planned, progressed, verified_effect
from tests.metering.test_meters import meter
from tests.plans.drafting import approved
from tests.targets.stating import stated, with_target
from tests.world import SINK_BASIS, World

QUERY = """query ($id: ID!, $at: BigInt) { pilot(by: {id: $id}) { requirements(asOf: $at) {
    requirement { code } standing missing facts { fact count latest { __typename id } } } } }"""


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def standing(world: World, pilot: str, at: int | None = None) -> dict[str, Any]:
    """How far each is met, by its code."""
    given = {"id": pilot, "at": None if at is None else str(at)}
    found = (await world.operator.ask(QUERY, **given))["pilot"]["requirements"]
    return {item["requirement"]["code"]: item for item in found}


def shown(item: dict[str, Any]) -> dict[str, tuple[int, str]]:
    return {fact["fact"]: (fact["count"], fact["latest"]["__typename"]) for fact in item["facts"]}


def test_each_requirement_is_judged_and_each_fact_shows_one() -> None:
    assert list(SHOWN_BY) == [requirement.code for requirement in GUIDE.requirements]
    assert {kind for kinds in SHOWN_BY.values() for kind in kinds} == set(FactKind)
    assert FACTS.keys() == KINDS.keys() == set(FactKind)
    assert max(map(len, SHOWN_BY.values())) == MOST_FACTS


def test_all_facts_meet_some_do_partly_and_none_leaves_it_open() -> None:
    one = RequirementFact(FactKind.CARBON_POST, 2, 7)
    both = {
        FactKind.CARBON_POST: one,
        FactKind.CARBON_POST_HELD: RequirementFact(FactKind.CARBON_POST_HELD, 1, 7),
    }
    for found, expected, missing in (
        ({}, Standing.OPEN, (FactKind.CARBON_POST, FactKind.CARBON_POST_HELD)),
        ({FactKind.CARBON_POST: one}, Standing.PARTLY, (FactKind.CARBON_POST_HELD,)),
        (both, Standing.MET, ()),
    ):
        [item] = [
            judgement for judgement in judged(found) if judgement.requirement.code == "CARBON_POST"
        ]
        assert (item.standing, item.missing) == (expected, missing)
        assert {fact.kind for fact in item.facts} == set(found)


async def test_a_pilot_of_which_nothing_is_known_meets_nothing(world: World) -> None:
    found = await standing(world, (await world.pilot())["id"])
    assert len(found) == 21
    assert {item["standing"] for item in found.values()} == {"OPEN"}
    assert found["TARGET"]["missing"] == ["TARGET"]
    assert found["EXPERT_EVAL"]["missing"] == ["EVALUATION_OPENED", "EVALUATION_PASSED"]


async def test_what_is_recorded_shows_it(world: World) -> None:
    pilot = await with_target(world, 2022, 2023)
    pilot_id = pilot["id"]
    before = await world.head()
    inventory = await world.inventory(pilot, 2023)
    sink = {
        "category": "FORESTRY_SINK", "label": "林", "activity": {"value": "1", "unit": "tCO2"},
        "factor": "measured.co2",
    } | SINK_BASIS  # fmt: skip
    await world.record(inventory, sink, sinks=True)
    await world.submit(inventory, verify=False)
    await world.issue(await world.project(), "GD-REQ", 1, 10)
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD-REQ", 1, 2, year=2022)
    )
    lamps = await planned(world, pilot_id)
    await planned(world, pilot_id, stage="WASTE", route="SINK", technology=None)
    await progressed(world, lamps, "RUNNING", "2024-03-01")
    await verified_effect(world, lamps)
    await analysed(world, pilot)
    await financed(world, pilot_id, allocations=[allocation(lamps, "1")])
    await appointed(world, await established(world, pilot_id))
    await assigned(world, pilot_id)
    rule = await published(world, pilot_id)
    await kept_up(world, pilot_id, "WATER")
    await approved(world, pilot_id)
    await meter(world, pilot, "W-1", carrier="WATER", unit="m3")  # Nobody reads it.
    power = await meter(world, pilot)
    items = [{"meter": power["id"], "at": "2024-01-01T00:00:00+08:00", "value": "1"}]
    await world.operator.made("recordReadings", "batch { id }", items=items)
    found = await standing(world, pilot_id)
    met = {code for code, item in found.items() if item["standing"] == "MET"}
    assert met == {
        "TARGET", "BASELINE", "ROUTE_SOURCE", "ROUTE_SINK", "ROUTE_PURCHASE", "POTENTIAL", "TECH_CHOICE",
        "BUILD_PLAN", "GREEN_FINANCE",
        "MGMT_SYSTEM", "MGMT_RULES", "MGMT_DUTIES", "KEY_UNIT_RESPONSIBILITY", "CARBON_POST", "TRACKING", "FEEDBACK",
    }  # fmt: skip
    partly = {code: item["missing"] for code, item in found.items() if item["standing"] == "PARTLY"}
    assert partly == {
        "LIFE_CYCLE": ["MEASURE_BEFORE_OPERATION"],
        "PROPERTY": ["UPKEEP_OF_POWER", "UPKEEP_OF_GAS", "UPKEEP_OF_HEAT", "UPKEEP_OF_GREENERY"],
        "INFO_SYSTEM": ["METER_OF_WATER", "METER_OF_GAS", "METER_OF_HEAT"],
        "NET_FORMULA": ["OPERATION_VERIFIED"],
    }
    assert shown(found["ROUTE_SOURCE"]) == {
        "MEASURE_AT_SOURCE": (1, "Measure"), "MEASURE_AT_SOURCE_RUN": (1, "Measure"),
    }  # fmt: skip
    assert shown(found["ROUTE_PURCHASE"]) == {"RETIREMENT": (1, "Retirement")}
    assert found["FEEDBACK"]["facts"][0]["latest"]["id"] == lamps
    assert found["BASELINE"]["facts"][0]["latest"]["__typename"] == "Inventory"
    kinds = {fact["latest"]["__typename"] for item in found.values() for fact in item["facts"]}
    assert kinds == set(KINDS.values()) - {"Evaluation"}
    then = await standing(world, pilot_id, before)
    assert {c for c, item in then.items() if item["standing"] != "OPEN"} == {
        "TARGET",
        "BASELINE",
        "TRACKING",
    }
    await repealed(world, rule, "2024-06-30")
    await progressed(world, lamps, "STOPPED", "2024-06-01")
    now = await standing(world, pilot_id)
    assert (now["MGMT_RULES"]["standing"], now["MGMT_SYSTEM"]["standing"]) == ("OPEN", "PARTLY")
    assert now["ROUTE_SOURCE"]["missing"] == ["MEASURE_AT_SOURCE_RUN"]


async def test_an_evaluation_that_was_passed(world: World) -> None:
    pilot = await evaluating.stable(world)
    evaluation = await evaluating.ready(world, pilot)
    asked = (await standing(world, pilot["id"]))["EXPERT_EVAL"]
    assert (asked["standing"], asked["missing"]) == ("PARTLY", ["EVALUATION_PASSED"])
    await evaluating.decided(world, evaluation)
    passed = (await standing(world, pilot["id"]))["EXPERT_EVAL"]
    assert passed["standing"] == "MET"
    assert [fact["latest"]["id"] for fact in passed["facts"]] == [evaluation, evaluation]


async def test_a_vacant_post_and_a_retirement_taken_back_show_nothing(world: World) -> None:
    pilot = await world.pilot()
    post = await established(world, pilot["id"])
    await appointed(world, post)
    await appointed(world, post, None, "2024-02-01")
    await world.issue(await world.project(), "GD-REQ-B", 1, 10)
    given = world.retirement(pilot, "GD-REQ-B", 1, 2)
    made = await world.registry.made("retireCredits", "retirement { id }", **given)
    assert (await standing(world, pilot["id"]))["ROUTE_PURCHASE"]["standing"] == "MET"
    await world.registry.made(
        "correctPosting", "posting { id }", posting=made["id"], document="D-1", reason="slip"
    )
    found = await standing(world, pilot["id"])
    assert found["ROUTE_PURCHASE"]["standing"] == "OPEN"
    assert found["CARBON_POST"]["missing"] == ["CARBON_POST_HELD"]


async def test_who_sees_them(world: World) -> None:
    """They tell of measures, money and posts, which are not public."""
    pilot = await world.pilot()
    await stated(world, pilot, 2022, "1000", "HISTORICAL")
    query = "query ($id: ID!) { pilot(by: {id: $id}) { requirements { standing } } }"
    for caller in (
        world.operator,
        world.verifier,
        world.auditor,
        world.regulator,
        world.administrator,
    ):
        assert len((await caller.ask(query, id=pilot["id"]))["pilot"]["requirements"]) == 21
    for caller in (world.anyone, world.other_operator, world.holder, world.registry):
        assert (await caller.ask(query, id=pilot["id"]))["pilot"]["requirements"] == []


async def test_a_page_of_pilots_costs_a_constant_number_of_statements(world: World) -> None:
    """And no more than is reckoned beforehand."""
    pilots = [(await world.pilot())["id"] for _ in range(4)]
    for pilot in pilots:
        await planned(world, pilot)
        await established(world, pilot)
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Pilot {
        requirements { standing missing facts { count latest { id } } } } } }"""
    one = await least(lambda: world.operator.ask(query, ids=pilots[:1]))
    four = await least(lambda: world.operator.ask(query, ids=pilots))
    assert four <= one + 3, "two answers that come back in another order can split a batch in two"
    assert four <= reckoned(query, {"ids": pilots}).statements
