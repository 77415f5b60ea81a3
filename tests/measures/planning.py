"""Measures, as short as tests want them."""

from typing import Any

from tests.targets.stating import stated
from tests.world import World

SAVING = {"carrier": "ELECTRICITY", "quantity": "150000", "unit": "kWh", "price": "0.7"}


def plan(pilot: str, **given: Any) -> dict[str, Any]:
    """The input of a good measure that saves nothing that is metered."""
    return {
        "pilot": pilot, "name": {"zh": "照明改造", "en": "New lamps"}, "technology": "BUILDING_05",
        "route": "EFFICIENCY", "stage": "OPERATION", "capex": "41000", "opexChange": "-50", "lifeYears": 10,
        "startsOn": "2024-01-01", "expected": "50",
    } | given  # fmt: skip


async def planned(world: World, pilot: str, **given: Any) -> str:
    """A measure: its id."""
    made = await world.operator.made("planMeasure", "measure { id }", **plan(pilot, **given))
    return str(made["id"])


async def progressed(world: World, measure: str, state: str, on: str) -> None:
    await world.operator.made(
        "recordMeasureProgress", "measure { id }", measure=measure, state=state, on=on,
        document="验收单2024-03",
    )  # fmt: skip


def effect(measure: str, **given: Any) -> dict[str, Any]:
    """The input of a good effect: 100 − 1.5 − 20 over 92 days."""
    return {
        "measure": measure, "method": "IPMVP_B", "document": "核查报告7",
        "baseline": {"startsOn": "2023-01-01", "endsOn": "2023-12-31", "co2e": "100"}, "routine": "-1.5",
        "reporting": {"startsOn": "2024-03-01", "endsOn": "2024-05-31", "co2e": "20"},
    } | given  # fmt: skip


async def verified_effect(world: World, measure: str, **given: Any) -> None:
    given = effect(measure, **given)
    await world.verifier.made("verifyMeasureEffect", "measure { id }", **given)


def analysis(pilot: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The input of an analysis that starts from the survey of 2022."""
    return {
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022], "basis": "HISTORICAL", "year": 2025,
        "growth": "0.03", "growthSource": "发展规划第12页", "paragraphs": ["用电为主，屋顶可装光伏。"],
    } | given  # fmt: skip


async def analysed(world: World, pilot: dict[str, Any], **given: Any) -> str:
    made = await world.operator.made(
        "writePotentialAnalysis", "analysis { id }", **analysis(pilot, **given)
    )
    return str(made["id"])


async def surveyed(world: World, **given: Any) -> dict[str, Any]:
    """A building that came to 1,000 t CO2e in 2022."""
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023, **given)
    await stated(world, pilot, 2022, "1000", "HISTORICAL")
    return pilot
