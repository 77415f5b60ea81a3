"""Units and numbers as a client meets them: what is read, what is told, and in which form."""

from typing import Any

import pytest

from tests.conftest import TestDatabase, unguarded
from tests.world import World, key

LEAP = 2024
DAIRY = "live.ipcc.enteric.dairy"
GRID = "elec.guangdong.avg.2022"

LINES = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    emissionSources { nodes { co2e gases { gas tonnes gwp co2e }
        activity { value unit unitName { zh en } } density { value unit unitName { zh en } }
        factor { gases { value parts { value } } }
        explain { co2e gases { expression multipliers { value unit unitName { zh en } } } } } }
    sinks { nodes { co2e } } } } }"""

REFUSED = """mutation ($input: RecordEmissionSourcesInput!) { recordEmissionSources(input: $input) {
    ... on UserError { code path message { zh en } }
    ... on UnitUnknown { unit accepted hint { zh en } }
    ... on UnitDoesNotFit { unit accepted hint { zh en } }
    ... on FactorNotInList { accepted } } }"""


def line(
    category: str, value: str, unit: str, factor: str | None, density: Any = None, **more: Any
) -> Any:
    given = {"value": density[0], "unit": density[1]} if density else None
    return {
        "category": category,
        "label": "x",
        "activity": {"value": value, "unit": unit},
        "density": given,
        "factor": factor,
    } | more


async def recorded(world: World, inventory: str, *lines: Any) -> Any:
    await world.record(inventory, *lines)
    return (await world.operator.ask(LINES, id=inventory))["node"]["emissionSources"]["nodes"]


async def refused(world: World, inventory: str, given: Any) -> Any:
    values = {"idempotencyKey": key(), "inventory": inventory, "sources": [given]}
    return (await world.operator.ask(REFUSED, input=values))["recordEmissionSources"]


async def village(world: World, **given: Any) -> str:
    pilot = await world.pilot("COMMUNITY_RURAL", 2022, LEAP)
    return await world.inventory(pilot, LEAP, **given)


# A leap year.


async def test_a_herd_of_a_leap_year_is_the_same_in_heads_and_in_days(world: World) -> None:
    """100 cows × 68 kgCH4 × 28, whichever way the year is written."""
    herds = [("100", "头"), ("100", "头·年"), ("36600", "头·天")]
    lines = [line("LIVESTOCK", value, unit, DAIRY) for value, unit in herds]
    found = await recorded(world, await village(world), *lines)
    assert [row["co2e"] for row in found] == ["190.400000"] * 3
    assert [row["explain"]["co2e"] for row in found] == ["190.400000"] * 3
    by_day = found[2]["explain"]["gases"][0]["multipliers"]
    assert [(m["value"], m["unit"]) for m in by_day] == [
        ("36600", "head·d"), ("68", "kgCH4/head/yr"), ("1/366", "yr/d"), ("1/1000", ""),
    ]  # fmt: skip
    assert by_day[0]["unitName"] == {"zh": "头·天", "en": "head·d"}
    assert by_day[3]["unitName"] == {"zh": "", "en": ""}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "year", "days"),
    [
        ("2024-04-01", "2024-06-30", LEAP, "366"),
        ("2022-04-01", "2022-06-30", 2022, "365"),
        ("2022-01-01", "2022-12-31", 2022, "365"),
    ],
)
async def test_a_day_is_a_part_of_the_year_in_which_it_lies(
    world: World, starts_on: str, ends_on: str, year: int, days: str
) -> None:
    """So that the parts of a year together are the year."""
    pilot = await world.pilot("COMMUNITY_RURAL", 2022, LEAP)
    covers = {"startsOn": starts_on, "endsOn": ends_on}
    inventory = await world.inventory(pilot, year, covers=covers)
    found = await recorded(world, inventory, line("LIVESTOCK", days, "头·天", DAIRY))
    assert found[0]["co2e"] == "1.904000"


async def test_a_year_across_two_calendar_years_has_its_own_days(world: World) -> None:
    span = {"startsOn": "2023-07-01", "endsOn": "2024-06-30"}
    pilot = await world.pilot("COMMUNITY_RURAL", accountingPeriods=[span])
    inventory = await world.inventory(pilot, 2023)
    lines = [line("LIVESTOCK", *cells, DAIRY) for cells in (("100", "头"), ("36600", "头·天"))]
    assert [row["co2e"] for row in await recorded(world, inventory, *lines)] == ["190.400000"] * 2


async def test_a_line_that_stands_keeps_its_days_and_its_figures(
    world: World, database: TestDatabase
) -> None:
    """Before, every year had 365 days: 36,500 of them were 100 head·yr, in a leap year too."""
    inventory = await village(world)
    now = await recorded(world, inventory, line("LIVESTOCK", "36500", "头·天", DAIRY))
    assert now[0]["co2e"] != "190.400000"
    async with unguarded(database.superuser_url) as connection:
        await connection.execute("UPDATE inventory_line SET factor = factor - 'days_a_year'")
        await connection.execute("UPDATE line_gas SET tonnes = 6.8, co2e = 190.4")
    await world.submit(inventory, verify=False)
    revised = await world.operator.made("reviseInventory", "inventory { id }", inventory=inventory)
    for version in (inventory, revised["id"]):
        found = (await world.operator.ask(LINES, id=version))["node"]["emissionSources"]["nodes"][0]
        assert (found["co2e"], found["explain"]["co2e"]) == ("190.400000",) * 2
        assert "1/365 yr/d" in found["explain"]["gases"][0]["expression"]


# Why a unit is refused.


async def test_a_stock_alone_is_refused_with_the_reason_where_no_whole_year_is_covered(
    world: World,
) -> None:
    inventory = await village(world, covers={"startsOn": "2024-01-01", "endsOn": "2024-03-31"})
    error = await refused(world, inventory, line("LIVESTOCK", "100", "头", DAIRY))
    assert (error["code"], error["accepted"]) == ("UNIT_DOES_NOT_FIT", ["head*d"])
    assert "只有清单恰好覆盖一整年时" in error["message"]["zh"]
    assert "only where the inventory covers exactly a year" in error["message"]["en"]
    assert error["hint"]["zh"] in error["message"]["zh"]
    assert error["message"]["zh"].endswith("此处可用：头·天")
    found = await recorded(world, inventory, line("LIVESTOCK", "9100", "头·天", DAIRY))
    assert found[0]["gases"][0]["tonnes"] == "1.690710383", "100 × 91/366 × 68 kg"


async def test_a_unit_that_may_be_meant_in_several_ways(shared_world: World) -> None:
    inventory = await shared_world.inventory(await shared_world.pilot())
    error = await refused(
        shared_world, inventory, line("ENERGY_CONSUMPTION", "1", "ton", "prov2025.diesel")
    )
    assert (error["code"], error["unit"]) == ("UNIT_UNKNOWN", "ton")
    assert error["message"]["zh"] == (
        "无法识别的单位“ton”（含义不唯一，请写明：吨、短吨、长吨）；此处可用：千克、吨、万吨、升、立方米"
    )
    assert error["message"]["en"] == (
        "The unit “ton” is unknown (it can mean several things: write t or short ton or long ton); "
        "accepted here: kg, t, 10⁴t, L, m³"
    )
    assert error["accepted"] == ["kg", "t", "10^4t", "L", "m3"]
    plain = await refused(
        shared_world, inventory, line("ENERGY_CONSUMPTION", "1", "furlong", "prov2025.diesel")
    )
    assert plain["hint"] is None


async def test_a_long_list_is_short_in_a_message_and_whole_in_the_error(
    shared_world: World,
) -> None:
    inventory = await shared_world.inventory(await shared_world.pilot("PARK"))
    error = await refused(shared_world, inventory, line("OTHER", "1", "t", "elec.nowhere"))
    count = len(error["accepted"])
    assert count > 20
    assert error["message"]["zh"].endswith(f"、{error['accepted'][7]}等{count}种")
    assert error["message"]["en"].endswith(f", {error['accepted'][7]} and {count - 8} more")
    assert error["accepted"][8] not in error["message"]["zh"] + error["message"]["en"]


async def test_a_factor_list_that_is_none_is_answered_in_a_line(shared_world: World) -> None:
    pilot = await shared_world.pilot()
    payload = await shared_world.operator.refused(
        "createInventory",
        pilot=pilot["id"],
        accountingPeriod=pilot["periods"][2022],
        phase="OPERATION_MAINTENANCE",
        factorList="nowhere",
    )
    for text in payload["message"].values():
        assert "factorLists" in text
        assert len(text) < 400, text


# What units are called, and the one form of numbers.


@pytest.mark.parametrize(
    ("unit", "canonical", "zh", "en"),
    [
        ("万千瓦·时", "10^4kWh", "万千瓦时", "10⁴kWh"),
        ("MW•h", "MWh", "兆瓦时", "MWh"),
        ("MMBTU", "MMBtu", "百万英热单位", "MMBtu"),
    ],
)
async def test_a_unit_keeps_our_name_and_is_called_what_people_call_it(
    world: World, unit: str, canonical: str, zh: str, en: str
) -> None:
    inventory = await world.inventory(await world.pilot())
    found = await recorded(world, inventory, line("ENERGY_CONSUMPTION", "1", unit, GRID))
    assert found[0]["activity"] == {
        "value": "1", "unit": canonical, "unitName": {"zh": zh, "en": en},
    }  # fmt: skip
    first = found[0]["explain"]["gases"][0]["multipliers"][0]
    assert (first["unit"], first["unitName"]) == (en, {"zh": zh, "en": en})


async def test_numbers_have_one_form(world: World) -> None:
    """Of an activity, a density, a factor, a potential: no trailing zeros. Of tonnes: to the gram."""
    inventory = await world.inventory(await world.pilot("PARK"), gwpSet="AR6")
    own = {
        "name": "实测",
        "source": "报告",
        "gases": [
            {"gas": "CH4", "parts": [
                {"quantity": "系数", "value": "0.500", "unit": "tCH4/t"},
                {"quantity": "比例", "value": "100.0", "unit": "%"},
            ]}
        ],
    }  # fmt: skip
    found = await recorded(
        world,
        inventory,
        line("INDUSTRIAL_PROCESSES", "100.000", "t", None, ownFactor=own),
        line(
            "FUEL_FIXED_EQUIPMENT", "1000.0", "L", "prov2025.diesel", density=("0.8400", "千克／升")
        ),
    )
    process, fuel = found
    assert process["activity"]["value"] == "100"
    assert process["gases"] == [
        {"gas": "CH4", "tonnes": "50.000000", "gwp": "27.9", "co2e": "1395.000000"}
    ]
    assert process["co2e"] == process["explain"]["co2e"] == "1395.000000"
    of_own = process["factor"]["gases"][0]
    assert [part["value"] for part in of_own["parts"]] == ["0.5", "100"]
    assert of_own["value"] == "0.5"
    assert fuel["activity"]["value"] == "1000"
    assert (fuel["density"]["value"], fuel["density"]["unit"]) == ("0.84", "kg/L")
    assert fuel["density"]["unitName"] == {"zh": "千克/升", "en": "kg/L"}
    assert fuel["gases"][0]["gwp"] == "1"


async def test_published_numbers_have_that_form_too(shared_world: World) -> None:
    data = await shared_world.anyone.ask(
        """{ gwpTables { potentials { gas value } }
            emissionFactors(first: 100) { nodes { gases { value parts { value } }
                published { value } } } }"""
    )
    numbers = [
        potential["value"] for table in data["gwpTables"] for potential in table["potentials"]
    ]
    for factor in data["emissionFactors"]["nodes"]:
        numbers += [factor["published"]["value"]] if factor["published"] else []
        for gas in factor["gases"]:
            numbers += [gas["value"], *(part["value"] for part in gas["parts"])]
    assert len(numbers) > 200
    odd = [text for text in numbers if "." in text and text.endswith(("0", "."))]
    assert not odd
    assert not [text for text in numbers if "E" in text.upper()]
