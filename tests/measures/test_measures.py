"""Measures are planned, come forward, and are verified; what cannot be is refused, and nothing written."""

from typing import Any

import pytest

from tests.counting import least, reckoned
from tests.measures.planning import (
    SAVING,
    analysed,
    analysis,
    effect,
    plan,
    planned,
    progressed,
    surveyed,
    verified_effect,
)
from tests.metering.test_meters import meter
from tests.world import Caller, World, as_kind, unchanged

MEASURE = """id position name { zh } technology { code } catalogue catalogueItem route stage capex opexChange lifeYears
    startsOn expectedCo2e yearlyCo2e effectBasis measureState stateSince runningSince
    savings { carrier quantity unit price } excluded { id } pilot { code }"""
STORY = """progress { totalCount nodes { state on document } } effects { totalCount nodes { method savedCo2e yearlyCo2e
    baselineCo2e baselineStartsOn baselineEndsOn routineAdjustmentsCo2e nonRoutineAdjustmentsCo2e startsOn endsOn co2e
    rSquared cvRmse effectWarnings document verifier { id } } }"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Measure {{ {MEASURE} {STORY} }} }} }}"
CURVE = """query ($id: ID!, $year: Int!, $rate: Decimal!, $at: BigInt) { pilot(by: {id: $id}) {
    abatementCurve(year: $year, rate: $rate, asOf: $at) { year rate
        steps { measure { id } costPerTonne fromCo2e toCo2e }
        leftOut { measure { id } reason instead { id } } } } }"""
POTENTIAL = """query ($id: ID!, $year: Int!, $growth: Decimal!, $basis: Basis!, $at: BigInt) { pilot(by: {id: $id}) {
    potential(year: $year, growth: $growth, basis: $basis, period: {year: 2022}, asOf: $at) {
        year growth grossCo2e businessAsUsualCo2e expectedCo2e sinksCo2e remainingCo2e creditsToZero
        accountingPeriod { id } unknown { reason } measures { id } leftOut { measure { id } reason } } } }"""
ANALYSIS = """id position asOfPosition basis year growth growthSource grossCo2e businessAsUsualCo2e expectedCo2e
    sinksCo2e remainingCo2e paragraphs accountingPeriod { id } pilot { code }"""


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def seen(caller: Caller, measure: str) -> Any:
    return (await caller.ask(NODE, id=measure))["node"]


async def test_a_measure_is_planned(world: World) -> None:
    pilot = await world.pilot()
    await meter(world, pilot, "E-1")
    first = await planned(world, pilot["id"])
    before = await world.head()
    listed = {"catalogue": "GUANGDONG_GREEN_BUILDING", "catalogueItem": "第12项"}
    made = await world.operator.made(
        "planMeasure", f"measure {{ {MEASURE} }}",
        **plan(pilot["id"], savings=[SAVING | {"unit": "千瓦时"}], excludes=[first], **listed),
    )  # fmt: skip
    assert made == {
        "id": made["id"], "position": str(before + 1), "name": {"zh": "照明改造"},
        "technology": {"code": "BUILDING_05"}, "route": "EFFICIENCY", "stage": "OPERATION", "capex": "41000",
        "opexChange": "-50", "lifeYears": 10, "startsOn": "2024-01-01", "expectedCo2e": "50", "yearlyCo2e": "50",
        "effectBasis": "EXPECTED", "measureState": "PROPOSED", "stateSince": None, "runningSince": None,
        "savings": [SAVING], "excluded": [{"id": first}], "pilot": {"code": pilot["code"]}, **listed,
    }  # fmt: skip
    assert (await seen(world.operator, first))["excluded"] == [{"id": made["id"]}], (
        "it says so, too"
    )
    events = await world.operator.ask(
        "query ($after: BigInt!) { events(after: $after) { kind subject { id } } }",
        after=str(before),
    )
    assert events["events"] == [{"kind": "MEASURE_PLANNED", "subject": {"id": made["id"]}}]


async def test_expected_and_verified_stand_beside_each_other(world: World) -> None:
    pilot = await world.pilot()
    measure = await planned(world, pilot["id"])
    await progressed(world, measure, "CONTRACTED", "2024-01-10")
    await progressed(world, measure, "RUNNING", "2024-03-01")
    at = await world.head()
    await verified_effect(world, measure)
    c = {"method": "IPMVP_C", "rSquared": "0.65", "cvRmse": "0.25"}
    await verified_effect(world, measure, **c, nonRoutine="1.5")
    found = await seen(world.verifier, measure)
    assert (found["expectedCo2e"], found["effectBasis"], found["measureState"]) == (
        "50", "VERIFIED", "RUNNING",
    )  # fmt: skip
    # 100 − 1.5 + 1.5 − 20 = 80 over 92 days: × 365 ÷ 92.
    assert found["yearlyCo2e"] == "317.391304"
    assert (found["stateSince"], found["runningSince"]) == ("2024-03-01", "2024-03-01")
    assert found["progress"] == {"totalCount": 2, "nodes": [
        {"state": "CONTRACTED", "on": "2024-01-10", "document": "验收单2024-03"},
        {"state": "RUNNING", "on": "2024-03-01", "document": "验收单2024-03"},
    ]}  # fmt: skip
    first, second = found["effects"]["nodes"]
    assert first == {
        "method": "IPMVP_B", "savedCo2e": "78.5", "yearlyCo2e": "311.440217", "baselineCo2e": "100",
        "baselineStartsOn": "2023-01-01", "baselineEndsOn": "2023-12-31", "routineAdjustmentsCo2e": "-1.5",
        "nonRoutineAdjustmentsCo2e": "0", "startsOn": "2024-03-01", "endsOn": "2024-05-31", "co2e": "20",
        "rSquared": None, "cvRmse": None, "effectWarnings": [], "document": "核查报告7",
        "verifier": {"id": world.verifier.organisation},
    }  # fmt: skip
    assert second["effectWarnings"] == ["FIT_POOR", "SCATTER_LARGE"]
    curve = await world.operator.ask(CURVE, id=pilot["id"], year=2024, rate="0", at=str(at))
    assert curve["pilot"]["abatementCurve"]["steps"][0]["toCo2e"] == "50", "as of then, as expected"


async def test_the_abatement_curve(world: World) -> None:
    """At a rate of 0 over 10 years: (41000 ÷ 10 − 50) ÷ 50 = 81; 9000 ÷ 10 ÷ 10 = 90; the large one excludes the
    first."""
    pilot = await world.pilot()
    cheap = await planned(world, pilot["id"])
    dear = await planned(world, pilot["id"], capex="9000", opexChange="0", expected="10")
    large = await planned(
        world, pilot["id"], capex="900000", expected="60", route="SUBSTITUTION", excludes=[cheap]
    )
    bought = await planned(
        world, pilot["id"], route="PURCHASE", technology="CARBON_NEUTRALITY_01", capex="0"
    )
    found = await world.operator.ask(CURVE, id=pilot["id"], year=2024, rate="0", at=None)
    assert found["pilot"]["abatementCurve"] == {
        "year": 2024, "rate": "0",
        "steps": [
            {"measure": {"id": cheap}, "costPerTonne": "81.00", "fromCo2e": "0", "toCo2e": "50"},
            {"measure": {"id": dear}, "costPerTonne": "90.00", "fromCo2e": "50", "toCo2e": "60"},
        ],
        "leftOut": [
            {"measure": {"id": bought}, "reason": "PURCHASE", "instead": None},
            {"measure": {"id": large}, "reason": "EXCLUDED", "instead": {"id": cheap}},
        ],
    }  # fmt: skip
    await progressed(world, cheap, "RUNNING", "2024-03-01")
    await progressed(world, cheap, "STOPPED", "2024-04-01")
    found = await world.operator.ask(CURVE, id=pilot["id"], year=2024, rate="0.05", at=None)
    steps = found["pilot"]["abatementCurve"]["steps"]
    assert {step["measure"]["id"] for step in steps} == {dear, large}
    for given, path in (
        ({"rate": "-1"}, "rate"),
        ({"rate": "1.1"}, "rate"),
        ({"year": 1989}, "year"),
    ):
        asked = {"id": pilot["id"], "year": 2024, "rate": "0", "at": None} | given
        error = await world.operator.fail(CURVE, **asked)
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert error["extensions"]["inputPath"] == [path]


async def test_what_is_left_of_a_pilot(world: World) -> None:
    """1,000 t in 2022, growing by 3 % a year: 1,092.727 in 2025, of which measures take 60."""
    pilot = await surveyed(world)
    small = await planned(world, pilot["id"], capex="0")
    large = await planned(world, pilot["id"], expected="60", excludes=[small])
    asked = {"id": pilot["id"], "year": 2025, "growth": "0.03", "basis": "HISTORICAL", "at": None}
    found = (await world.operator.ask(POTENTIAL, **asked))["pilot"]["potential"]
    assert found == {
        "year": 2025, "growth": "0.03", "grossCo2e": "1000", "businessAsUsualCo2e": "1092.727",
        "expectedCo2e": "60", "sinksCo2e": "0", "remainingCo2e": "1032.727", "creditsToZero": "1033",
        "accountingPeriod": {"id": pilot["periods"][2022]}, "unknown": [], "measures": [{"id": large}],
        "leftOut": [{"measure": {"id": small}, "reason": "EXCLUDED"}],
    }  # fmt: skip
    unknown = (await world.operator.ask(POTENTIAL, **asked | {"basis": "PROJECTED"}))["pilot"]
    assert unknown["potential"]["remainingCo2e"] is None
    assert unknown["potential"]["unknown"] == [{"reason": "NO_INVENTORY"}]
    for given, path in (
        ({"growth": "-1"}, "growth"),
        ({"growth": "1.1"}, "growth"),
        ({"year": 2021}, "year"),
        # 2 to the power of 77 times as much: no BigInt has so many tonnes, nor a Decimal.
        ({"growth": "1", "year": 2099}, "growth"),
    ):
        error = await world.operator.fail(POTENTIAL, **asked | given)
        assert error["extensions"]["inputPath"] == [path]


async def test_an_analysis_keeps_its_numbers(world: World) -> None:
    pilot = await surveyed(world)
    await planned(world, pilot["id"])
    before = await world.head()
    made = await world.operator.made(
        "writePotentialAnalysis", f"analysis {{ {ANALYSIS} }}", **analysis(pilot)
    )
    expected = {
        "id": made["id"], "position": str(before + 1), "asOfPosition": str(before), "basis": "HISTORICAL",
        "year": 2025, "growth": "0.03", "growthSource": "发展规划第12页", "grossCo2e": "1000.000000",
        "businessAsUsualCo2e": "1092.727", "expectedCo2e": "50", "sinksCo2e": "0", "remainingCo2e": "1042.727",
        "paragraphs": ["用电为主，屋顶可装光伏。"], "accountingPeriod": {"id": pilot["periods"][2022]},
        "pilot": {"code": pilot["code"]},
    }  # fmt: skip
    assert made == expected
    await planned(world, pilot["id"], expected="7")
    query = f"""query ($id: ID!) {{ pilot(by: {{id: $id}}) {{
        potentialAnalyses {{ totalCount nodes {{ {ANALYSIS} }} }} }} }}"""
    found = (await world.operator.ask(query, id=pilot["id"]))["pilot"]["potentialAnalyses"]
    assert found == {"totalCount": 1, "nodes": [expected]}


async def test_who_sees_measures(world: World) -> None:
    """What they cost is not public, though what the pilot states is."""
    pilot = await surveyed(world)
    measure, written = await planned(world, pilot["id"]), await analysed(world, pilot)
    query = """query ($id: ID!, $measure: ID!, $analysis: ID!) {
        node(id: $measure) { id } nodes(ids: [$analysis]) { id }
        pilot(by: {id: $id}) { measures { totalCount nodes { id } } potentialAnalyses { totalCount }
            abatementCurve(year: 2024, rate: "0") { steps { costPerTonne } }
            potential(year: 2025, growth: "0", period: {year: 2022}, basis: HISTORICAL) { year } } }"""
    given = {"id": pilot["id"], "measure": measure, "analysis": written}
    for caller in (
        world.operator,
        world.verifier,
        world.auditor,
        world.regulator,
        world.administrator,
    ):
        found = await caller.ask(query, **given)
        assert found["node"] == {"id": measure}
        assert found["nodes"] == [{"id": written}]
        assert found["pilot"] == {
            "measures": {"totalCount": 1, "nodes": [{"id": measure}]}, "potentialAnalyses": {"totalCount": 1},
            "abatementCurve": {"steps": [{"costPerTonne": "81.00"}]}, "potential": {"year": 2025},
        }  # fmt: skip
    for caller in (world.anyone, world.other_operator, world.holder, world.registry):
        assert await caller.ask(query, **given) == {
            "node": None, "nodes": [None], "pilot": {
                "measures": {"totalCount": 0, "nodes": []}, "potentialAnalyses": {"totalCount": 0},
                "abatementCurve": {"steps": []}, "potential": None,
            },
        }  # fmt: skip


PLANS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "without an effect": ({"expected": "0"}, "MEASURE_WITHOUT_EFFECT", ["expected"]),
    "with an effect below zero": ({"expected": "-1"}, "MEASURE_WITHOUT_EFFECT", ["expected"]),
    "finer than a gram": ({"expected": "0.0000001"}, "INVALID_INPUT", ["expected"]),
    "more than there is": ({"expected": "1000000001"}, "INVALID_INPUT", ["expected"]),
    "a life of no year": ({"lifeYears": 0}, "INVALID_INPUT", ["lifeYears"]),
    "a negative life": ({"lifeYears": -1}, "INVALID_INPUT", ["lifeYears"]),
    "a life of 101 years": ({"lifeYears": 101}, "INVALID_INPUT", ["lifeYears"]),
    "paid for": ({"capex": "-1"}, "INVALID_INPUT", ["capex"]),
    "a cost finer than a fen": ({"capex": "0.001"}, "INVALID_INPUT", ["capex"]),
    "yearly costs beyond all": ({"opexChange": "1000000000001"}, "INVALID_INPUT", ["opexChange"]),
    "a technology of no guide": ({"technology": "BUILDING_99"}, "INVALID_INPUT", ["technology"]),
    "a catalogue without an item": (
        {"catalogue": "NATIONAL_LOW_CARBON"}, "INVALID_INPUT", ["catalogueItem"],
    ),
    "an item that says nothing": (
        {"catalogue": "NATIONAL_LOW_CARBON", "catalogueItem": "-"}, "INVALID_INPUT", ["catalogueItem"],
    ),
    "a name that is none": ({"name": {"zh": "x", "en": ""}}, "INVALID_INPUT", ["name", "en"]),
    "a name of none in Chinese": ({"name": {"zh": "", "en": "x"}}, "INVALID_INPUT", ["name", "zh"]),
    "a year of no plan": ({"startsOn": "2101-01-01"}, "INVALID_INPUT", ["startsOn"]),
    "a carrier that no meter has": (
        {"savings": [SAVING | {"carrier": "STEAM", "unit": "t"}]}, "SAVING_NOT_METERED",
        ["savings", "0", "carrier"],
    ),
    "a carrier twice": ({"savings": [SAVING, SAVING]}, "INVALID_INPUT", ["savings"]),
    "nothing saved": ({"savings": [SAVING | {"quantity": "0"}]}, "INVALID_INPUT", ["savings", "0", "quantity"]),
    "too much saved": (
        {"savings": [SAVING | {"quantity": "1000000000001"}]}, "INVALID_INPUT", ["savings", "0", "quantity"],
    ),
    "a price below zero": ({"savings": [SAVING | {"price": "-1"}]}, "INVALID_INPUT", ["savings", "0", "price"]),
    "a unit of no carrier": (
        {"savings": [SAVING | {"unit": "m3"}]}, "UNIT_DOES_NOT_FIT", ["savings", "0", "unit"],
    ),
    "a unit of nobody": ({"savings": [SAVING | {"unit": "furlong"}]}, "UNIT_UNKNOWN", ["savings", "0", "unit"]),
}  # fmt: skip


@pytest.fixture
async def metered(world: World, _metered: dict[str, Any] = {}) -> dict[str, Any]:  # noqa: B006  (made once)
    """A pilot with a meter of electricity, and a measure."""
    if not _metered:
        _metered |= await world.pilot()
        await meter(world, _metered, "E-1")
        _metered["measure"] = await planned(world, _metered["id"])
    return _metered


@pytest.mark.parametrize("what", PLANS)
async def test_what_cannot_be_planned(world: World, metered: dict[str, Any], what: str) -> None:
    said, code, path = PLANS[what]
    given = plan(metered["id"], **said)
    assert await unchanged(world, world.operator, "planMeasure", **given) == (code, path)


async def test_what_cannot_be_excluded(world: World, metered: dict[str, Any]) -> None:
    other = await planned(world, (await world.pilot())["id"])
    nothing = as_kind("Measure", metered["id"])
    for excludes, code, path in (
        ([other], "MEASURE_NOT_OF_PILOT", ["excludes", "0"]),
        ([metered["measure"], nothing], "MEASURE_NOT_OF_PILOT", ["excludes", "1"]),
        ([metered["measure"]] * 2, "INVALID_INPUT", ["excludes"]),
    ):
        given = plan(metered["id"], excludes=excludes)
        assert await unchanged(world, world.operator, "planMeasure", **given) == (code, path)


async def test_a_measure_comes_forward(world: World) -> None:
    measure = await planned(world, (await world.pilot())["id"])

    async def refused(state: str, on: str, document: str = "验收单") -> tuple[str, list[str]]:
        given = {"measure": measure, "state": state, "on": on, "document": document}
        return await unchanged(world, world.operator, "recordMeasureProgress", **given)

    back = ("MEASURE_PROGRESS_REFUSED", ["state"])
    assert await refused("PROPOSED", "2024-01-01") == back
    assert await refused("BUILT", "2999-01-01") == ("INVALID_INPUT", ["on"])
    assert await refused("BUILT", "2024-01-01", "无") == ("INVALID_INPUT", ["document"])
    await progressed(world, measure, "BUILT", "2024-02-01")
    assert await refused("CONTRACTED", "2024-03-01") == back
    assert await refused("BUILT", "2024-03-01") == back
    assert await refused("RUNNING", "2024-01-31") == ("INVALID_INPUT", ["on"])
    for state, on in (
        ("RUNNING", "2024-02-01"),
        ("STOPPED", "2024-03-01"),
        ("RUNNING", "2024-04-01"),
    ):
        await progressed(world, measure, state, on)
    found = await seen(world.operator, measure)
    assert (found["stateSince"], found["runningSince"]) == ("2024-04-01", "2024-02-01")


EFFECTS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "days before it runs": (
        {"reporting": {"startsOn": "2024-02-29", "endsOn": "2024-05-31", "co2e": "1"}},
        "EFFECT_BEFORE_RUNNING", ["reporting", "startsOn"],
    ),
    "a baseline that is not before": (
        {"baseline": {"startsOn": "2023-01-01", "endsOn": "2024-03-01", "co2e": "1"}},
        "INVALID_INPUT", ["reporting", "startsOn"],
    ),
    "days to come": (
        {"reporting": {"startsOn": "2024-03-01", "endsOn": "2090-01-01", "co2e": "1"}},
        "INVALID_INPUT", ["reporting", "startsOn"],
    ),
    "days out of order": (
        {"reporting": {"startsOn": "2024-04-01", "endsOn": "2024-03-01", "co2e": "1"}},
        "DATES_OUT_OF_ORDER", ["reporting", "endsOn"],
    ),
    "a baseline below zero": (
        {"baseline": {"startsOn": "2023-01-01", "endsOn": "2023-12-31", "co2e": "-1"}},
        "INVALID_INPUT", ["baseline", "co2e"],
    ),
    "emissions below zero": (
        {"reporting": {"startsOn": "2024-03-01", "endsOn": "2024-05-31", "co2e": "-1"}},
        "INVALID_INPUT", ["reporting", "co2e"],
    ),
    "an adjustment beyond all": ({"routine": "1000000001"}, "INVALID_INPUT", ["routine"]),
    "another beyond all": ({"nonRoutine": "0.0000001"}, "INVALID_INPUT", ["nonRoutine"]),
    "a regression of no facility": ({"rSquared": "0.9"}, "INVALID_INPUT", ["rSquared"]),
    "a facility without a regression": ({"method": "IPMVP_C"}, "INVALID_INPUT", ["rSquared"]),
    "a facility without its scatter": (
        {"method": "IPMVP_C", "rSquared": "0.9"}, "INVALID_INPUT", ["cvRmse"],
    ),
    "an R² above 1": (
        {"method": "IPMVP_C", "rSquared": "1.1", "cvRmse": "0.1"}, "INVALID_INPUT", ["rSquared"],
    ),
    "a scatter below zero": (
        {"method": "IPMVP_C", "rSquared": "0.9", "cvRmse": "-0.1"}, "INVALID_INPUT", ["cvRmse"],
    ),
    "no report": ({"document": "-"}, "INVALID_INPUT", ["document"]),
}  # fmt: skip


async def test_what_cannot_be_verified(world: World) -> None:
    measure = await planned(world, (await world.pilot())["id"])
    found = await unchanged(world, world.verifier, "verifyMeasureEffect", **effect(measure))
    assert found == ("EFFECT_BEFORE_RUNNING", ["reporting", "startsOn"])
    await progressed(world, measure, "RUNNING", "2024-03-01")
    for said, code, path in EFFECTS.values():
        given = effect(measure, **said)
        found = await unchanged(world, world.verifier, "verifyMeasureEffect", **given)
        assert found == (code, path)
    nothing = effect(as_kind("Measure", world.verifier.organisation))
    found = await unchanged(world, world.verifier, "verifyMeasureEffect", **nothing)
    assert found == ("NOT_FOUND", ["measure"])


async def test_what_cannot_be_analysed(world: World) -> None:
    pilot = await surveyed(world)
    other = await world.pilot()
    for said, code, path in (
        ({"basis": "PROJECTED"}, "POTENTIAL_BASELINE_UNKNOWN", ["accountingPeriod"]),
        ({"accountingPeriod": other["periods"][2022]}, "PERIOD_NOT_OF_PILOT", ["accountingPeriod"]),
        ({"year": 2021}, "INVALID_INPUT", ["year"]),
        ({"growth": "-1"}, "INVALID_INPUT", ["growth"]),
        ({"growth": "1", "year": 2099}, "INVALID_INPUT", ["growth"]),
        ({"growthSource": "-"}, "INVALID_INPUT", ["growthSource"]),
        ({"paragraphs": []}, "INVALID_INPUT", ["paragraphs"]),
        ({"paragraphs": ["好的。", "无"]}, "INVALID_INPUT", ["paragraphs", "1"]),
        ({"paragraphs": ["好的。"] * 51}, "INVALID_INPUT", ["paragraphs"]),
        ({"asOf": "999999"}, "INVALID_INPUT", ["asOf"]),
    ):
        given = analysis(pilot, **said)
        found = await unchanged(world, world.operator, "writePotentialAnalysis", **given)
        assert found == (code, path)


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    """And no more than is reckoned beforehand."""
    pilots = [await surveyed(world) for _ in range(4)]
    for pilot in pilots:
        await planned(world, pilot["id"])
    query = f"""query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Pilot {{
        measures(first: 5) {{ totalCount nodes {{ {MEASURE} {STORY} }} }}
        abatementCurve(year: 2024, rate: "0.05") {{ steps {{ costPerTonne }} }}
        potential(year: 2025, growth: "0", period: {{year: 2022}}, basis: HISTORICAL) {{ remainingCo2e }} }} }} }}"""
    ids = [pilot["id"] for pilot in pilots]
    one = await least(lambda: world.operator.ask(query, ids=ids[:1]))
    four = await least(lambda: world.operator.ask(query, ids=ids))
    assert four <= one + 3, "two answers that come back in another order can split a batch in two"
    assert four <= reckoned(query, {"ids": ids}).statements
