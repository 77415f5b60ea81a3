"""What a pilot states of a year, and its target, as short as tests want it."""

from typing import Any

from tests.world import World

VERIFIED_YEAR = 2022

ROUTES = ["EFFICIENCY", "PURCHASE"]

Ceilings = list[dict[str, Any]]


def ceilings(*years: tuple[str, str]) -> Ceilings:
    """Ceilings of the net: (year, t CO2e)."""
    return [{"year": int(year), "netCo2e": net} for year, net in years]


async def stated(
    world: World,
    pilot: dict[str, Any],
    year: int,
    tonnes: str,
    basis: str = "OPERATIONAL",
    *,
    verify: bool = True,
    **given: Any,
) -> str:
    """An inventory of a building's year that comes to so many t CO2e."""
    inventory = await world.inventory(pilot, year, basis=basis, **given)
    line = {
        "category": "ENERGY_CONSUMPTION",
        "label": "实测 / measured",
        "activity": {"value": tonnes, "unit": "tCO2"},
        "factor": "measured.co2",
    }
    await world.record(inventory, line)
    await world.submit(inventory, verify=verify)
    return inventory


def terms(pilot: dict[str, Any], ceilings: Ceilings, /, **given: Any) -> dict[str, Any]:
    """What is said of a target that begins with the survey of 2022."""
    baseline = {"accountingPeriod": pilot["periods"][VERIFIED_YEAR], "basis": "HISTORICAL"}
    return {"baseline": baseline, "ceilings": ceilings, "routes": ROUTES} | given


async def recorded(world: World, pilot: dict[str, Any], ceilings: Ceilings, /, **given: Any) -> str:
    """A pilot's first target: its id."""
    made = await world.operator.made(
        "recordTarget", "target { id }", pilot=pilot["id"], **terms(pilot, ceilings, **given)
    )
    return str(made["id"])


async def with_target(world: World, *years: int, **given: Any) -> dict[str, Any]:
    """A building that came to 1,000 t CO2e in 2022 and is to fall to 600 in 2026 and to 0 in 2030: its
    ceilings are 900 in 2023 and 800 in 2024."""
    pilot = await world.pilot("BUILDING_EXISTING", *(years or (2021, 2022, 2023, 2024)), **given)
    await stated(world, pilot, VERIFIED_YEAR, "1000", "HISTORICAL")
    pilot["target"] = await recorded(world, pilot, ceilings(("2026", "600"), ("2030", "0")))
    return pilot
