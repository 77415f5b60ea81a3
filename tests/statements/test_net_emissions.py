"""The guide's formula, from activity data to net, over GraphQL."""

from tests.world import World

STATEMENT = """
    query ($id: ID!, $year: Int!, $asOf: BigInt) {
        pilot(by: {id: $id}) { netEmissions(period: {year: $year}, asOf: $asOf) {
            netCo2e creditsToZero furtherCreditsToZero surplusCo2e assurance asOfPosition
            gross { co2e byCategory { category co2e } byGas { gas tonnes co2e } }
            sinks { measuredCo2e soldCo2e co2e }
            purchasedReductions { quantity }
            memo { category co2e }
            coverage { status gaps { phase startsOn endsOn categories } }
            inventories { id }
        } } }
"""


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
        },
        sinks=True,
    )
    await world.submit(inventory)
    await world.issue(await world.project(), "GD-A")
    await world.registry.made(
        "retireCredits", "retirement { id }", **world.retirement(pilot, "GD-A", 1, 500)
    )
    data = await world.anyone.ask(STATEMENT, id=pilot["id"], year=2022)
    statement = data["pilot"]["netEmissions"]
    assert statement["gross"]["co2e"] == "548.409440"
    assert statement["netCo2e"] == "35.909440"
    assert statement["creditsToZero"] == "536"
    assert statement["furtherCreditsToZero"] == "36"
    assert statement["assurance"] == "VERIFIED"
    assert statement["coverage"]["status"] == "COMPLETE"
