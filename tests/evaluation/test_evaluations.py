"""Evaluations are opened, gone through and decided; what cannot be is refused, and nothing written."""

from dataclasses import replace
from typing import Any

import pytest

from tests.counting import least, reckoned
from tests.evaluation.evaluating import (
    EXPERTS,
    answered,
    closed,
    decided,
    deciding,
    empanelled,
    found,
    given_points,
    in_days,
    opened,
    opening,
    ready,
    scored,
    scoring,
    self_evaluated,
    stable,
    visited,
)
from tests.measures.planning import planned
from tests.plans.drafting import approved, completed
from tests.targets.stating import stated
from tests.world import Caller, World, as_kind, unchanged

FACTS = """id position evaluationState startsOn endsOn openedOn rangeCategories scheme { code } pilot { code }
    rangePilots { code } improveBy score"""
STORY = """selfEvaluations { statement document } siteVisits { on notes document }
    panels { position experts { number name employer organisation { id } } }
    items { item { code } meanPoints met scores { expert points met reason } }
    findings { id severity text due findingState overdue(on: "2099-01-01") findingSteps { findingState text document } }
    followUps { measure { id } finding { id } }
    decision { verdict reason asOfPosition score band { zh } grossCo2e sinksCo2e purchasedTonnes resultCo2e }"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Evaluation {{ {FACTS} {STORY} }} }} }}"
RESULT = """query ($id: ID!, $at: BigInt) { node(id: $id) { ... on Evaluation {
    result(asOf: $at) { grossCo2e sinksCo2e purchasedTonnes resultCo2e unknown } } } }"""
DISTURBED = """query ($id: ID!, $at: BigInt) { node(id: $id) { ... on Evaluation {
    disturbedBy(asOf: $at) { position kind subject { id } } } } }"""


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


@pytest.fixture
async def pilot(world: World, _made: dict[str, Any] = {}) -> dict[str, Any]:  # noqa: B006  (made once)
    """A building that may be evaluated."""
    if not _made:
        _made |= await stable(world)
    return _made


async def seen(caller: Caller, evaluation: str, /, query: str = NODE, **given: Any) -> Any:
    return (await caller.ask(query, id=evaluation, **given))["node"]


async def test_an_evaluation_is_opened(world: World) -> None:
    of_pilot = await stable(world)
    before = await world.head()
    made = await world.regulator.made(
        "openEvaluation", f"evaluation {{ {FACTS} }}", **opening(of_pilot)
    )
    assert made == {
        "id": made["id"], "position": str(before + 1), "evaluationState": "OPEN", "startsOn": "2022-01-01",
        "endsOn": "2022-12-31", "openedOn": "2023-11-30", "rangeCategories": None,
        "scheme": {"code": "GD_TRIAL"}, "pilot": {"code": of_pilot["code"]},
        "rangePilots": [{"code": of_pilot["code"]}], "improveBy": None, "score": None,
    }  # fmt: skip
    query = "query ($after: BigInt!) { events(after: $after) { kind subject { id } } }"
    events = (await world.regulator.ask(query, after=str(before)))["events"]
    assert events == [{"kind": "EVALUATION_OPENED", "subject": {"id": made["id"]}}]
    query = """query ($id: ID!) { pilot(by: {id: $id}) {
        evaluations { totalCount nodes { id } } } }"""
    listed = (await world.operator.ask(query, id=of_pilot["id"]))["pilot"]["evaluations"]
    assert listed == {"totalCount": 1, "nodes": [{"id": made["id"]}]}
    for caller in (world.anyone, world.other_operator, world.holder):
        assert (await caller.ask(query, id=of_pilot["id"]))["pilot"]["evaluations"]["nodes"] == []
        assert await seen(caller, made["id"]) is None


async def test_from_self_evaluation_to_follow_up(world: World) -> None:
    of_pilot = await stable(world)
    evaluation = await ready(world, of_pilot, **scored("SZ_ROUTINE"))
    await given_points(world, evaluation, "80", "85", "90", "85.5", "70")
    finding = await found(world, evaluation)
    await answered(world, finding)
    await closed(world, finding)
    await decided(world, evaluation)
    measure = await planned(world, of_pilot["id"])
    await world.operator.made(
        "followUp", "evaluation { id }", evaluation=evaluation, finding=finding, measure=measure
    )
    whole = await seen(world.regulator, evaluation)
    assert whole["selfEvaluations"] == [{"statement": "各项指标均已达到", "document": "自评报告"}]
    assert whole["siteVisits"] == [
        {"on": "2024-09-01", "notes": "光伏与计量表在用", "document": "现场核查记录"}
    ]
    assert [e["name"] for e in whole["panels"][0]["experts"]] == [e["name"] for e in EXPERTS]
    (item,) = whole["items"]
    # (80 + 85 + 90 + 85.5 + 70) ÷ 5 = 410.5 ÷ 5.
    assert (item["item"], item["meanPoints"], whole["score"]) == ({"code": "TOTAL"}, "82.1", "82.1")
    assert item["scores"][3] == {
        "expert": 4, "points": "85.5", "met": None, "reason": "专家现场核查属实",
    }  # fmt: skip
    assert whole["findings"][0]["findingSteps"] == [
        {"findingState": "ANSWERED", "text": "已加装并校准", "document": "安装验收单"},
        {"findingState": "CLOSED", "text": "复核无误", "document": None},
    ]
    assert (whole["findings"][0]["findingState"], whole["findings"][0]["overdue"]) == (
        "CLOSED",
        False,
    )
    assert whole["followUps"] == [{"measure": {"id": measure}, "finding": {"id": finding}}]
    assert whole["evaluationState"] == "PASSED"
    assert whole["decision"] == {
        "verdict": "PASSED", "reason": "专家现场核查属实", "asOfPosition": whole["decision"]["asOfPosition"],
        "score": "82.1", "band": {"zh": "通过"}, "grossCo2e": "1000", "sinksCo2e": "0", "purchasedTonnes": "0",
        "resultCo2e": "1000",
    }  # fmt: skip


async def test_what_a_decision_rests_on_stays(world: World) -> None:
    """A credit of it is invalidated: it is named, and the decision's own numbers stay to the last digit."""
    of_pilot = await stable(world)
    prefix = f"EV-{await world.head()}"
    await world.issue(await world.project(), prefix, 1, 300)
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(of_pilot, prefix, 1, 200)
    )
    evaluation = await ready(world, of_pilot)
    await decided(world, evaluation)
    decision = (await seen(world.regulator, evaluation))["decision"]
    numbers = {
        "grossCo2e": "1000", "sinksCo2e": "0", "purchasedTonnes": "200", "resultCo2e": "800",
    }  # fmt: skip
    assert {name: decision[name] for name in numbers} == numbers
    assert (await seen(world.regulator, evaluation, DISTURBED))["disturbedBy"] == []
    # What concerns others disturbs nothing.
    await world.pilot()
    before = await world.head()
    await world.registry.made(
        "invalidateCredits", "posting { id }", reason="签发被撤销", document="公告7", target={"serials": {
            "programme": "CCER", "block": {"range": {"prefix": prefix, "first": "1", "last": "50"}}}},
    )  # fmt: skip
    await world.pilot()
    disturbed = (await seen(world.regulator, evaluation, DISTURBED))["disturbedBy"]
    assert [(e["position"], e["kind"]) for e in disturbed] == [
        (str(before + 1), "CREDITS_INVALIDATED")
    ]
    assert (await seen(world.regulator, evaluation, DISTURBED, at=str(before)))["disturbedBy"] == []
    assert (await seen(world.regulator, evaluation))["decision"] == decision
    then = await seen(world.regulator, evaluation, RESULT, at=decision["asOfPosition"])
    assert then["result"] == numbers | {"unknown": []}
    now = (await seen(world.regulator, evaluation, RESULT))["result"]
    assert (now["purchasedTonnes"], now["resultCo2e"]) == ("150", "850")


async def test_a_range_of_categories(world: World) -> None:
    of_pilot = await stable(world)
    evaluation = await opened(world, of_pilot, range={"categories": ["ENERGY_CONSUMPTION"]})
    result = (await seen(world.regulator, evaluation, RESULT))["result"]
    assert (result["grossCo2e"], result["unknown"]) == ("1000", [])
    assert (await seen(world.regulator, evaluation))["rangeCategories"] == ["ENERGY_CONSUMPTION"]
    # What was retired for these days is of that range: another one waits.
    refused = await unchanged(world, world.regulator, "openEvaluation", **opening(of_pilot))
    assert refused == ("RANGE_TAKEN", ["range"])
    await opened(world, of_pilot, range={"categories": ["ENERGY_CONSUMPTION"]})


async def test_a_range_of_pilots_inside(world: World) -> None:
    """Two buildings of a park together; what is retired for one from inside the other reduces nothing."""
    park = await stable_park(world)
    houses = [await world.pilot(surroundingPilot=park["id"]) for _ in range(2)]
    for house in houses:
        await stated(world, house, 2022, "300")
    prefix = f"EV-{await world.head()}"
    await world.issue(await world.project(pilot=houses[0]["id"]), prefix, 1, 100)
    inside = world.retirement(houses[1], prefix, 1, 40)
    await world.registry.made("retireCredits", "retirement { id }", **inside)
    await world.issue(await world.project(), f"{prefix}X", 1, 100)
    outside = world.retirement(houses[1], f"{prefix}X", 1, 30)
    await world.registry.made("retireCredits", "retirement { id }", **outside)
    evaluation = await opened(world, park, range={"pilots": [house["id"] for house in houses]})
    result = (await seen(world.regulator, evaluation, RESULT))["result"]
    assert result == {
        "grossCo2e": "600", "sinksCo2e": "0", "purchasedTonnes": "30", "resultCo2e": "570", "unknown": [],
    }  # fmt: skip
    both = {"pilots": [park["id"], houses[0]["id"]]}
    beside = {"pilots": [(await world.pilot())["id"]]}
    for said, code in ((both, "RANGE_COUNTS_TWICE"), (beside, "RANGE_OUTSIDE_PILOT")):
        given = opening(park, range=said)
        refused = await unchanged(world, world.regulator, "openEvaluation", **given)
        assert refused == (code, ["range", "pilots"])


async def test_numbers_of_another_operators_pilot_stay_its_own(world: World) -> None:
    """A park is evaluated by a building in it that another operator runs: who sees its numbers is as everywhere."""
    park = await stable_park(world)
    theirs = replace(world, operator=world.other_operator)
    house = await theirs.pilot(surroundingPilot=park["id"])
    await stated(theirs, house, 2022, "300", verify=False)
    evaluation = await ready(world, park, range={"pilots": [house["id"]]})
    await decided(world, evaluation)
    numbers = "query ($id: ID!) { node(id: $id) { ... on Evaluation { decision { verdict resultCo2e } } } }"
    assert (await seen(world.regulator, evaluation, numbers))["decision"]["resultCo2e"] == "300"
    # The park's operator sees what was verified alone, as everybody does.
    unseen = {"verdict": "PASSED", "resultCo2e": None}
    assert (await seen(world.operator, evaluation, numbers))["decision"] == unseen
    assert (await seen(world.operator, evaluation, RESULT))["result"]["unknown"] == ["NO_INVENTORY"]
    closing = {"pilot": house["id"], "statementVisibility": "ROLES"}
    await theirs.operator.made("amendPilot", "pilot { id }", **closing)
    assert (await seen(world.operator, evaluation, RESULT))["result"] == {
        "grossCo2e": None, "sinksCo2e": None, "purchasedTonnes": None, "resultCo2e": None, "unknown": ["NOT_SHOWN"],
    }  # fmt: skip
    assert (await seen(world.regulator, evaluation, RESULT))["result"]["grossCo2e"] == "300"


async def test_what_disturbs_tells_nothing_of_what_is_not_shown(world: World) -> None:
    """Of a range of two operators' buildings, each learns when its own numbers changed, and the regulator of both."""
    park = await stable_park(world)
    theirs = replace(world, operator=world.other_operator)
    own = await world.pilot(surroundingPilot=park["id"])
    house = await theirs.pilot(surroundingPilot=park["id"], statementVisibility="ROLES")
    await stated(world, own, 2022, "100")
    await stated(theirs, house, 2022, "300")
    evaluation = await ready(world, park, range={"pilots": [own["id"], house["id"]]})
    await decided(world, evaluation)
    prefix = f"EV-{await world.head()}"
    await world.issue(await world.project(), prefix, 1, 300)
    positions = []
    for number, pilot in enumerate((house, own)):
        given = world.retirement(pilot, prefix, number * 10 + 1, number * 10 + 9)
        await world.registry.made("retireCredits", "retirement { id }", **given)
        positions.append(str(await world.head()))
    for caller, named in ((world.regulator, positions), (world.operator, positions[1:])):
        disturbed = (await seen(caller, evaluation, DISTURBED))["disturbedBy"]
        assert [entry["position"] for entry in disturbed] == named


async def stable_park(world: World) -> dict[str, Any]:
    park = await world.pilot("PARK")
    plan = await approved(world, park["id"])
    await completed(world, plan, builtOn="2023-08-01", stableFrom="2023-08-31")
    return park


OPENINGS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "one day too early": ({"on": "2023-11-29"}, "NOT_YET_STABLE", ["on"]),
    "three months of a scheme that asks for a year": ({"scheme": "SZ_ROUTINE"}, "NOT_YET_STABLE", ["on"]),
    "a scheme of parks": ({"scheme": "PARK_ZERO_CARBON"}, "SCHEME_NOT_FOR_KIND", ["scheme"]),
    "a scheme of nobody": ({"scheme": "MAGIC"}, "INVALID_INPUT", ["scheme"]),
    "a period cut at its start": ({"startsOn": "2022-02-01"}, "RANGE_CUTS_PERIOD", ["startsOn"]),
    "a period cut at its end": ({"endsOn": "2022-12-30"}, "RANGE_CUTS_PERIOD", ["endsOn"]),
    "days before the first period": ({"startsOn": "2021-01-01"}, "RANGE_WITHOUT_PERIOD", ["range"]),
    "days out of order": ({"endsOn": "2021-12-31"}, "DATES_OUT_OF_ORDER", ["endsOn"]),
    "eleven years": ({"startsOn": "2012-01-01"}, "INVALID_INPUT", ["endsOn"]),
    "before the days are over": ({"on": "2022-12-31"}, "INVALID_INPUT", ["on"]),
    "on a day to come": ({"on": "2098-01-01"}, "INVALID_INPUT", ["on"]),
    "of no category": ({"range": {"categories": []}}, "INVALID_INPUT", ["range", "categories"]),
    "of a category twice": (
        {"range": {"categories": ["OTHER", "OTHER"]}}, "INVALID_INPUT", ["range", "categories"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OPENINGS)
async def test_what_cannot_be_opened(world: World, pilot: dict[str, Any], what: str) -> None:
    said, code, path = OPENINGS[what]
    given = opening(pilot, **said)
    assert await unchanged(world, world.regulator, "openEvaluation", **given) == (code, path)


async def test_the_first_day_is_told(world: World, pilot: dict[str, Any]) -> None:
    payload = await world.regulator.refused("openEvaluation", **opening(pilot, on="2023-11-29"))
    assert "2023-11-30" in payload["message"]["zh"]
    assert "2023-11-30" in payload["message"]["en"]


async def test_what_else_cannot_be_opened(world: World, pilot: dict[str, Any]) -> None:
    unfinished = await world.pilot()
    twice = {"range": {"pilots": [pilot["id"]] * 2}}
    nobody = as_kind("Pilot", world.regulator.organisation)
    for given, code, path in (
        (opening(unfinished), "PILOT_NOT_COMPLETED", ["pilot"]),
        (opening(pilot, **twice), "INVALID_INPUT", ["range", "pilots"]),
        (opening(pilot) | {"pilot": nobody}, "NOT_FOUND", ["pilot"]),
        (opening(pilot, range={"pilots": [nobody]}), "NOT_FOUND", ["range", "pilots"]),
    ):
        assert await unchanged(world, world.regulator, "openEvaluation", **given) == (code, path)


async def test_steps_come_in_their_order(world: World, pilot: dict[str, Any]) -> None:
    evaluation = await opened(world, pilot, **scored("SZ_ROUTINE"))
    ends = ("EVALUATION_STEP_MISSING", ["evaluation"])
    appoint = {"evaluation": evaluation, "experts": EXPERTS}
    visit = {
        "evaluation": evaluation,
        "on": "2024-09-01",
        "notes": "光伏在用",
        "document": "记录单",
    }
    finding = {"evaluation": evaluation, "severity": "MINOR", "text": "缺计量表", "due": in_days(1)}

    async def refused(verb: str, **given: Any) -> tuple[str, list[str]]:
        return await unchanged(world, world.regulator, verb, **given)

    assert await refused("appointPanel", **appoint) == ends
    await self_evaluated(world, evaluation)
    assert await refused("recordSiteVisit", **visit) == ends
    assert await refused("recordFinding", **finding) == ends
    await empanelled(world, evaluation)
    assert await refused("scoreItem", **scoring(evaluation)) == ends
    await visited(world, evaluation)
    await given_points(world, evaluation, "60", "60", "60", "60")
    assert await refused("decideEvaluation", **deciding(evaluation, "FAILED")) == ends
    for said, path in (
        ({"on": "2024-08-30"}, "on"),
        ({"on": in_days(1)}, "on"),
        ({"notes": "无"}, "notes"),
        ({"document": "-"}, "document"),
    ):
        assert await refused("recordSiteVisit", **visit | said) == ("INVALID_INPUT", [path])
    for said, path in (({"due": in_days(-1)}, "due"), ({"text": "-"}, "text")):
        assert await refused("recordFinding", **finding | said) == ("INVALID_INPUT", [path])
    nothing = {"evaluation": evaluation, "statement": "无", "document": "自评报告"}
    refusal = await unchanged(world, world.operator, "selfEvaluate", **nothing)
    assert refusal == ("INVALID_INPUT", ["statement"])


async def test_who_is_of_a_panel(world: World, pilot: dict[str, Any]) -> None:
    evaluation = await opened(world, pilot)
    await self_evaluated(world, evaluation)
    own = await world.operator.ask("{ viewer { name { zh } } }")
    name = own["viewer"]["name"]["zh"]
    theirs = EXPERTS[0] | {"organisation": world.operator.organisation}
    nobody = EXPERTS[0] | {"organisation": as_kind("Organisation", pilot["id"])}
    size, employed = ("PANEL_SIZE_REFUSED", ["experts"]), "EXPERT_OF_OPERATOR"
    for experts, refusal in (
        (EXPERTS[:4], size),
        ([*EXPERTS, EXPERTS[0] | {"name": "周六"}], size),
        ([EXPERTS[0] | {"name": f"专家{n}"} for n in range(27)], size),
        ([*EXPERTS[1:], theirs], (employed, ["experts", "4", "employer"])),
        ([EXPERTS[0] | {"employer": f" {name}".strip().upper()}, *EXPERTS[1:]],
         (employed, ["experts", "0", "employer"])),
        ([EXPERTS[0] | {"employer": "某单位"}, *EXPERTS[1:]], (employed, ["experts", "0", "employer"])),
        ([nobody, *EXPERTS[1:]], ("NOT_FOUND", ["experts", "0", "organisation"])),
        ([*EXPERTS[:4], EXPERTS[0]], ("INVALID_INPUT", ["experts", "4", "name"])),
        ([*EXPERTS[:4], EXPERTS[4] | {"name": ""}], ("INVALID_INPUT", ["experts", "4", "name"])),
        ([*EXPERTS[:4], EXPERTS[4] | {"employer": "无"}], ("INVALID_INPUT", ["experts", "4", "employer"])),
    ):  # fmt: skip
        given = {"evaluation": evaluation, "experts": experts}
        assert await unchanged(world, world.regulator, "appointPanel", **given) == refusal


async def test_a_name_is_erased(world: World, pilot: dict[str, Any]) -> None:
    """All else of the panel stays; no entry of the log ever had the name."""
    evaluation = await opened(world, pilot)
    await self_evaluated(world, evaluation)
    await empanelled(world, evaluation)
    panel = (await seen(world.regulator, evaluation))["panels"][0]["position"]
    erased = {"evaluation": evaluation, "panel": panel, "expert": 2}
    await world.regulator.made("eraseExpertName", "evaluation { id }", **erased)
    experts = (await seen(world.regulator, evaluation))["panels"][0]["experts"]
    assert [e["name"] for e in experts] == ["张一", None, "王三", "赵四", "陈五"]
    assert experts[1]["employer"] == "某研究院"
    for given, path in (
        ({"panel": "1"}, "panel"),
        ({"expert": 6}, "expert"),
        ({"expert": 0}, "expert"),
    ):
        refusal = await unchanged(world, world.regulator, "eraseExpertName", **erased | given)
        assert refusal == ("NOT_FOUND", [path])


async def test_what_cannot_be_scored(world: World, pilot: dict[str, Any]) -> None:
    evaluation = await ready(world, pilot, **scored("SZ_ROUTINE"))
    await given_points(world, evaluation, "80")

    async def refused(**given: Any) -> tuple[str, list[str]]:
        return await unchanged(world, world.regulator, "scoreItem", **scoring(evaluation, **given))

    assert await refused() == ("ITEM_ALREADY_SCORED", ["item"])
    for expert in (0, 6, -1):
        assert await refused(expert=expert) == ("EXPERT_NOT_OF_PANEL", ["expert"])
    assert await refused(expert=2, item="CARBON_PER_ENERGY") == ("ITEM_NOT_OF_SCHEME", ["item"])
    for points in ("-1", "100.01", "80.001", None):
        assert await refused(expert=2, points=points) == ("INVALID_INPUT", ["points"])
    assert await refused(expert=2, met=True) == ("INVALID_INPUT", ["met"])
    assert await refused(expert=2, reason="-") == ("INVALID_INPUT", ["reason"])
    # A panel that is appointed later scores anew.
    await empanelled(world, evaluation)
    await given_points(world, evaluation, "90")
    assert (await seen(world.regulator, evaluation))["items"][0]["meanPoints"] == "90"


async def test_a_veto(world: World) -> None:
    park = await stable_park(world)
    await stated_park(world, park)
    evaluation = await ready(world, park, **scored("PARK_ZERO_CARBON"))
    await suggests(world, evaluation, None, "ENERGY_NOT_RECORDED")
    await world.operator.made(
        "recordDenominator", "denominator { id }", pilot=park["id"], denominatorKind="COAL_EQUIVALENT", value="250000",
        firstDay="2022-01-01", lastDay="2022-12-31", source="综合能耗统计",
    )  # fmt: skip
    await suggests(world, evaluation, "500 t CO2e/a ÷ 250000 tce/a = 0.002 t CO2e/tce", None)
    assert await unchanged(
        world, world.regulator, "scoreItem", **scoring(evaluation, item="CARBON_PER_ENERGY")
    ) == ("INVALID_INPUT", ["points"])
    for expert in range(1, 6):
        for item, met in (("CARBON_PER_ENERGY", expert < 3), ("ENERGY_THRESHOLD", False)):
            given = scoring(evaluation, expert, None, item=item, met=met)
            await world.regulator.made("scoreItem", "evaluation { id }", **given)
    items = {
        i["item"]["code"]: i["met"] for i in (await seen(world.regulator, evaluation))["items"]
    }
    assert items == {"CARBON_PER_ENERGY": False, "ENERGY_THRESHOLD": False}
    refusal = await unchanged(world, world.regulator, "decideEvaluation", **deciding(evaluation))
    assert refusal == ("VETO_FAILED", ["verdict"])
    await decided(world, evaluation, "FAILED")


async def suggests(world: World, evaluation: str, working: str | None, unknown: str | None) -> None:
    """What facts suggest of carbon per energy; nothing is scored by that."""
    query = """query ($id: ID!) { node(id: $id) { ... on Evaluation { items { scores { met }
        suggestion { value limit met working unknown } } } } }"""
    [first, _] = (await seen(world.regulator, evaluation, query))["items"]
    values = ("0.002", "0.2", True) if working else (None, None, None)
    assert first == {"scores": [], "suggestion": dict(zip(
        ("value", "limit", "met", "working", "unknown"), (*values, working, unknown), strict=True))}  # fmt: skip


async def stated_park(world: World, park: dict[str, Any]) -> None:
    inventory = await world.inventory(park)
    line = {
        "category": "FUEL_FIXED_EQUIPMENT", "label": "实测 / measured",
        "activity": {"value": "500", "unit": "tCO2"}, "factor": "measured.co2",
    }  # fmt: skip
    await world.record(inventory, line)
    await world.submit(inventory)


async def test_what_cannot_pass(world: World) -> None:
    of_pilot = await stable(world)
    evaluation = await ready(world, of_pilot, **scored("SZ_ROUTINE"))
    await given_points(world, evaluation, "60", "60", "60", "60", "59.9")
    finding = await found(world, evaluation)

    async def refused(**given: Any) -> tuple[str, list[str]]:
        return await unchanged(
            world, world.regulator, "decideEvaluation", **deciding(evaluation, **given)
        )

    assert await refused() == ("MAJOR_FINDINGS_OPEN", ["verdict"])
    closing = {"finding": finding, "text": "复核无误"}
    standing = ("FINDING_NOT_IN_STATE", ["finding"])
    assert await unchanged(world, world.regulator, "closeFinding", **closing) == standing
    await answered(world, finding)
    assert await refused() == ("MAJOR_FINDINGS_OPEN", ["verdict"]), "an answer is not enough"
    await answered(world, finding)
    await closed(world, finding)
    assert await unchanged(world, world.regulator, "closeFinding", **closing) == standing
    again = {"finding": finding, "text": "已加装", "document": "安装验收单"}
    assert await unchanged(world, world.operator, "answerFinding", **again) == standing
    for field in ("text", "document"):
        nothing = again | {field: "-"}
        assert await unchanged(world, world.operator, "answerFinding", **nothing) == (
            "INVALID_INPUT",
            [field],
        )
    # 59.98 is below 60.
    assert await refused() == ("SCORE_BELOW_PASS_MARK", ["verdict"])
    assert await refused(reason="-") == ("INVALID_INPUT", ["reason"])
    assert await refused(asOf="1") == ("INVALID_INPUT", ["asOf"])
    assert await refused(asOf="99999999") == ("INVALID_INPUT", ["asOf"])


async def test_what_is_not_known_does_not_pass(world: World) -> None:
    of_pilot = await stable(world)
    given = {"startsOn": "2023-01-01", "endsOn": "2023-12-31", "on": "2024-01-01"}
    evaluation = await ready(world, of_pilot, **given)
    result = (await seen(world.regulator, evaluation, RESULT))["result"]
    assert (result["resultCo2e"], result["unknown"]) == (None, ["NO_INVENTORY"])
    refusal = await unchanged(world, world.regulator, "decideEvaluation", **deciding(evaluation))
    assert refusal == ("EVALUATION_RESULT_UNKNOWN", ["verdict"])
    await decided(world, evaluation, "FAILED")
    assert (await seen(world.regulator, evaluation))["decision"]["resultCo2e"] is None


async def test_a_decision_stays(world: World) -> None:
    """Twice failed by a scheme that lets it be tried once more, it ends there."""
    of_pilot = await stable(world)
    for _ in range(2):
        evaluation = await ready(world, of_pilot, **scored("SZ_ROUTINE"))
        await given_points(world, evaluation, *["50"] * 5)
        await decided(world, evaluation, "FAILED")
    whole = await seen(world.regulator, evaluation)
    assert whole["improveBy"] > in_days(360)
    assert whole["decision"]["band"] == {"zh": "不通过"}
    refusal = await unchanged(
        world, world.regulator, "openEvaluation", **opening(of_pilot, **scored("SZ_ROUTINE"))
    )
    assert refusal == ("RETRIES_EXHAUSTED", ["scheme"])
    ended = ("EVALUATION_DECIDED", ["evaluation"])
    late: dict[str, dict[str, Any]] = {
        "appointPanel": {"experts": EXPERTS},
        "recordSiteVisit": {"on": "2024-09-01", "notes": "光伏在用", "document": "记录单"},
        "scoreItem": {"expert": 1, "item": "TOTAL", "points": "90", "reason": "属实"},
        "recordFinding": {"severity": "MINOR", "text": "缺计量表", "due": in_days(1)},
        "decideEvaluation": {"verdict": "FAILED", "reason": "属实"},
    }
    for verb, given in late.items():
        assert (
            await unchanged(world, world.regulator, verb, evaluation=evaluation, **given) == ended
        )
    said = {"evaluation": evaluation, "statement": "已整改", "document": "自评报告"}
    assert await unchanged(world, world.operator, "selfEvaluate", **said) == ended
    await opened(world, of_pilot)


async def test_what_follows_from_an_evaluation(world: World, pilot: dict[str, Any]) -> None:
    evaluation, other = await ready(world, pilot), await ready(world, pilot)
    elsewhere = await planned(world, (await world.pilot())["id"])
    here, finding = await planned(world, pilot["id"]), await found(world, other)
    for given, refusal in (
        ({"measure": elsewhere}, ("FOLLOW_UP_NOT_OF_PILOT", ["measure"])),
        ({"measure": as_kind("Measure", pilot["id"])}, ("NOT_FOUND", ["measure"])),
        ({"measure": here, "finding": finding}, ("NOT_FOUND", ["finding"])),
    ):
        assert (
            await unchanged(world, world.operator, "followUp", evaluation=evaluation, **given)
            == refusal
        )


async def test_who_does_what(world: World, pilot: dict[str, Any]) -> None:
    """The regulator decides, the operator answers, and of its own pilots alone."""
    evaluation = await ready(world, pilot)
    finding = await found(world, evaluation)
    mutation = """mutation ($input: AnswerFindingInput!) { answerFinding(input: $input) {
        ... on UserError { code } } }"""
    given = {"idempotencyKey": "k", "finding": finding, "text": "已加装", "document": "安装验收单"}
    error = await world.other_operator.fail(mutation, input=given)
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_list_costs_a_constant_number_of_statements(world: World) -> None:
    query = f"""query ($id: ID!) {{ pilot(by: {{id: $id}}) {{ evaluations(first: 3) {{
        totalCount nodes {{ {FACTS} {STORY} result {{ resultCo2e }} disturbedBy {{ kind }} }} }} }} }}"""
    one, two = await stable(world), await stable(world)
    counts = []
    for of_pilot, many in ((one, 1), (two, 2)):
        for _ in range(many):
            await decided(world, await ready(world, of_pilot))
        given = {"id": of_pilot["id"]}

        async def ask(given: dict[str, Any] = given) -> Any:
            return await world.auditor.ask(query, **given)

        counts.append(await least(ask))
    assert counts[1] <= counts[0] + 2 * 14, "but for the comparing of each"
    assert max(counts) <= reckoned(query, {"id": two["id"]}).statements


async def test_findings_that_stand_are_read_together(world: World, pilot: dict[str, Any]) -> None:
    mutation = """mutation ($input: DecideEvaluationInput!) { decideEvaluation(input: $input) {
        ... on MajorFindingsOpen { openFindings { id } } } }"""
    evaluation = await ready(world, pilot, **scored("SZ_ROUTINE"))
    await given_points(world, evaluation, *["90"] * 5)
    standing, counts = list[str](), []
    for more in (1, 2):
        standing += [await found(world, evaluation) for _ in range(more)]
        given = deciding(evaluation, idempotencyKey=f"standing-{len(standing)}")

        async def ask(given: dict[str, Any] = given) -> Any:
            return await world.regulator.ask(mutation, input=given)

        told = (await ask())["decideEvaluation"]["openFindings"]
        assert [finding["id"] for finding in told] == standing
        counts.append(await least(ask))
    assert counts[0] == counts[1]
