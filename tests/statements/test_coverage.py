"""What a statement covers: days of those in operation, categories, and what is implausibly small."""

from typing import Any

import pytest

from tests.conftest import TestDatabase, unguarded
from tests.statements.test_net_emissions import line
from tests.world import World

COVERAGE = """
    query ($id: ID!, $year: Int!) { pilot(by: {id: $id}) { netEmissions(period: {year: $year}) {
        assurance gross { co2e } coverage {
            status daysInPeriod daysInOperation daysCovered categoriesInScope categoriesCovered
            gaps { nodes { startsOn endsOn categories } }
            warnings { reason message { zh en } days co2e leastCo2e }
        } } } }
"""

SIZE = """query ($id: ID!) { pilot(by: {id: $id}) { variantTerms { plausibleSize {
    leastCo2e mostCo2e source { zh en } } } } }"""


async def coverage(world: World, pilot: dict[str, Any], year: int = 2022) -> Any:
    data = await world.auditor.ask(COVERAGE, id=pilot["id"], year=year)
    return data["pilot"]["netEmissions"]["coverage"]


async def recorded(
    world: World, pilot: dict[str, Any], kwh: str, year: int = 2022, **given: Any
) -> None:
    """A verified inventory of a building's electricity."""
    inventory = await world.inventory(pilot, year, factorList="prov2025-gd-2022", **given)
    await world.record(inventory, line("ENERGY_CONSUMPTION", "elec.guangdong.avg.2022", kwh, "kWh"))
    await world.submit(inventory)


def days(first: str, last: str) -> dict[str, Any]:
    return {"covers": {"startsOn": first, "endsOn": last}}


async def test_a_building_of_one_kilowatt_hour_is_not_complete(world: World) -> None:
    """2 t a year is about the least: an electricity line of 4,543 kWh is enough, and one less is not."""
    small, enough = await world.pilot(), await world.pilot()
    await recorded(world, small, "1")
    found = await coverage(world, small)
    assert (found["status"], found["gaps"]["nodes"]) == ("PARTIAL", [])
    assert found["categoriesInScope"] == found["categoriesCovered"] == ["ENERGY_CONSUMPTION"]
    assert found["warnings"] == [
        {
            "reason": "IMPLAUSIBLY_SMALL",
            "message": {
                "zh": "清单365天的排放量为0.00044 t CO2e，而此类试点同样天数通常不少于2 t CO2e：请核对单位和遗漏的"
                "排放源",
                "en": "The inventories' 365 days come to 0.00044 t CO2e, where a pilot of this kind has at "
                "least about 2: look at the units, and for sources that are missing",
            },
            "days": 365,
            "co2e": "0.000440",
            "leastCo2e": "2.000000",
        }
    ]
    await recorded(world, enough, "4543")
    found = await coverage(world, enough)
    assert (found["status"], found["warnings"]) == ("COMPLETE", [])


@pytest.mark.parametrize(
    ("variant", "least", "most"),
    [
        ("TOWN", "1000", "50000000"),
        ("BUILDING_NEW", "2", "400000"),
        ("BUILDING_EXISTING", "2", "400000"),
        ("TRANSPORT", "5", "3000000"),
        ("COMMUNITY_URBAN", "20", "500000"),
        ("COMMUNITY_RURAL", "5", "200000"),
        ("PARK", "40", "50000000"),
        ("ENTERPRISE", "4", "50000000"),
    ],
)
async def test_what_is_small_for_each_kind(
    world: World, variant: str, least: str, most: str
) -> None:
    pilot = await world.pilot(variant)
    size = (await world.auditor.ask(SIZE, id=pilot["id"]))["pilot"]["variantTerms"]["plausibleSize"]
    assert (size["leastCo2e"], size["mostCo2e"]) == (least, most)
    assert "数量级" in size["source"]["zh"]
    assert "orders of magnitude" in size["source"]["en"]
    categories = {"TRANSPORT": "VEHICLE_FUEL"}
    if variant.startswith("BUILDING"):
        categories[variant] = "ENERGY_CONSUMPTION"
    category = categories.get(variant, "WASTE")
    for year, tonnes, small in ((2022, least, False), (2023, f"{int(least) - 1}.999999", True)):
        inventory = await world.inventory(pilot, year)
        await world.record(inventory, line(category, "measured.co2", tonnes, "tCO2"))
        await world.submit(inventory)
        warned = [w["reason"] for w in (await coverage(world, pilot, year))["warnings"]]
        assert warned == (["IMPLAUSIBLY_SMALL"] if small else [])


async def test_each_inventory_is_of_a_plausible_size_for_its_days(world: World) -> None:
    """A quarter of nearly nothing does not hide behind the other three."""
    pilot = await world.pilot()
    quarters = (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))
    for (first, last), kwh in zip(quarters, ("90000", "10", "90000", "20"), strict=True):
        await recorded(world, pilot, kwh, **days(f"2022-{first}", f"2022-{last}"))
    found = await coverage(world, pilot)
    assert (found["status"], found["gaps"]["nodes"]) == ("PARTIAL", [])
    [warning] = found["warnings"]
    assert (warning["days"], warning["co2e"]) == (91 + 92, "0.013209")
    assert warning["leastCo2e"] == "1.002740"


async def test_a_leap_year_has_a_day_more(world: World) -> None:
    pilot = await world.pilot("BUILDING_EXISTING", 2024)
    await recorded(world, pilot, "4543", 2024)
    found = await coverage(world, pilot, 2024)
    assert (found["daysInPeriod"], found["daysCovered"]) == (366, 366)
    assert found["warnings"][0]["leastCo2e"] == "2.005479"


async def test_a_pilot_that_ran_for_92_days(world: World) -> None:
    """All of them covered is all that there is; that the figures are not a year's is said."""
    pilot = await world.pilot(operationStartsOn="2022-10-01")
    await recorded(world, pilot, "100000", **days("2022-10-01", "2022-12-31"))
    found = await coverage(world, pilot)
    assert [found[name] for name in ("daysInPeriod", "daysInOperation", "daysCovered")] == [
        365, 92, 92,
    ]  # fmt: skip
    assert (found["status"], found["gaps"]["nodes"]) == ("COMPLETE", [])
    [warning] = found["warnings"]
    assert (warning["reason"], warning["days"]) == ("PARTLY_IN_OPERATION", 92)
    assert (warning["co2e"], warning["leastCo2e"]) == (None, None)
    assert warning["message"] == {
        "zh": "核算期共365天，试点仅运营92天（2022-10-01至2022-12-31）：其数值不是整个核算期的数值",
        "en": "The pilot was in operation for 92 of the period's 365 days (2022-10-01 to 2022-12-31): its "
        "figures are not those of the whole period",
    }
    next_year = await coverage(world, pilot, 2023)
    assert (next_year["status"], next_year["daysInOperation"]) == ("NONE", 365)
    assert (next_year["daysCovered"], next_year["categoriesCovered"]) == (0, [])
    assert next_year["warnings"] == []


async def test_days_that_no_inventory_covers(world: World) -> None:
    pilot = await world.pilot(operationStartsOn="2022-10-01")
    await recorded(world, pilot, "100000", **days("2022-10-01", "2022-11-30"))
    found = await coverage(world, pilot)
    assert [found[name] for name in ("daysInPeriod", "daysInOperation", "daysCovered")] == [
        365, 92, 61,
    ]  # fmt: skip
    assert found["status"] == "PARTIAL"
    assert found["gaps"]["nodes"] == [
        {"startsOn": "2022-12-01", "endsOn": "2022-12-31", "categories": ["ENERGY_CONSUMPTION"]}
    ]


async def test_categories_that_an_inventory_leaves_out(world: World) -> None:
    """Covered is what every inventory of the period has or declares not to occur."""
    pilot = await world.pilot("TRANSPORT")
    fuel = line("VEHICLE_FUEL", "prov2025.diesel", "20", "t")
    power = line("PURCHASED_ELECTRICITY", "elec.guangdong.avg.2022", "20000", "kWh")
    halves = (("2022-01-01", "2022-06-30", fuel), ("2022-07-01", "2022-12-31", power))
    for first, last, source in halves:
        no = ["PURCHASED_HEAT"] if source is fuel else ["PURCHASED_HEAT", "VEHICLE_FUEL"]
        inventory = await world.inventory(pilot, notOccurring=no, **days(first, last))
        await world.record(inventory, source)
        await world.submit(inventory)
    found = await coverage(world, pilot)
    assert found["status"] == "PARTIAL"
    assert found["daysCovered"] == found["daysInOperation"] == 365
    assert found["categoriesInScope"] == [
        "VEHICLE_FUEL", "EXHAUST_TREATMENT", "PURCHASED_ELECTRICITY", "PURCHASED_HEAT",
    ]  # fmt: skip
    assert found["categoriesCovered"] == ["VEHICLE_FUEL", "PURCHASED_HEAT"]


async def test_where_the_start_of_operation_is_not_known(world: World) -> None:
    """Then every day is expected; construction covers none of them."""
    pilot = await world.pilot("BUILDING_NEW")
    inventory = await world.inventory(
        pilot, phase="CONSTRUCTION", **days("2022-01-01", "2022-03-31")
    )
    await world.record(inventory, line("ENERGY_CONSUMPTION", "prov2025.diesel", "1", "t"))
    await world.submit(inventory)
    found = await coverage(world, pilot)
    assert found["daysInOperation"] is None
    assert (found["daysCovered"], found["categoriesCovered"]) == (0, [])
    assert (found["status"], found["warnings"]) == ("PARTIAL", [])
    await recorded(world, pilot, "100000", **days("2022-04-01", "2022-12-31"))
    assert (await coverage(world, pilot))["daysCovered"] == 275


async def test_an_inventory_before_operation_is_refused(world: World) -> None:
    pilot = await world.pilot(operationStartsOn="2022-10-01")
    base = {
        "pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022],
        "phase": "OPERATION_MAINTENANCE", "factorList": "prov2025-gd-2022",
    }  # fmt: skip
    for covers, first in ({}, "2022-01-01"), (days("2022-09-30", "2022-12-31"), "2022-09-30"):
        refused = await world.operator.refused("createInventory", **base | covers)
        assert (refused["code"], refused["path"]) == ("BEFORE_OPERATION", ["input", "covers"])
        for text in refused["message"].values():
            assert first in text
            assert "2022-10-01" in text
    query = """mutation ($input: CreateInventoryInput!) { createInventory(input: $input) {
        ... on BeforeOperation { startsOn operationStartsOn } } }"""
    given = base | {"idempotencyKey": "before"}
    data = await world.operator.ask(query, input=given)
    assert data["createInventory"] == {"startsOn": "2022-01-01", "operationStartsOn": "2022-10-01"}
    await recorded(world, pilot, "100000", **days("2022-10-01", "2022-12-31"))


async def test_construction_comes_before_operation(world: World) -> None:
    pilot = await world.pilot("BUILDING_NEW", operationStartsOn="2022-10-01")
    built = await world.inventory(pilot, phase="CONSTRUCTION", **days("2022-01-01", "2022-09-30"))
    await world.record(built, line("ENERGY_CONSUMPTION", "prov2025.diesel", "1", "t"))
    await world.submit(built)
    found = await coverage(world, pilot)
    assert (found["daysInOperation"], found["daysCovered"]) == (92, 0)
    assert [w["reason"] for w in found["warnings"]] == ["PARTLY_IN_OPERATION"]


async def test_an_inventory_of_before_that_stands_is_warned_of(
    world: World, database: TestDatabase
) -> None:
    """As one that an earlier release accepted does: its days before operation cover nothing."""
    pilot = await world.pilot()
    await recorded(world, pilot, "100000", **days("2022-01-01", "2022-11-30"))
    async with unguarded(database.superuser_url) as connection:
        await connection.execute("UPDATE pilot SET operation_starts_on = '2022-10-01'")
    found = await coverage(world, pilot)
    assert (found["daysInOperation"], found["daysCovered"]) == (92, 61)
    assert [(w["reason"], w["days"]) for w in found["warnings"]] == [
        ("PARTLY_IN_OPERATION", 92),
        ("BEFORE_OPERATION", 273),
    ]
