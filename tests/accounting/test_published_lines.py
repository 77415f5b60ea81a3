"""Lines that the published worked examples have."""

from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest

from nzc_api.accounting.exact import ceiling, total
from nzc_api.accounting.factors import FACTORS_BY_CODE
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import LineAccount, factor_value
from nzc_api.accounting.units import parse_unit
from nzc_api.guide.guide import net_emissions
from tests.accounting.lines import co2e, line, measured
from tests.examples import worked_examples

FUELS = [
    "raw_coal", "coke", "crude_oil", "fuel_oil", "gasoline",
    "kerosene", "diesel", "lpg", "refinery_gas", "natural_gas",
]  # fmt: skip


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    return worked_examples()


def half_up(value: Fraction, decimals: int) -> Decimal:
    return Decimal(floor(value * 10**decimals + Fraction(1, 2))).scaleb(-decimals)


@pytest.mark.parametrize("fuel", FUELS)
def test_a_published_fuel_factor(examples: dict[str, Any], fuel: str) -> None:
    example = examples[f"fuel.pub.{fuel}"]
    gas = FACTORS_BY_CODE[f"prov2011.{fuel}"].gases[0]
    assert [part.value for part in gas.parts] == [
        Decimal(example["inputs"][name])
        for name in ("lhv_GJ_per_unit", "carbon_tC_per_TJ", "oxidation")
    ]
    published_unit = parse_unit(example["expected"]["unit"])
    assert published_unit is not None
    in_published_unit = factor_value(gas)[0] / published_unit.size
    assert half_up(in_published_unit, 4) == Decimal(example["expected"]["factor"])


def test_the_published_factor_of_burning_household_waste(examples: dict[str, Any]) -> None:
    value, unit = factor_value(FACTORS_BY_CODE["waste.2025.inc.msw"].gases[0])
    expected = examples["waste.2025.msw"]["expected"]["factor_tCO2_per_t"]
    assert (half_up(value, 6), unit) == (Decimal(expected), "tCO2/t")


@pytest.mark.parametrize("treatment", ["septic", "aerobic"])
def test_a_published_wastewater_factor(examples: dict[str, Any], treatment: str) -> None:
    """A volume of water with its load of BOD as the density; a million m3, so nothing rounds."""
    example = examples[f"waste.2025.ww.{treatment}"]
    load = measured(example["inputs"]["od_mg_per_L"], "mgBOD/L")
    emitted = co2e(1_000_000, "m3", f"waste.ww.dom.{treatment}", density=load)
    assert emitted == Decimal(example["expected"]["factor_tCO2e_per_m3"]) * 1_000_000


def test_the_published_changes_of_grid_factors(examples: dict[str, Any]) -> None:
    example = examples["elec.trend"]
    series = {"national": "national.avg", "south": "south.avg"} | {
        name: f"national.{name}" for name in ("residual", "fossil")
    }
    for name, change in example["expected"].items():
        grid, year = name.rsplit("_", 1)
        new, old = (
            FACTORS_BY_CODE[f"elec.{series[grid]}.{number}"].gases[0].parts[0].value
            for number in (int(year), int(year) - 1)
        )
        assert str(new) == example["inputs"][grid][year]
        assert abs((new - old) / old * 100 - Decimal(change.rstrip("%"))) <= Decimal("0.05")


def test_the_constructed_building(examples: dict[str, Any]) -> None:
    example = examples["constructed.building"]
    given_, expected = example["inputs"], example["expected"]
    electricity = co2e(given_["electricity_kwh"], "kWh", given_["elec_factor"])
    gas = co2e(given_["natural_gas_1e4Nm3"], "10^4Nm3", given_["gas_factor"])
    sink = co2e(given_["forestry_sink_tCO2"], "tCO2", "measured.co2")
    gross = total([electricity, gas])
    units = given_["retired_outside_units"]
    assert electricity == Decimal(expected["electricity_tCO2"])
    assert gas == Decimal(expected["gas_tCO2"])
    assert gross == Decimal(expected["gross_tCO2"])
    assert net_emissions(gross, sink, units) == Decimal(expected["net_tCO2"])
    assert ceiling(net_emissions(gross, sink, 0)) == int(expected["units_to_reach_zero"])
    assert ceiling(net_emissions(gross, sink, units)) == int(expected["further_units"])


def test_the_constructed_transport_operator(examples: dict[str, Any]) -> None:
    example = examples["constructed.transport"]
    given_, expected = example["inputs"], example["expected"]
    diesel = co2e(given_["diesel_t"], "t", "prov2025.diesel")
    urea = co2e(given_["urea_kg"], "kg", "trans.urea")
    electricity = co2e(given_["electricity_kwh"], "kWh", "elec.guangdong.avg.2023")
    coaches = line(given_["heavy_diesel_km"], "km", "trans.heavy.diesel.all")
    assert isinstance(coaches, LineAccount)
    by_gas = {gas.gas: gas.co2e for gas in coaches.gases}
    assert diesel == Decimal(expected["diesel_tCO2"])
    assert urea == Decimal(expected["urea_tCO2"])
    assert electricity == Decimal(expected["electricity_tCO2"])
    assert by_gas == {
        Gas.CH4: Decimal(expected["ch4_tCO2e"]),
        Gas.N2O: Decimal(expected["n2o_tCO2e"]),
    }
    assert total([diesel, urea, electricity, coaches.co2e]) == Decimal(expected["gross_tCO2e"])


def test_the_forest_of_the_g20_summit(examples: dict[str, Any]) -> None:
    example = examples["event.g20"]
    given_ = example["inputs"]
    uptake = given_["years"] * co2e(given_["forest_mu"], "亩", "forest.carbonforest.rule")
    assert uptake == example["expected"]["uptake_tCO2e"]
    assert (uptake >= given_["event_emissions_tCO2e"]) is example["expected"]["covers"]
