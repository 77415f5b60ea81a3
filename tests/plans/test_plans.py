"""Plans are drafted, decided, revised and reached; what cannot be is refused, and nothing written."""

from typing import Any

import pytest

from tests.counting import least, reckoned
from tests.measures.planning import planned
from tests.plans.drafting import (
    CONCRETE,
    GRID,
    ROOF,
    SITE,
    approved,
    building,
    completed,
    drafted,
    package,
    reached,
    reaching,
    revised,
    submitted,
    terms,
)
from tests.world import Caller, World, as_kind, unchanged

MILESTONE = "code name { zh } dueOn building reached { on document }"
PLAN = f"""id position version reason planState startsOn endsOn constructionBudgetCo2e
    packages {{ name {{ en }} stage measures {{ id }} }} milestones {{ {MILESTONE} }} openMilestones {{ code }}
    materials {{ name {{ en }} quantity unit factor source embodiedCo2e transportCo2e }}
    planSteps {{ state reason }} pilot {{ code }}"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Plan {{ {PLAN} }} }} }}"
OF_PILOT = """query ($id: ID!, $at: BigInt) { pilot(by: {id: $id}) {
    plan(asOf: $at) { id version planState milestones { code dueOn reached { on } } }
    plans { totalCount nodes { version planState } }
    completion(asOf: $at) { builtOn stableFrom document plan { version } } } }"""


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def seen(caller: Caller, plan: str) -> Any:
    return (await caller.ask(NODE, id=plan))["node"]


async def of_pilot(caller: Caller, pilot: str, at: int | None = None) -> Any:
    found = await caller.ask(OF_PILOT, id=pilot, at=None if at is None else str(at))
    return found["pilot"]


async def test_a_plan_is_drafted(world: World) -> None:
    """Concrete: 120 × 295 ÷ 1000 = 35.4 t; 288 × 40 × 0.057 ÷ 1000 = 0.65664 t."""
    pilot = await world.pilot()
    measure = await planned(world, pilot["id"])
    before = await world.head()
    said = terms(packages=[package(measure)], materials=[CONCRETE, CONCRETE | {"haul": None}])
    made = await world.operator.made(
        "draftPlan", f"plan {{ {PLAN} }}", pilot=pilot["id"], terms=said
    )
    concrete = {"name": {"en": "Concrete C30"}, "quantity": "120", "unit": "m³", "factor": "295",
                "source": "GB/T 51366-2019 附录D、E", "embodiedCo2e": "35.4", "transportCo2e": "0.65664"}  # fmt: skip
    assert made == {
        "id": made["id"], "position": str(before + 1), "version": 1, "reason": None, "planState": "DRAFT",
        "startsOn": "2023-01-01", "endsOn": "2023-12-31", "constructionBudgetCo2e": "80",
        "packages": [{"name": {"en": "Panels on the roof"}, "stage": "CONSTRUCTION", "measures": [{"id": measure}]}],
        "milestones": [
            {"code": due["code"], "name": {"zh": due["name"]["zh"]}, "dueOn": due["dueOn"],
             "building": due["building"], "reached": None} for due in (SITE, ROOF, GRID)
        ],
        "openMilestones": [{"code": "ROOF"}, {"code": "GRID-1"}],
        "materials": [concrete, concrete | {"transportCo2e": None}], "planSteps": [], "pilot": {"code": pilot["code"]},
    }  # fmt: skip
    assert await seen(world.operator, made["id"]) == made
    events = await world.operator.ask(
        "query ($after: BigInt!) { events(after: $after) { kind subject { id } } }",
        after=str(before),
    )
    assert events["events"] == [{"kind": "PLAN_DRAFTED", "subject": {"id": made["id"]}}]


async def test_a_plan_is_decided_and_revised(world: World) -> None:
    """Returned, revised, approved, revised again: what was approved is in force until the next one is."""
    pilot = await world.pilot()
    first = await submitted(world, pilot["id"])
    returned = {"plan": first, "reason": "缺少施工碳排放预算依据"}
    made = await world.regulator.made(
        "returnPlan", "plan { planState planSteps { state reason } }", **returned
    )
    assert made == {"planState": "RETURNED", "planSteps": [
        {"state": "SUBMITTED", "reason": None}, {"state": "RETURNED", "reason": "缺少施工碳排放预算依据"},
    ]}  # fmt: skip
    assert (await of_pilot(world.operator, pilot["id"]))["plan"] is None
    second = await revised(world, first)
    at = await world.head()
    later = GRID | {"dueOn": "2023-12-31"}
    third = await revised(world, second, approve=False, milestones=[later])
    found = await of_pilot(world.operator, pilot["id"])
    assert (found["plan"]["id"], found["plan"]["planState"]) == (second, "APPROVED")
    states = [node["planState"] for node in found["plans"]["nodes"]]
    assert states == ["SUPERSEDED", "APPROVED", "DRAFT"]
    await world.operator.made("submitPlan", "plan { id }", plan=third)
    await world.regulator.made("approvePlan", "plan { id }", plan=third)
    found = await of_pilot(world.operator, pilot["id"])
    assert (found["plan"]["id"], found["plans"]["totalCount"]) == (third, 3)
    assert (await seen(world.operator, second))["planState"] == "SUPERSEDED"
    assert (await seen(world.operator, third))["reason"] == "屋面改用轻型支架"
    then = await of_pilot(world.operator, pilot["id"], at)
    assert (then["plan"]["id"], then["plan"]["planState"]) == (second, "APPROVED")
    assert len(then["plan"]["milestones"]) == 3


async def test_milestones_are_reached_and_the_pilot_is_built(world: World) -> None:
    pilot = await world.pilot()
    first = await approved(world, pilot["id"])
    await reached(world, first, "ROOF")
    at = await world.head()
    plan = await revised(world, first, milestones=[ROOF, GRID | {"dueOn": "2023-11-30"}])
    found = await seen(world.operator, plan)
    assert found["openMilestones"] == [{"code": "GRID-1"}], (
        "what was reached stays so in a later version"
    )
    refused = await unchanged(world, world.operator, "recordCompletion", **building(plan))
    assert refused == ("MILESTONES_OPEN", ["plan"])
    await reached(world, plan, "GRID-1", on="2023-09-10", document="并网验收意见书")
    await world.operator.made("recordCompletion", "plan { id }", **building(plan))
    built = await world.head()
    corrected = building(plan, stableFrom="2023-10-08", document="补充说明")
    await world.operator.made("recordCompletion", "plan { id }", **corrected)
    found = await of_pilot(world.operator, pilot["id"])
    assert found["completion"] == {
        "builtOn": "2023-09-10", "stableFrom": "2023-10-08", "document": "补充说明", "plan": {"version": 2},
    }  # fmt: skip
    then = await of_pilot(world.operator, pilot["id"], built)
    assert then["completion"]["stableFrom"] == "2023-10-01"
    then = await of_pilot(world.operator, pilot["id"], at)
    assert then["completion"] is None
    assert then["plan"]["milestones"][1] == {
        "code": "ROOF", "dueOn": "2023-06-30", "reached": {"on": "2023-06-20"},
    }  # fmt: skip


async def test_what_is_overdue_on_a_day(world: World) -> None:
    """The day that it is due is in time; what was reached later was overdue before."""
    pilot = await world.pilot()
    plan = await approved(world, pilot["id"])
    await reached(world, plan, "ROOF", on="2023-07-05")
    query = """query ($id: ID!, $on: Date!) { node(id: $id) { ... on Plan { overdueMilestones(on: $on) { code } } } }"""
    for on, expected in (
        ("2023-03-31", []), ("2023-04-01", ["SITE"]), ("2023-07-04", ["SITE", "ROOF"]), ("2023-07-05", ["SITE"]),
        ("2024-01-01", ["SITE", "GRID-1"]),
    ):  # fmt: skip
        found = await world.operator.ask(query, id=plan, on=on)
        assert [
            milestone["code"] for milestone in found["node"]["overdueMilestones"]
        ] == expected, on


async def test_who_sees_plans(world: World) -> None:
    """Drafts only their operator, and who sees everybody's; what was submitted, who sees that of every pilot."""
    pilot = await world.pilot()
    plan = await approved(world, pilot["id"])
    await completed(world, plan)
    draft = await revised(world, plan, approve=False)

    async def shown(caller: Caller) -> tuple[bool, bool, bool, int]:
        found = await of_pilot(caller, pilot["id"])
        assert (await seen(caller, plan) is None) is (found["plan"] is None)
        seen_draft = await seen(caller, draft) is not None
        built = found["completion"] is not None
        return found["plan"] is not None, built, seen_draft, found["plans"]["totalCount"]

    for caller in (world.operator, world.verifier, world.administrator):
        assert await shown(caller) == (True, True, True, 2)
    for caller in (world.regulator, world.auditor):
        assert await shown(caller) == (True, True, False, 1)
    for caller in (world.anyone, world.other_operator, world.holder, world.registry):
        assert await shown(caller) == (False, False, False, 0)


def with_milestone(**given: Any) -> dict[str, Any]:
    return {"milestones": [SITE, ROOF | given]}


def with_material(**given: Any) -> dict[str, Any]:
    return {"materials": [CONCRETE | given]}


def with_haul(**given: Any) -> dict[str, Any]:
    return with_material(haul={"mass": "1", "distance": "1", "factor": "1"} | given)


LONG = "1000000000001"
PLANS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "days out of order": ({"endsOn": "2022-12-31"}, "DATES_OUT_OF_ORDER", ["endsOn"]),
    "no day of a plan": ({"startsOn": "1989-12-31"}, "INVALID_INPUT", ["startsOn"]),
    "a milestone before its plan": (
        with_milestone(dueOn="2022-12-31"), "MILESTONE_OUTSIDE_PLAN", ["milestones", "1", "dueOn"],
    ),
    "a milestone after its plan": (
        with_milestone(dueOn="2024-01-01"), "MILESTONE_OUTSIDE_PLAN", ["milestones", "1", "dueOn"],
    ),
    "a code twice": (with_milestone(code="SITE"), "INVALID_INPUT", ["milestones", "1", "code"]),
    "a code that is none": (with_milestone(code="roof"), "INVALID_INPUT", ["milestones", "1", "code"]),
    "a milestone without a name": (
        with_milestone(name={"zh": "", "en": "x"}), "INVALID_INPUT", ["milestones", "1", "name", "zh"],
    ),
    "no milestone": ({"milestones": []}, "INVALID_INPUT", ["milestones"]),
    "no work package": ({"packages": []}, "INVALID_INPUT", ["packages"]),
    "51 work packages": ({"packages": [package()] * 51}, "INVALID_INPUT", ["packages"]),
    "a work package without a name": (
        {"packages": [package(name={"zh": "x", "en": ""})]}, "INVALID_INPUT", ["packages", "0", "name", "en"],
    ),
    "a budget below zero": ({"constructionBudget": "-1"}, "INVALID_INPUT", ["constructionBudget"]),
    "a budget finer than a gram": ({"constructionBudget": "0.0000001"}, "INVALID_INPUT", ["constructionBudget"]),
    "a budget beyond all": ({"constructionBudget": "1000000001"}, "INVALID_INPUT", ["constructionBudget"]),
    "201 materials": ({"materials": [CONCRETE] * 201}, "INVALID_INPUT", ["materials"]),
    "a material below zero": (with_material(quantity="-1"), "INVALID_INPUT", ["materials", "0", "quantity"]),
    "a material beyond all": (with_material(quantity=LONG), "INVALID_INPUT", ["materials", "0", "quantity"]),
    "a factor below zero": (with_material(factor="-1"), "INVALID_INPUT", ["materials", "0", "factor"]),
    "no unit": (with_material(unit=""), "INVALID_INPUT", ["materials", "0", "unit"]),
    "no source": (with_material(source="-"), "INVALID_INPUT", ["materials", "0", "source"]),
    "a material without a name": (
        with_material(name={"zh": "", "en": "x"}), "INVALID_INPUT", ["materials", "0", "name", "zh"],
    ),
    "a mass below zero": (with_haul(mass="-1"), "INVALID_INPUT", ["materials", "0", "haul", "mass"]),
    "around the world": (with_haul(distance="100001"), "INVALID_INPUT", ["materials", "0", "haul", "distance"]),
    "a haul beyond all": (with_haul(factor="1001"), "INVALID_INPUT", ["materials", "0", "haul", "factor"]),
}  # fmt: skip


@pytest.fixture
async def bare(world: World, _bare: dict[str, Any] = {}) -> dict[str, Any]:  # noqa: B006  (made once)
    """A pilot without a plan, and a measure of it."""
    if not _bare:
        _bare |= await world.pilot()
        _bare["measure"] = await planned(world, _bare["id"])
    return _bare


@pytest.mark.parametrize("what", PLANS)
async def test_what_cannot_be_planned(world: World, bare: dict[str, Any], what: str) -> None:
    said, code, path = PLANS[what]
    given = {"pilot": bare["id"], "terms": terms(**said)}
    found = await unchanged(world, world.operator, "draftPlan", **given)
    assert found == (code, ["terms", *path])


async def test_what_cannot_be_carried_out(world: World, bare: dict[str, Any]) -> None:
    other = await planned(world, (await world.pilot())["id"])
    own = bare["measure"]
    for packages, code, path in (
        ([package(), package(own, other)], "MEASURE_NOT_OF_PILOT", ["1", "measures", "1"]),
        ([package(as_kind("Measure", bare["id"]))], "MEASURE_NOT_OF_PILOT", ["0", "measures", "0"]),
        ([package(own), package(own)], "INVALID_INPUT", ["1", "measures", "0"]),
        ([package(*[own] * 51)], "INVALID_INPUT", ["0", "measures"]),
    ):
        given = {"pilot": bare["id"], "terms": terms(packages=packages)}
        found = await unchanged(world, world.operator, "draftPlan", **given)
        assert found == (code, ["terms", "packages", *path])


async def test_a_plan_goes_on_step_by_step(world: World) -> None:
    pilot = await world.pilot()
    plan = await drafted(world, pilot["id"])
    reason = {"reason": "依据不足"}

    async def refused(verb: str, subject: str = plan, /, **given: Any) -> tuple[str, list[str]]:
        decides = verb in {"approvePlan", "returnPlan"}
        caller = world.regulator if decides else world.operator
        return await unchanged(world, caller, verb, plan=subject, **given)

    state = ("PLAN_NOT_IN_STATE", ["plan"])
    again = {"pilot": pilot["id"], "terms": terms()}
    found = await unchanged(world, world.operator, "draftPlan", **again)
    assert found == ("PLAN_ALREADY_DRAFTED", ["pilot"])
    assert await refused("approvePlan") == state
    assert await refused("returnPlan", **reason) == state
    assert await unchanged(world, world.operator, "reachMilestone", **reaching(plan)) == state
    assert await unchanged(world, world.operator, "recordCompletion", **building(plan)) == state
    await world.operator.made("submitPlan", "plan { id }", plan=plan)
    assert await refused("submitPlan") == state
    assert await refused("revisePlan", terms=terms(), **reason) == state
    assert await refused("returnPlan", reason="无") == ("INVALID_INPUT", ["reason"])
    await world.regulator.made("approvePlan", "plan { id }", plan=plan)
    assert await refused("submitPlan") == state
    assert await refused("approvePlan") == state
    assert await refused("returnPlan", **reason) == state
    assert await refused("revisePlan", terms=terms(), reason="-") == ("INVALID_INPUT", ["reason"])
    bad = terms(constructionBudget="-1")
    found = await refused("revisePlan", terms=bad, **reason)
    assert found == ("INVALID_INPUT", ["terms", "constructionBudget"])
    other = await planned(world, (await world.pilot())["id"])
    bad = terms(packages=[package(other)])
    found = await refused("revisePlan", terms=bad, **reason)
    assert found == ("MEASURE_NOT_OF_PILOT", ["terms", "packages", "0", "measures", "0"])
    later = await revised(world, plan, approve=False)
    assert await refused("revisePlan", terms=terms(), **reason) == ("PLAN_REVISED", ["plan"])
    even_later = await revised(world, later)
    assert await refused("submitPlan", later) == state, "a draft that was revised"
    assert await unchanged(world, world.operator, "reachMilestone", **reaching(plan)) == state
    nothing = as_kind("Plan", pilot["id"])
    assert await refused("submitPlan", nothing) == ("NOT_FOUND", ["plan"])
    assert (await seen(world.operator, even_later))["planState"] == "APPROVED"


async def test_what_cannot_have_been_reached(world: World) -> None:
    pilot = await world.pilot()
    plan = await approved(world, pilot["id"])
    for said, code, path in (
        ({"milestone": "CELLAR"}, "MILESTONE_NOT_IN_PLAN", ["milestone"]),
        ({"on": "2022-12-31"}, "INVALID_INPUT", ["on"]),
        ({"on": "2090-01-01"}, "INVALID_INPUT", ["on"]),
        ({"document": "-"}, "INVALID_INPUT", ["document"]),
    ):
        given = reaching(plan, **said)
        assert await unchanged(world, world.operator, "reachMilestone", **given) == (code, path)
    await reached(world, plan, "ROOF")
    twice = ("MILESTONE_ALREADY_REACHED", ["milestone"])
    found = await unchanged(world, world.operator, "reachMilestone", **reaching(plan))
    assert found == twice
    later = await revised(world, plan)
    found = await unchanged(world, world.operator, "reachMilestone", **reaching(later))
    assert found == twice, "under the version before"


async def test_what_cannot_be_built(world: World) -> None:
    pilot = await world.pilot()
    plan = await approved(world, pilot["id"])
    await reached(world, plan, "ROOF")
    opened = await world.operator.refused("recordCompletion", **building(plan))
    assert opened["code"] == "MILESTONES_OPEN"
    assert "GRID-1" in opened["message"]["zh"]
    await reached(world, plan, "GRID-1", on="2023-09-10")
    for said, path in (
        ({"builtOn": "2023-09-09"}, ["builtOn"]),
        ({"builtOn": "2090-01-01"}, ["builtOn"]),
        ({"stableFrom": "2023-09-09"}, ["stableFrom"]),
        ({"stableFrom": "2090-01-01"}, ["stableFrom"]),
        ({"document": "无"}, ["document"]),
    ):
        given = building(plan, **said)
        found = await unchanged(world, world.operator, "recordCompletion", **given)
        assert found == ("INVALID_INPUT", path)
    same = building(plan, stableFrom="2023-09-10")
    await world.operator.made("recordCompletion", "plan { id }", **same)


FOLLOWED = """query ($pilot: ID!, $after: BigInt!) {
    eventPage(after: $after, filter: {pilots: [$pilot]}) { events { event { kind } } } }"""


async def test_who_follows_a_pilot_hears_of_its_plan(world: World) -> None:
    """Of drafts, who sees them; of what was submitted and reached, who sees that of every pilot."""
    pilot, before = await world.pilot(), str(await world.head())
    plan = await approved(world, pilot["id"])
    await completed(world, plan)
    reached_since = [
        "PLAN_SUBMITTED",
        "PLAN_APPROVED",
        "MILESTONE_REACHED",
        "MILESTONE_REACHED",
        "COMPLETION_RECORDED",
    ]

    async def heard(caller: Caller) -> list[str]:
        found = await caller.ask(FOLLOWED, pilot=pilot["id"], after=before)
        return [event["event"]["kind"] for event in found["eventPage"]["events"]]

    assert await heard(world.operator) == ["PLAN_DRAFTED", *reached_since]
    assert await heard(world.regulator) == reached_since
    assert await heard(world.other_operator) == []


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    """And no more than is reckoned beforehand."""
    pilots = [await world.pilot() for _ in range(4)]
    for pilot in pilots:
        measure = await planned(world, pilot["id"])
        plan = await approved(world, pilot["id"], packages=[package(measure)])
        await completed(world, plan)
    query = f"""query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Pilot {{
        plan {{ {PLAN} overdueMilestones(on: "2024-01-01") {{ {MILESTONE} }} }}
        plans(first: 5) {{ totalCount nodes {{ {PLAN} }} }} completion {{ stableFrom plan {{ version }} }} }} }} }}"""
    ids = [pilot["id"] for pilot in pilots]
    one = await least(lambda: world.operator.ask(query, ids=ids[:1]))
    four = await least(lambda: world.operator.ask(query, ids=ids))
    assert four <= one + 3, "two answers that come back in another order can split a batch in two"
    assert four <= reckoned(query, {"ids": ids}).statements
