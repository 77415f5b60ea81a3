"""Rule 7: pilots that lie in one another are counted once, and each tonne of credits once."""

from typing import Any

from tests.examples import worked_examples
from tests.world import World

PORTFOLIO = """query ($pilots: [ID!]!, $asOf: BigInt) {
    portfolioNetEmissions(pilots: $pilots, year: 2022, asOf: $asOf) {
        grossCo2e sinksCo2e purchasedQuantity fromInsideQuantity netCo2e
        roots { pilot { code } netCo2e } inside { code } withoutStatement { code }
        overlaps { nodes { pilots { code } } } } }"""

NET = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
    netCo2e retiredForPilotsInside { nodes { quantity } } } } }"""


async def ask(world: World, *pilots: dict[str, Any], as_of: int | None = None) -> Any:
    data = await world.anyone.ask(
        PORTFOLIO, pilots=[p["id"] for p in pilots], asOf=None if as_of is None else str(as_of)
    )
    return data["portfolioNetEmissions"]


async def emitting(world: World, variant: str, tonnes: int, **given: Any) -> dict[str, Any]:
    pilot = await world.pilot(variant, **given)
    inventory = await world.inventory(pilot)
    category = "ENERGY_CONSUMPTION" if variant.startswith("BUILDING") else "WASTE"
    line = {
        "category": category, "label": "x", "factor": "measured.co2",
        "activity": {"value": str(tonnes), "unit": "tCO2"},
    }  # fmt: skip
    await world.record(inventory, line)
    await world.submit(inventory)
    return pilot


async def test_the_worked_example(world: World) -> None:
    """A building in a park in a town: 20,000 alone, 19,940 together, never the sum."""
    example = worked_examples()["constructed.nesting"]
    inputs, expected = example["inputs"], example["expected"]
    town = await emitting(world, "TOWN", inputs["town_gross_total"])
    park = await emitting(world, "PARK", inputs["park_gross_total"], surroundingPilot=town["id"])
    building = await emitting(
        world, "BUILDING_EXISTING", inputs["building_gross"], surroundingPilot=park["id"]
    )
    before = await world.head()
    await world.issue(await world.project(), "GD", 1, 1000)
    given = world.retirement(building, "GD", 1, inputs["retired_for_building"])
    await world.registry.made("retireCredits", "retirement { id }", **given)

    alone = await world.anyone.ask(NET, id=town["id"])
    assert alone["pilot"]["netEmissions"] == {
        "netCo2e": f"{inputs['town_gross_total']}.000000",
        "retiredForPilotsInside": {"nodes": [{"quantity": str(inputs["retired_for_building"])}]},
    }
    for pilots in ((town,), (town, park, building), (building, town)):
        found = await ask(world, *pilots)
        assert found["netCo2e"] == f"{expected['portfolio_net']}.000000"
        assert found["grossCo2e"] == f"{expected['right_region_gross']}.000000"
        assert found["purchasedQuantity"] == str(inputs["retired_for_building"])
        assert [root["pilot"]["code"] for root in found["roots"]] == [town["code"]]
        assert {p["code"] for p in found["inside"]} == {p["code"] for p in pilots[0:]} - {
            town["code"]
        }
    below = await ask(world, building)
    assert below["netCo2e"] == f"{expected['building_net']}.000000"
    then = await ask(world, town, as_of=before)
    assert then["netCo2e"] == f"{inputs['town_gross_total']}.000000"


async def test_a_tonne_from_inside_a_root_reduces_no_root(world: World) -> None:
    """The park's own credits offset another pilot in the town: of the town they are no reduction."""
    town = await emitting(world, "TOWN", 1000)
    park = await emitting(world, "PARK", 100, surroundingPilot=town["id"])
    building = await emitting(world, "BUILDING_EXISTING", 100, surroundingPilot=town["id"])
    await world.issue(await world.project(pilot=park["id"]), "GD", 1, 100)
    given = world.retirement(building, "GD", 1, 30)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    found = await ask(world, town)
    assert (found["purchasedQuantity"], found["fromInsideQuantity"]) == ("0", "30")
    assert found["netCo2e"] == "1000.000000"
    # Of the building alone they are from outside.
    assert (await ask(world, building))["netCo2e"] == "70.000000"


async def test_two_roots_and_one_without_a_period(world: World) -> None:
    one, two = [await emitting(world, "PARK", n) for n in (100, 200)]
    late = await world.pilot("PARK", 2023)
    await world.operator.made(
        "recordPilotOverlap", "pilot { id }", pilot=one["id"], other=two["id"]
    )
    found = await ask(world, one, two, late, one)
    assert found["netCo2e"] == "300.000000"
    assert [root["pilot"]["code"] for root in found["roots"]] == [one["code"], two["code"]]
    assert found["withoutStatement"] == [{"code": late["code"]}]
    assert [[p["code"] for p in o["pilots"]] for o in found["overlaps"]["nodes"]] == [
        [one["code"], two["code"]]
    ]


async def test_overlaps_are_said_once_and_never_of_what_is_nested(world: World) -> None:
    town = await world.pilot("TOWN")
    park = await world.pilot("PARK", surroundingPilot=town["id"])
    beside = await world.pilot("PARK")
    for other in (town, park):
        refused = await world.operator.refused(
            "recordPilotOverlap", pilot=park["id"], other=other["id"]
        )
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["input", "other"])
    pair = {"pilot": beside["id"], "other": town["id"]}
    await world.operator.made("recordPilotOverlap", "pilot { id }", **pair)
    head = await world.head()
    again = {"pilot": town["id"], "other": beside["id"]}
    await world.operator.made("recordPilotOverlap", "pilot { id }", **again)
    assert await world.head() == head


async def test_how_many(world: World) -> None:
    for pilots in ([], ["x"] * 101, ["x"]):
        error = await world.anyone.fail(PORTFOLIO, pilots=pilots)
        assert error["extensions"]["code"] == "INVALID_INPUT"
