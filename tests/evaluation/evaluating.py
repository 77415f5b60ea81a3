"""Evaluations, as short as tests want them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from nzc_api.china_time import china_day
from tests.measures.planning import planned
from tests.plans.drafting import approved, completed
from tests.targets.stating import stated
from tests.world import World

PANEL = "query ($id: ID!) { node(id: $id) { ... on Evaluation { panels { position } } } }"

REASON = "专家现场核查属实"

EXPERTS = [
    {"name": name, "employer": employer}
    for name, employer in (
        ("张一", "某大学"), ("李二", "某研究院"), ("王三", "某设计院"), ("赵四", "某检测中心"),
        ("陈五", "某行业协会"),
    )
]  # fmt: skip


def in_days(days: int) -> str:
    """The day so many days from today, in China."""
    return str(china_day(datetime.now(UTC)) + timedelta(days=days))


async def stable(
    world: World, *years: int, since: str = "2023-08-31", **given: Any
) -> dict[str, Any]:
    """A building that was built in 2023 and runs stably since a day; it came to 1,000 t CO2e in 2022."""
    pilot = await world.pilot("BUILDING_EXISTING", *(years or (2022, 2023)), **given)
    plan = await approved(world, pilot["id"])
    await completed(world, plan, builtOn="2023-08-01", stableFrom=since)
    await stated(world, pilot, 2022, "1000")
    return pilot


def opening(pilot: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The input of a good evaluation of 2022, on the first day on which it may be opened."""
    return {
        "pilot": pilot["id"], "scheme": "GD_TRIAL", "startsOn": "2022-01-01", "endsOn": "2022-12-31",
        "on": "2023-11-30",
    } | given  # fmt: skip


async def opened(world: World, pilot: dict[str, Any], **given: Any) -> str:
    """An evaluation: its id."""
    made = await world.regulator.made(
        "openEvaluation", "evaluation { id }", **opening(pilot, **given)
    )
    return str(made["id"])


def scored(scheme: str) -> dict[str, str]:
    """The input of an evaluation by a scheme that asks for a year of stable running."""
    return {"scheme": scheme, "on": "2024-08-31"}


async def self_evaluated(world: World, evaluation: str) -> None:
    await world.operator.made(
        "selfEvaluate", "evaluation { id }", evaluation=evaluation, statement="各项指标均已达到", document="自评报告",
    )  # fmt: skip


async def empanelled(
    world: World, evaluation: str, experts: list[dict[str, Any]] = EXPERTS
) -> None:
    await world.regulator.made(
        "appointPanel", "evaluation { id }", evaluation=evaluation, experts=experts
    )


async def visited(world: World, evaluation: str) -> None:
    await world.regulator.made(
        "recordSiteVisit", "evaluation { id }", evaluation=evaluation, on="2024-09-01", notes="光伏与计量表在用",
        document="现场核查记录",
    )  # fmt: skip


async def ready(world: World, pilot: dict[str, Any], **given: Any) -> str:
    """An evaluation that only scores and a decision are missing of."""
    evaluation = await opened(world, pilot, **given)
    await self_evaluated(world, evaluation)
    await empanelled(world, evaluation)
    await visited(world, evaluation)
    return evaluation


def scoring(
    evaluation: str, /, expert: int = 1, points: str | None = "80", **given: Any
) -> dict[str, Any]:
    """The input of an expert's points for the total."""
    return {
        "evaluation": evaluation, "expert": expert, "item": "TOTAL", "points": points, "reason": REASON,
    } | given  # fmt: skip


async def given_points(world: World, evaluation: str, *points: str) -> None:
    for expert, of_expert in enumerate(points, 1):
        await world.regulator.made(
            "scoreItem", "evaluation { id }", **scoring(evaluation, expert, of_expert)
        )


async def found(world: World, evaluation: str, severity: str = "MAJOR") -> str:
    """A finding: its id."""
    made = await world.regulator.made(
        "recordFinding", "finding { id }", evaluation=evaluation, severity=severity, text="缺少冷却塔的计量表",
        due=in_days(30),
    )  # fmt: skip
    return str(made["id"])


async def answered(world: World, finding: str) -> None:
    await world.operator.made(
        "answerFinding",
        "finding { id }",
        finding=finding,
        text="已加装并校准",
        document="安装验收单",
    )


async def closed(world: World, finding: str) -> None:
    await world.regulator.made("closeFinding", "finding { id }", finding=finding, text="复核无误")


def deciding(evaluation: str, /, verdict: str = "PASSED", **given: Any) -> dict[str, Any]:
    """The input of a decision."""
    return {"evaluation": evaluation, "verdict": verdict, "reason": REASON} | given


async def decided(world: World, evaluation: str, verdict: str = "PASSED") -> None:
    await world.regulator.made(
        "decideEvaluation", "evaluation { id }", **deciding(evaluation, verdict)
    )


async def all_done(world: World) -> None:
    """An evaluation with everything that there can be, which passed; an expert's name was erased."""
    pilot = await stable(world)
    evaluation = await ready(world, pilot, **scored("SZ_ROUTINE"))
    await given_points(world, evaluation, *["90"] * 5)
    finding = await found(world, evaluation)
    await answered(world, finding)
    await closed(world, finding)
    await decided(world, evaluation)
    measure = await planned(world, pilot["id"])
    follows = {"evaluation": evaluation, "finding": finding, "measure": measure}
    await world.operator.made("followUp", "evaluation { id }", **follows)
    made = await world.regulator.ask(PANEL, id=evaluation)
    named = {"evaluation": evaluation, "panel": made["node"]["panels"][0]["position"], "expert": 1}
    await world.regulator.made("eraseExpertName", "evaluation { id }", **named)


async def every_input(world: World) -> dict[str, dict[str, Any]]:
    """A good input of every verb, of an evaluation of its own."""
    pilot = await stable(world)
    evaluation = await ready(world, pilot, **scored("SZ_ROUTINE"))
    made = await world.regulator.ask(PANEL, id=evaluation)
    finding, about = await found(world, evaluation), {"evaluation": evaluation}
    return {
        "openEvaluation": opening(pilot),
        "selfEvaluate": about | {"statement": "各项指标均已达到", "document": "自评报告"},
        "appointPanel": about | {"experts": EXPERTS[:1]},
        "eraseExpertName": about | {"panel": made["node"]["panels"][0]["position"], "expert": 1},
        "recordSiteVisit": about | {"on": "2024-09-01", "notes": "光伏在用", "document": "现场核查记录"},
        "scoreItem": scoring(evaluation),
        "recordFinding": about | {"severity": "MINOR", "text": "缺计量表", "due": in_days(30)},
        "answerFinding": {"finding": finding, "text": "已加装并校准", "document": "安装验收单"},
        "closeFinding": {"finding": finding, "text": "复核无误"},
        "decideEvaluation": deciding(evaluation),
        "followUp": about | {"measure": await planned(world, pilot["id"])},
    }  # fmt: skip
