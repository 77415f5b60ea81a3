"""Plans, as short as tests want them."""

from typing import Any

from tests.world import World

SITE: dict[str, Any] = {
    "code": "SITE",
    "name": {"zh": "进场", "en": "Site opened"},
    "dueOn": "2023-03-31",
    "building": False,
}
ROOF: dict[str, Any] = {
    "code": "ROOF",
    "name": {"zh": "屋面完工", "en": "Roof done"},
    "dueOn": "2023-06-30",
    "building": True,
}
GRID: dict[str, Any] = {
    "code": "GRID-1",
    "name": {"zh": "并网", "en": "On the grid"},
    "dueOn": "2023-09-30",
    "building": True,
}
CONCRETE: dict[str, Any] = {
    "name": {"zh": "C30混凝土", "en": "Concrete C30"}, "quantity": "120", "unit": "m³", "factor": "295",
    "haul": {"mass": "288", "distance": "40", "factor": "0.057"}, "source": "GB/T 51366-2019 附录D、E",
}  # fmt: skip


def package(*measures: str, **given: Any) -> dict[str, Any]:
    """A work package that carries out measures."""
    name = {"zh": "屋顶光伏", "en": "Panels on the roof"}
    return {"name": name, "stage": "CONSTRUCTION", "measures": list(measures)} | given


def terms(**given: Any) -> dict[str, Any]:
    """What a good plan says."""
    return {
        "startsOn": "2023-01-01", "endsOn": "2023-12-31", "packages": [package()],
        "milestones": [GRID, SITE, ROOF], "constructionBudget": "80",
    } | given  # fmt: skip


async def drafted(world: World, pilot: str, **given: Any) -> str:
    """A plan: its id."""
    made = await world.operator.made("draftPlan", "plan { id }", pilot=pilot, terms=terms(**given))
    return str(made["id"])


async def submitted(world: World, pilot: str, **given: Any) -> str:
    plan = await drafted(world, pilot, **given)
    await world.operator.made("submitPlan", "plan { id }", plan=plan)
    return plan


async def approved(world: World, pilot: str, **given: Any) -> str:
    plan = await submitted(world, pilot, **given)
    await world.regulator.made("approvePlan", "plan { id }", plan=plan)
    return plan


async def revised(world: World, plan: str, *, approve: bool = True, **given: Any) -> str:
    """The next version of a plan; approved, unless it stays a draft."""
    said = {"plan": plan, "terms": terms(**given), "reason": "屋面改用轻型支架"}
    made = await world.operator.made("revisePlan", "plan { id }", **said)
    if approve:
        await world.operator.made("submitPlan", "plan { id }", plan=made["id"])
        await world.regulator.made("approvePlan", "plan { id }", plan=made["id"])
    return str(made["id"])


def reaching(plan: str, **given: Any) -> dict[str, Any]:
    """The input of a milestone that was reached."""
    return {"plan": plan, "milestone": "ROOF", "on": "2023-06-20", "document": "屋面验收单"} | given


async def reached(world: World, plan: str, *codes: str, **given: Any) -> None:
    for code in codes:
        said = reaching(plan, **given) | {"milestone": code}
        await world.operator.made("reachMilestone", "plan { id }", **said)


async def built(world: World) -> str:
    """The plan of a new pilot, of which nothing is left to build."""
    plan = await approved(world, (await world.pilot())["id"])
    await reached(world, plan, "ROOF", "GRID-1")
    return plan


def building(plan: str, **given: Any) -> dict[str, Any]:
    """The input of a completion."""
    days = {"builtOn": "2023-09-10", "stableFrom": "2023-10-01"}
    return {"plan": plan, "document": "竣工验收报告"} | days | given


async def completed(world: World, plan: str, **given: Any) -> None:
    """A plan whose building milestones are reached, and that is built."""
    await reached(world, plan, "ROOF", "GRID-1")
    await world.operator.made("recordCompletion", "plan { id }", **building(plan, **given))
