"""The guide's formula, from activity data to net, over GraphQL."""

from typing import Any

import pytest

from tests.world import SINK_BASIS, World


@pytest.fixture
def world(shared_world: World) -> World:
    """One for all tests of the file: each makes pilots of its own."""
    return shared_world


STATEMENT = """
    query ($id: ID!, $year: Int!, $asOf: BigInt) {
        pilot(by: {id: $id}) { netEmissions(period: {year: $year}, asOf: $asOf) {
            netCo2e creditsToZero furtherCreditsToZero surplusCo2e assurance asOfPosition
            unknown { reason }
            gross { co2e byCategory { category co2e } byGas { gas tonnes co2e } }
            sinks { measuredCo2e soldCo2e co2e }
            purchasedReductions { quantity }
            memoSources { category co2e } memoSinks { category co2e }
            retiredForPilotsInside { nodes { quantity pilot { id } } }
            coverage { status gaps { nodes { phase startsOn endsOn categories } } }
            inventories { nodes { id status submittedPosition verifiedPosition verifier { id } } }
        } } }
"""


async def statement(world: World, pilot: dict[str, Any], **given: Any) -> Any:
    data = await world.auditor.ask(STATEMENT, **({"id": pilot["id"], "year": 2022} | given))
    return data["pilot"]["netEmissions"]


def line(category: str, factor: str, value: str, unit: str) -> dict[str, Any]:
    return {
        "category": category,
        "label": category,
        "activity": {"value": value, "unit": unit},
        "factor": factor,
    }


async def test_the_constructed_building(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING")
    inventory = await world.inventory(pilot, 2022)
    await world.record(
        inventory,
        {
            "category": "ENERGY_CONSUMPTION",
            "label": "电",
            "activity": {"value": "1000000", "unit": "kWh"},
            "factor": "elec.guangdong.avg.2022",
        },
        {
            "category": "ENERGY_CONSUMPTION",
            "label": "气",
            "activity": {"value": "5", "unit": "万m³"},
            "factor": "prov2025.natural_gas",
        },
    )
    await world.record(
        inventory,
        {
            "category": "FORESTRY_SINK",
            "label": "林",
            "activity": {"value": "12.5", "unit": "tCO2"},
            "factor": "measured.co2",
        }
        | SINK_BASIS,
        sinks=True,
    )
    await world.submit(inventory)
    await world.issue(await world.project(), "GD-A")
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD-A", 1, 500)
    )
    data = await world.auditor.ask(STATEMENT, id=pilot["id"], year=2022)
    statement = data["pilot"]["netEmissions"]
    assert statement["gross"]["co2e"] == "548.409440"
    assert statement["netCo2e"] == "35.909440"
    assert statement["creditsToZero"] == "536"
    assert statement["furtherCreditsToZero"] == "36"
    assert statement["assurance"] == "VERIFIED"
    assert statement["coverage"]["status"] == "COMPLETE"


@pytest.mark.parametrize(
    ("variant", "category", "factor", "unit", "covers"),
    [
        (
            "BUILDING_EXISTING",
            "PURCHASED_ELECTRICITY",
            "elec.guangdong.avg.2022",
            "MWh",
            "ENERGY_CONSUMPTION",
        ),
        ("TOWN", "LIVESTOCK", "measured.ch4", "tCH4", "AGRICULTURE"),
        ("TOWN", "VEHICLE_FUEL", "prov2025.diesel", "t", "ENERGY_ACTIVITIES"),
    ],
)
async def test_a_narrower_category_is_part_of_the_one_in_scope(
    world: World, variant: str, category: str, factor: str, unit: str, covers: str
) -> None:
    """It counts in the net, and it covers the category that the guide names."""
    pilot = await world.pilot(variant)
    inventory = await world.inventory(pilot)
    await world.record(inventory, line(category, factor, "100", unit))
    await world.submit(inventory)
    found = await statement(world, pilot)
    assert float(found["gross"]["co2e"]) > 0
    assert found["netCo2e"] == found["gross"]["co2e"]
    assert found["memoSources"] == []
    missing = {
        category for gap in found["coverage"]["gaps"]["nodes"] for category in gap["categories"]
    }
    assert covers not in missing


async def test_a_forest_in_a_town_is_its_land_use(world: World) -> None:
    pilot = await world.pilot("TOWN")
    inventory = await world.inventory(pilot)
    sink = line("FORESTRY_SINK", "measured.co2", "7", "tCO2") | SINK_BASIS
    await world.record(inventory, sink, sinks=True)
    await world.submit(inventory)
    found = await statement(world, pilot)
    assert found["sinks"]["co2e"] == "7.000000"
    assert found["memoSinks"] == []
    assert "LUCF" not in found["coverage"]["gaps"]["nodes"][0]["categories"]


async def test_memo_sources_and_memo_sinks_are_kept_apart(world: World) -> None:
    pilot = await world.pilot("TRANSPORT")
    inventory = await world.inventory(pilot)
    await world.record(inventory, line("WASTE", "measured.co2", "30", "tCO2"))
    await world.record(inventory, line("LUCF", "measured.co2", "20", "tCO2"))
    sink = line("LUCF", "measured.co2", "5", "tCO2") | SINK_BASIS
    await world.record(inventory, sink, sinks=True)
    await world.submit(inventory)
    found = await statement(world, pilot)
    assert found["memoSources"] == [
        {"category": "LUCF", "co2e": "20.000000"},
        {"category": "WASTE", "co2e": "30.000000"},
    ]
    assert found["memoSinks"] == [{"category": "LUCF", "co2e": "5.000000"}]
    assert found["netCo2e"] is None, "nothing of it counts"
    assert found["unknown"] == [{"reason": "NO_SOURCES"}]


async def test_a_memo_line_covers_nothing(world: World) -> None:
    """R22 is outside the basket: a park that recorded nothing else of its processes lacks them."""
    pilot = await world.pilot("PARK")
    inventory = await world.inventory(pilot)
    refrigerant = line("INDUSTRIAL_PROCESSES", "measured.hcfc22", "3", "kgHCFC22")
    await world.record(inventory, refrigerant)
    await world.submit(inventory)
    found = await statement(world, pilot)
    assert found["coverage"]["gaps"]["nodes"][0]["categories"] == [
        "BUILDING_ENERGY", "TRANSPORT_ENERGY", "INDUSTRIAL_PROCESSES", "WASTE",
    ]  # fmt: skip


async def test_what_was_retired_for_pilots_inside_is_shown(world: World) -> None:
    """Rule 7: each tonne has one beneficiary; those around it are told, as of the position and
    for the periods that share a day."""
    town = await world.pilot("TOWN")
    park = await world.pilot("PARK", surroundingPilot=town["id"])
    building = await world.pilot(surroundingPilot=park["id"])
    await world.issue(await world.project(), "GD-I", 1, 1000)
    for pilot, first, last, year in ((building, 1, 30, 2022), (park, 31, 40, 2022),
                                     (building, 41, 45, 2023)):  # fmt: skip
        await world.registry.made(
            "retireCredits",
            "retirement { id }",
            **world.retirement(pilot, "GD-I", first, last, year=year),
        )
    in_building = {"quantity": "30", "pilot": {"id": building["id"]}}
    in_park = {"quantity": "10", "pilot": {"id": park["id"]}}
    found = await statement(world, town)
    assert found["retiredForPilotsInside"]["nodes"] == [in_park, in_building]
    assert (found["netCo2e"], found["purchasedReductions"]["quantity"]) == (None, "0")
    assert (await statement(world, park))["retiredForPilotsInside"]["nodes"] == [in_building]
    assert (await statement(world, building))["retiredForPilotsInside"]["nodes"] == []
    assert (await statement(world, park, year=2023))["retiredForPilotsInside"]["nodes"] == [
        in_building | {"quantity": "5"}
    ]
    before = await world.head()
    await world.operator.made(
        "placePilot", "pilot { id }", pilot=building["id"], surroundingPilot=None
    )
    assert (await statement(world, town))["retiredForPilotsInside"]["nodes"] == [in_park]
    then = await statement(world, town, asOf=str(before))
    assert then["retiredForPilotsInside"]["nodes"] == [in_park, in_building]
