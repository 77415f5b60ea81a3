"""Accepted units that are of something else than the factor: litres of gas, coal equivalents of power, urea by
the litre, a m3 at 20 °C. Each is refused with what would be right, or reckoned by what it is."""

from typing import Any

import pytest

from tests.inventories.test_units import line, recorded, refused
from tests.world import World

GRID = "elec.guangdong.avg.2022"
GAS, LNG, DIESEL, LPG = "prov2025.natural_gas", "prov2025.lng", "prov2025.diesel", "prov2025.lpg"
GAS_HEAT = "gbt51366.natural_gas"
FUEL, POWER, EXHAUST = "FUEL_FIXED_EQUIPMENT", "PURCHASED_ELECTRICITY", "EXHAUST_TREATMENT"

GAS_UNITS = ["m3", "10^4m3", "Nm3", "m3(20C)"]
POWER_UNITS = ["kWh", "MWh", "10^4kWh", "MJ", "GJ", "TJ"]


def own(unit: str, value: str = "2") -> dict[str, Any]:
    part = {"quantity": "系数", "value": value, "unit": unit}
    return {"name": "实测", "source": "报告", "gases": [{"gas": "CO2", "parts": [part]}]}


async def park(world: World, **given: Any) -> str:
    return await world.inventory(await world.pilot("PARK"), **given)


async def amounts(world: World, inventory: str, *lines: Any) -> list[str]:
    return [found["co2e"] for found in await recorded(world, inventory, *lines)]


async def misfit(world: World, inventory: str, given: Any, *words: tuple[str, str]) -> Any:
    """The refusal, which says why and what would be right, in both languages."""
    error = await refused(world, inventory, given)
    assert error["code"] == "UNIT_DOES_NOT_FIT", error
    for zh, en in words:
        assert zh in error["hint"]["zh"]
        assert en in error["hint"]["en"]
    assert error["hint"]["zh"] in error["message"]["zh"]
    assert error["hint"]["en"] in error["message"]["en"]
    return error


# Liquids and gases.


@pytest.mark.parametrize("unit", ["L", "升", "kL", "千升", "万升", "mL", "gal", "gal(UK)"])
async def test_a_liquids_volume_is_none_of_a_gas(shared_world: World, unit: str) -> None:
    """LNG in litres by the factor of gas: 600 times too low, whether its density is stated or not."""
    inventory = await park(shared_world)
    for density in (None, ("0.43", "kg/L")):
        given = line(FUEL, "430", unit, GAS, density=density)
        error = await misfit(shared_world, inventory, given, ("prov2025.lng", "prov2025.lng"))
        assert (error["path"], error["accepted"]) == (
            ["input", "sources", "0", "activity", "unit"], GAS_UNITS,
        )  # fmt: skip


async def test_what_the_refusal_of_litres_says_is_right(world: World) -> None:
    """1000 L of LNG at 0.43 kg/L are 430 kg, and the gas of them has its own m3."""
    found = await amounts(
        world,
        await park(world),
        line(FUEL, "1000", "L", LNG, density=("0.43", "kg/L")),
        line(FUEL, "430", "kg", LNG),
        line(FUEL, "600", "Nm3", LNG, density=("0.72", "kg/Nm3")),
        line(FUEL, "600", "m3", GAS),
    )
    assert found == ["1.217441", "1.217441", "1.223103", "1.297313"]


@pytest.mark.parametrize("unit", ["Nm3", "万标方", "scf", "m³(20℃)", "m³(15℃)"])
@pytest.mark.parametrize("density", [None, ("0.84", "kg/L")])
async def test_a_gass_volume_is_none_of_a_liquid(
    shared_world: World, unit: str, density: Any
) -> None:
    inventory = await park(shared_world)
    given = line(FUEL, "1000", unit, DIESEL, density=density)
    error = await misfit(shared_world, inventory, given, ("气体的体积", "of a gas"))
    assert error["accepted"] == ["kg", "t", "10^4t", "L", "m3"]


@pytest.mark.parametrize(
    ("unit", "factor", "density"),
    [
        ("L", LNG, ("0.72", "kg/m3")),
        ("m3(20C)", LNG, ("430", "kg/m3(20C)")),
        ("Nm3", LNG, ("0.43", "kg/L")),
        ("L", LPG, ("2.2", "kg/m3")),
        ("Nm3", LPG, ("0.54", "t/m3")),
    ],
)
async def test_a_density_is_that_of_the_state_that_is_measured(
    shared_world: World, unit: str, factor: str, density: tuple[str, str]
) -> None:
    """LPG and LNG are sold as liquids and as gases, some hundred times apart."""
    inventory = await park(shared_world)
    error = await refused(shared_world, inventory, line(FUEL, "1", unit, factor, density=density))
    assert error["code"] == "CONVERSION_IMPLAUSIBLE"


async def test_lpg_is_a_liquid_by_the_litre_and_a_gas_by_the_cubic_metre(world: World) -> None:
    found = await amounts(
        world,
        await park(world),
        line(FUEL, "1000", "L", LPG, density=("0.54", "kg/L")),
        line(FUEL, "540", "kg", LPG),
        line(FUEL, "250", "Nm3", LPG, density=("2.16", "kg/Nm3")),
        line(FUEL, "250", "m3", LPG, density=("2.16", "kg/m3")),
    )
    assert len(set(found)) == 1, found


async def test_an_own_factor_says_by_its_unit_what_it_is_about(world: World) -> None:
    inventory = await park(world)
    gas, liquid = own("kgCO2/Nm3"), own("kgCO2/L")
    anything = own("kgCO2/m3")
    await misfit(world, inventory, line(FUEL, "1", "L", None, ownFactor=gas), ("600", "600 times"))
    await misfit(
        world, inventory, line(FUEL, "1", "Nm3", None, ownFactor=liquid), ("气体的", "of a gas")
    )
    found = await amounts(
        world,
        inventory,
        line(FUEL, "1", "Nm3", None, ownFactor=gas),
        line(FUEL, "1000", "L", None, ownFactor=liquid),
        line(FUEL, "1000", "L", None, ownFactor=anything),
        line(FUEL, "1", "Nm3", None, ownFactor=anything),
    )
    assert found == ["0.002000", "2.000000", "0.002000", "0.002000"]


# At which temperature a gas is measured.


async def test_gas_is_reckoned_at_the_temperature_at_which_it_was_measured(world: World) -> None:
    """A million m³ × 21.62188809 t/10⁴ Nm³: × 273.15/293.15 at 20 °C, × 273.15/288.15 at 15 °C."""
    stated = ["万m³", "万Nm³", "万立方米(0℃)", "万m³(20℃)", "万标准立方米（20 ℃）", "万m³(15℃)"]
    lines = [line(FUEL, "100", unit, GAS) for unit in stated]
    found = await recorded(world, await park(world), *lines)
    at_0, at_20, at_15 = "2162.188809", "2014.674648", "2049.633431"
    assert [line["co2e"] for line in found] == [at_0, at_0, at_0, at_20, at_20, at_15]
    assert [line["explain"]["co2e"] for line in found] == [line["co2e"] for line in found]
    assert found[3]["activity"] == {
        "value": "100", "unit": "10^4m3(20C)",
        "unitName": {"zh": "万立方米(20℃)", "en": "10⁴m³(20°C)"},
    }  # fmt: skip
    ratio = [m["value"] for m in found[3]["explain"]["gases"][0]["multipliers"]][-2]
    assert ratio == "5463/5863", "27315/29315"


async def test_a_volume_and_what_it_is_multiplied_with_are_at_one_temperature(
    world: World,
) -> None:
    """10,000 m³ × 36 MJ/m³ × 55.539 tCO2/TJ, where both are at 20 °C, or where neither says so."""
    inventory = await park(world, factorList="gbt51366-gd-2022")
    found = await amounts(
        world,
        inventory,
        line(FUEL, "10000", "m³", GAS_HEAT, density=("36", "MJ/m³")),
        line(FUEL, "10000", "m³(20℃)", GAS_HEAT, density=("36", "MJ/m³(20℃)")),
        line(FUEL, "10000", "m³(20℃)", GAS_HEAT, density=("38.6", "MJ/Nm³")),
    )
    assert found == ["19.994040", "19.994040", "19.975454"]
    for unit, density, accepted in (
        ("m³(20℃)", "MJ/m³", ["MJ/m3(20C)", "GJ/10^4m3(20C)"]),
        ("m³", "MJ/m³(20℃)", ["MJ/m3", "GJ/10^4m3"]),
    ):
        given = line(FUEL, "10000", unit, GAS_HEAT, density=("36", density))
        error = await misfit(world, inventory, given, ("7.3%", "7.3 %"))
        assert (error["path"][-2:], error["accepted"]) == (["density", "unit"], accepted)
    given = line(FUEL, "1", "m³(20℃)", None, ownFactor=own("kgCO2/m3"))
    await misfit(world, inventory, given, ("7.3%", "7.3 %"))


async def test_a_standard_cubic_metre_is_at_15_or_at_20_degrees(shared_world: World) -> None:
    error = await refused(shared_world, await park(shared_world), line(FUEL, "1", "Sm³", GAS))
    assert error["code"] == "UNIT_UNKNOWN"
    assert "立方米(15℃)、立方米(20℃)" in error["hint"]["zh"]
    assert "m³(15°C) or m³(20°C)" in error["hint"]["en"]


# Electricity in coal equivalents.


@pytest.mark.parametrize("unit", ["tce", "kgce", "吨标准煤", "万吨标煤"])
async def test_power_is_stated_in_no_coal_equivalent(shared_world: World, unit: str) -> None:
    inventory = await park(shared_world)
    for factor, given in (
        (GRID, {}),
        (None, {"ownFactor": own("kgCO2/kWh")}),
        (None, {"ownFactor": own("tCO2/GJ")}),
        (None, {"ownFactor": own("tCO2/tce")}),
    ):
        error = await misfit(
            shared_world,
            inventory,
            line(POWER, "1", unit, factor, **given),
            ("0.1229", "0.1229 kgce/kWh"), ("0.3", "0.3 kgce/kWh"), ("GB/T 2589", "GB/T 2589"),
            ("kWh", "kWh"),
        )  # fmt: skip
        assert "tce" not in error["accepted"]
        assert "kWh" in (error["accepted"][0])


async def test_no_own_factor_makes_power_of_coal_equivalents(shared_world: World) -> None:
    inventory = await park(shared_world)
    given = line(POWER, "1", "kWh", None, ownFactor=own("tCO2/tce"))
    error = await misfit(shared_world, inventory, given, ("0.1229", "0.1229"))
    assert error["path"][-3:] == ["parts", "0", "unit"]
    assert error["accepted"] == ["kgCO2/kWh"]
    given = line("ENERGY_CONSUMPTION", "1", "tce", None, ownFactor=own("kgCO2/kWh"))
    await misfit(shared_world, inventory, given, ("0.1229", "0.1229"))


async def test_what_is_no_power_may_be_in_coal_equivalents(world: World) -> None:
    """1 tce × 29.307 GJ × 0.11 tCO2/GJ; fuel by a factor per tce; and a power plant's coal for a kWh."""
    parts = [
        {"quantity": "供电煤耗", "value": "0.3", "unit": "kgce/kWh"},
        {"quantity": "系数", "value": "2.66", "unit": "tCO2/tce"},
    ]
    plant = {"name": "电厂", "source": "报告", "gases": [{"gas": "CO2", "parts": parts}]}
    found = await amounts(
        world,
        await park(world),
        line("PURCHASED_HEAT", "1", "tce", "heat.default"),
        line(FUEL, "10", "tce", None, ownFactor=own("tCO2/tce", "2.66")),
        line(POWER, "1000", "kWh", None, ownFactor=plant),
    )
    assert found == ["3.223770", "26.600000", "0.798000"]


# Urea.


@pytest.mark.parametrize(
    ("unit", "density"),
    [("L", None), ("L", ("1.09", "kg/L")), ("m3", ("0.75", "t/m3")), ("gal", None)],
)
async def test_solid_urea_has_no_volume(shared_world: World, unit: str, density: Any) -> None:
    inventory = await shared_world.inventory(await shared_world.pilot("TRANSPORT"))
    given = line(EXHAUST, "1000", unit, "trans.urea", density=density)
    error = await misfit(
        shared_world, inventory, given, ("trans.urea_solution", "trans.urea_solution")
    )
    assert error["accepted"] == ["kg", "t", "10^4t"]


async def test_urea_solution_is_a_third_of_urea(world: World) -> None:
    """1,090 kg × 0.325 × 0.2 tC/t × 44/12, against 0.996 of solid urea."""
    inventory = await world.inventory(await world.pilot("TRANSPORT"))
    found = await amounts(
        world,
        inventory,
        line(EXHAUST, "1000", "L", "trans.urea_solution", density=("1.09", "kg/L")),
        line(EXHAUST, "1090", "kg", "trans.urea_solution"),
        line(EXHAUST, "1090", "kg", "trans.urea"),
    )
    assert found == ["0.259783", "0.259783", "0.796136"]
    given = line(EXHAUST, "1", "L", "trans.urea_solution", density=("0.75", "kg/L"))
    assert (await refused(world, inventory, given))["code"] == "CONVERSION_IMPLAUSIBLE"


# What to write for a spelling that is unclear.


@pytest.mark.parametrize(
    ("unit", "category", "factor", "hint"),
    [
        ("ton", POWER, GRID, None),
        ("MT", POWER, GRID, None),
        ("mWh", POWER, GRID, "MWh"),
        ("mWh", FUEL, DIESEL, None),
        ("MT", FUEL, DIESEL, "t or Mt"),
        ("加仑", FUEL, DIESEL, "gal(US) or gal(UK)"),
        ("加仑", FUEL, GAS, None),
        ("ML", FUEL, GAS, "10³m³"),
        ("ML", FUEL, DIESEL, "mL or 10³m³"),
        ("Mcf", FUEL, GAS, "10³ft³ or 10⁶ft³"),
        ("kVAh", POWER, GRID, None),
        ("kvarh", POWER, GRID, None),
    ],
)
async def test_a_hint_offers_only_what_the_factor_takes(
    shared_world: World, unit: str, category: str, factor: str, hint: str | None
) -> None:
    inventory = await park(shared_world)
    error = await refused(shared_world, inventory, line(category, "1", unit, factor))
    assert error["code"] == "UNIT_UNKNOWN"
    said = error["hint"] and error["hint"]["en"]
    assert (said is None) if hint is None else said.endswith(f"write {hint})"), said
