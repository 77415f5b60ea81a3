"""Rule 7: pilots that lie in one another are counted once, and each tonne of credits once."""

from typing import Any

from tests.counting import least
from tests.examples import worked_examples
from tests.world import World

PORTFOLIO = """query ($pilots: [ID!]!, $basis: Basis, $asOf: BigInt) {
    portfolioNetEmissions(pilots: $pilots, year: 2022, basis: $basis, asOf: $asOf) {
        grossCo2e sinksCo2e purchasedQuantity fromInsideQuantity netCo2e
        unknown { reason pilot { code } grossCo2e insideCo2e gwpSets message { zh en } }
        notes { code families { en } } purchasesCounted electricityMethods
        roots { pilot { code } netCo2e } inside { code } withoutStatement { code }
        overlaps { nodes { pilots { code } } } } }"""

NET = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) {
    netCo2e retiredForPilotsInside { nodes { quantity } } } } }"""


async def ask(
    world: World, *pilots: dict[str, Any], basis: str = "OPERATIONAL", as_of: int | None = None
) -> Any:
    position = None if as_of is None else str(as_of)
    data = await world.auditor.ask(
        PORTFOLIO, pilots=[p["id"] for p in pilots], basis=basis, asOf=position
    )
    return data["portfolioNetEmissions"]


async def emitting(
    world: World,
    variant: str,
    tonnes: int,
    *,
    gwp_set: str = "AR5",
    factor_list: str = "prov2025-gd-2022",
    basis: str = "OPERATIONAL",
    method: str = "LOCATION_BASED",
    **given: Any,
) -> dict[str, Any]:
    """A pilot that emits so much in 2022."""
    pilot = await world.pilot(variant, **given)
    inventory = await world.inventory(
        pilot, gwpSet=gwp_set, factorList=factor_list, basis=basis, electricityMethod=method
    )
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

    alone = await world.auditor.ask(NET, id=town["id"])
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
    found = await ask(world, one, two, one)
    assert (found["netCo2e"], found["unknown"], found["withoutStatement"]) == ("300.000000", [], [])
    found = await ask(world, one, two, late, one)
    assert [root["pilot"]["code"] for root in found["roots"]] == [one["code"], two["code"]]
    assert found["withoutStatement"] == [{"code": late["code"]}]
    assert (found["grossCo2e"], found["netCo2e"]) == (None, None)
    assert [(unknown["reason"], unknown["pilot"]) for unknown in found["unknown"]] == [
        ("NO_PERIOD", {"code": late["code"]})
    ]
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


def why(found: Any) -> list[tuple[Any, ...]]:
    """The reasons of a portfolio, each with its pilot and both numbers."""
    return [
        (
            unknown["reason"],
            unknown["pilot"] and unknown["pilot"]["code"],
            unknown["grossCo2e"],
            unknown["insideCo2e"],
        )
        for unknown in found["unknown"]
    ]


async def test_a_town_that_states_nothing_with_a_building_inside(world: World) -> None:
    """The tonnes retired for the building are shown, and net nothing."""
    town = await world.pilot("TOWN")
    building = await emitting(world, "BUILDING_EXISTING", 442, surroundingPilot=town["id"])
    await world.issue(await world.project(), "GD", 1, 1000)
    given = world.retirement(building, "GD", 1, 542)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    for asked in ((town,), (town, building)):
        found = await ask(world, *asked)
        assert (found["grossCo2e"], found["netCo2e"]) == (None, None)
        assert (found["purchasedQuantity"], found["sinksCo2e"]) == ("542", "0.000000")
        assert found["withoutStatement"] == [{"code": town["code"]}]
        assert why(found) == [("NO_INVENTORY", town["code"], None, "442.000000")]
    assert (await ask(world, building))["netCo2e"] == "-100.000000"


async def test_a_town_that_states_less_than_what_lies_inside(world: World) -> None:
    """Equal will do: all that a town emits may be in its one park."""
    town = await emitting(world, "TOWN", 4)
    park = await emitting(world, "PARK", 4, surroundingPilot=town["id"])
    found = await ask(world, town)
    assert (found["grossCo2e"], found["unknown"]) == ("4.000000", [])
    await emitting(world, "BUILDING_EXISTING", 438, surroundingPilot=town["id"])
    found = await ask(world, town)
    assert (found["grossCo2e"], found["netCo2e"], found["withoutStatement"]) == (None, None, [])
    assert why(found) == [("LESS_THAN_INSIDE", town["code"], "4.000000", "442.000000")]
    for text in found["unknown"][0]["message"].values():
        assert "4 t CO2e" in text
        assert "442 t CO2e" in text
    assert (await ask(world, park))["grossCo2e"] == "4.000000"


async def test_what_counts_by_market_is_beside_what_counts_by_location(world: World) -> None:
    """A sum of both says so; a town by market is not less than a park by location, which is another number."""
    town = await emitting(world, "TOWN", 4, method="MARKET_BASED")
    park = await emitting(world, "PARK", 300, surroundingPilot=town["id"])
    building = await emitting(world, "BUILDING_EXISTING", 5, surroundingPilot=park["id"])
    apart = await emitting(world, "BUILDING_EXISTING", 7)
    found = await ask(world, town, apart)
    assert (found["grossCo2e"], found["unknown"]) == ("11.000000", [])
    assert found["electricityMethods"] == ["LOCATION_BASED", "MARKET_BASED"]
    assert (await ask(world, apart))["electricityMethods"] == ["LOCATION_BASED"]
    assert (await ask(world, building, park))["unknown"] == []
    await emitting(world, "PARK", 6, surroundingPilot=town["id"], method="MARKET_BASED")
    assert why(await ask(world, town)) == [
        ("LESS_THAN_INSIDE", town["code"], "4.000000", "6.000000")
    ]


async def test_what_lies_inside_is_what_is_known_there(world: World) -> None:
    """A pilot that states nothing, or less than those inside it, stands for what they come to: of the
    year, on the basis, as of the position, and while they lie there."""
    town = await emitting(world, "TOWN", 100)
    before = await world.head()
    silent = await world.pilot("PARK", surroundingPilot=town["id"])
    small = await emitting(world, "PARK", 1, surroundingPilot=town["id"])
    building = {}
    for park, tonnes in ((silent, 60), (small, 50)):
        name = "BUILDING_EXISTING"
        building[tonnes] = await emitting(world, name, tonnes, surroundingPilot=park["id"])
    assert why(await ask(world, town)) == [
        ("LESS_THAN_INSIDE", town["code"], "100.000000", "110.000000")
    ]
    assert (await ask(world, town, as_of=before))["grossCo2e"] == "100.000000"
    projected = await ask(world, town, basis="PROJECTED")
    assert why(projected) == [("NO_INVENTORY", town["code"], None, None)]
    await world.operator.made(
        "placePilot", "pilot { id }", pilot=building[50]["id"], surroundingPilot=None
    )
    assert (await ask(world, town))["grossCo2e"] == "100.000000"


async def test_of_pilots_inside_that_share_ground_the_largest_counts(world: World) -> None:
    """What is in both is in the town once."""
    town = await emitting(world, "TOWN", 100)
    one, two, _ = [
        await emitting(world, "PARK", tonnes, surroundingPilot=town["id"])
        for tonnes in (60, 70, 30)
    ]
    assert why(await ask(world, town))[0][3] == "160.000000"
    await world.operator.made(
        "recordPilotOverlap", "pilot { id }", pilot=one["id"], other=two["id"]
    )
    assert (await ask(world, town))["grossCo2e"] == "100.000000"


async def test_roots_of_different_warming_potentials_are_no_sum(world: World) -> None:
    old, new = [await emitting(world, "PARK", 100, gwp_set=gwp_set) for gwp_set in ("SAR", "AR6")]
    found = await ask(world, old, new)
    assert (found["grossCo2e"], found["netCo2e"]) == (None, None)
    assert why(found) == [("GWP_SETS_DIFFER", None, None, None)]
    assert found["unknown"][0]["gwpSets"] == ["SAR", "AR6"]
    for one in (old, new):
        assert (await ask(world, one))["netCo2e"] == "100.000000"


async def test_roots_of_different_families_of_factors_say_so(world: World) -> None:
    lists = ("prov2025-gd-2022", "ent-gd-2022")
    one, two = [
        await emitting(world, "PARK", 100, factor_list=factor_list) for factor_list in lists
    ]
    found = await ask(world, one, two)
    assert found["netCo2e"] == "200.000000"
    assert [(note["code"], len(note["families"])) for note in found["notes"]] == [
        ("FACTOR_LISTS_DIFFER", 2)
    ]
    assert (await ask(world, one))["notes"] == []


async def test_a_portfolio_of_projections_nets_no_purchase(world: World) -> None:
    park = await emitting(world, "PARK", 100, basis="PROJECTED")
    await world.issue(await world.project(), "GD", 1, 30)
    given = world.retirement(park, "GD", 1, 30)
    await world.registry.made("retireCredits", "retirement { id }", **given)
    found = await ask(world, park, basis="PROJECTED")
    assert (found["purchasedQuantity"], found["purchasesCounted"]) == ("30", False)
    assert found["netCo2e"] == "100.000000"
    operating = await ask(world, park)
    assert (operating["purchasesCounted"], operating["netCo2e"]) == (True, None)


async def test_a_portfolio_costs_a_constant_number_of_statements(world: World) -> None:
    town = await emitting(world, "TOWN", 1000)
    taken = []
    for _ in range(2):
        for _ in range(3):
            park = await emitting(world, "PARK", 10, surroundingPilot=town["id"])
            await emitting(world, "BUILDING_EXISTING", 2, surroundingPilot=park["id"])
        taken.append(await least(lambda: ask(world, town)))
    assert taken[0] == taken[1]
