"""Rule 6 where a forest's project is placed in a pilot later, or lies in one that shares ground with it."""

from typing import Any

from tests.world import SINK_BASIS, World

NET = """query ($id: ID!, $asOf: BigInt) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}, asOf: $asOf) {
    netCo2e sinks { soldCo2e } } } }"""

GROUNDS = {"document": "粤林函〔2026〕8号", "reason": "现场核实"}


async def stated(world: World, pilot: dict[str, Any], as_of: int | None = None) -> tuple[str, str]:
    """The net, and the sold part of the sinks."""
    given = {"id": pilot["id"], "asOf": None if as_of is None else str(as_of)}
    found = (await world.auditor.ask(NET, **given))["pilot"]["netEmissions"]
    return found["netCo2e"], found["sinks"]["soldCo2e"]


async def wooded(world: World, variant: str = "TOWN", **given: Any) -> dict[str, Any]:
    """A pilot that emits 100 t, and has a sink of 50 t."""
    pilot = await world.pilot(variant, **given)
    inventory = await world.inventory(pilot)
    source, sink = ("100", "50")
    line = {"label": "x", "factor": "measured.co2"}
    await world.record(
        inventory,
        line | {"category": "ENERGY_ACTIVITIES", "activity": {"value": source, "unit": "tCO2"}},
    )
    await world.record(
        inventory,
        line
        | {"category": "FORESTRY_SINK", "activity": {"value": sink, "unit": "tCO2"}}
        | SINK_BASIS,
        sinks=True,
    )
    await world.submit(inventory)
    return pilot


async def test_a_forest_that_is_placed_in_a_pilot_takes_its_sink(shared_world: World) -> None:
    """From the position at which it was; and until it is placed elsewhere."""
    world = shared_world
    town = await wooded(world)
    forest = await world.project(forestry=True)
    await world.issue(forest, "LATE-WOOD", 1, 40)
    before = await world.head()
    assert await stated(world, town) == ("50.000000", "0.000000")
    placed = {"project": forest, "pilot": town["id"], **GROUNDS}
    await world.registry.made("amendProject", "project { id }", **placed)
    between = await world.head()
    assert await stated(world, town) == ("90.000000", "40.000000")
    await world.administrator.made("amendProject", "project { id }", **placed | {"pilot": None})
    assert await stated(world, town) == ("50.000000", "0.000000")
    assert await stated(world, town, between) == ("90.000000", "40.000000")
    assert await stated(world, town, before) == ("50.000000", "0.000000")


async def test_a_forest_in_a_pilot_that_shares_ground_takes_the_sink(shared_world: World) -> None:
    world = shared_world
    town, other = await wooded(world), await world.pilot("TOWN")
    inner = await world.pilot("PARK", surroundingPilot=other["id"])
    forest = await world.project(forestry=True, pilot=inner["id"])
    await world.issue(forest, "SHARED-WOOD", 1, 30)
    before = await world.head()
    assert await stated(world, town) == ("50.000000", "0.000000")
    await world.operator.made(
        "recordPilotOverlap", "pilot { id }", pilot=town["id"], other=other["id"]
    )
    assert await stated(world, town) == ("80.000000", "30.000000")
    assert await stated(world, town, before) == ("50.000000", "0.000000")
