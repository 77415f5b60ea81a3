"""One line of an inventory: in which units it is stated, how it is rounded, and what it explains."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from nzc_api.accounting import line as line_module
from nzc_api.accounting.exact import ZERO
from nzc_api.accounting.factors import FACTORS_BY_CODE
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import (
    LARGEST_LINE,
    LineAccount,
    Measurement,
    Rounding,
    explain,
    quantity_name,
)
from nzc_api.accounting.snapshot import freeze_factor, thaw_factor
from nzc_api.accounting.units import parse_unit
from tests.accounting.lines import (
    DAIRY,
    DIESEL,
    ELECTRICITY,
    FOREST,
    GAS_HEAT,
    co2e,
    exact_mass,
    line,
    measured,
)


def test_units_of_foreign_documents_are_exact() -> None:
    """55.539 tCO2/TJ of gas, by its heat; a US gallon of diesel is 3.785411784 L; a mile 1.609344 km."""
    assert exact_mass("1000", "MMBtu", GAS_HEAT) == Fraction("1055.05585262") * Fraction("0.055539")
    assert exact_mass("10", "therm", GAS_HEAT) == exact_mass("1", "MMBtu", GAS_HEAT)
    by_volume = exact_mass("1000", "scf", GAS_HEAT, density=measured("1026", "Btu/scf"))
    assert by_volume == exact_mass("1.026", "MMBtu", GAS_HEAT)
    kilogram = measured("0.84", "kg/L")
    gallons = exact_mass("1000", "gal", DIESEL, density=kilogram)
    assert gallons == exact_mass("3785.411784", "L", DIESEL, density=kilogram)
    assert gallons == exact_mass("1000", "US gal", DIESEL, density=measured("0.84", "g/mL"))
    assert exact_mass("1", "short ton", DIESEL) == exact_mass("907.18474", "kg", DIESEL)
    assert exact_mass("2000", "lb", DIESEL) == exact_mass("1", "短吨", DIESEL)
    heavy = "trans.heavy.diesel.all"
    assert exact_mass("1000", "mi", heavy) == exact_mass("1609.344", "km", heavy)
    gas = "prov2025.natural_gas"
    assert exact_mass("1000", "ft3", gas) == exact_mass("28.316846592", "m3", gas)
    methane = measured("0.0192", "kgCH4/scf")
    assert exact_mass("1000", "scf", "measured.ch4", density=methane) == Fraction("0.0192")


def test_a_gas_bill_with_its_heating_value() -> None:
    """10,000 m3 × 38.931 MJ/m3 × 55.539 tCO2/TJ."""
    expected = Decimal("21.621888")
    for value, unit, heat in (
        (10_000, "m3", measured("38.931", "MJ/m3")),
        (1, "万m³", measured("389.31", "GJ/万m³")),
        (1, "万方", measured("38931", "kJ/m3")),
    ):
        assert co2e(value, unit, GAS_HEAT, density=heat) == expected
    result = line(1, "t", "gbt51366.diesel", density=measured("42.652", "GJ/t"))
    assert isinstance(result, LineAccount)
    named = [m.name.en for m in result.gases[0].multipliers]
    assert named[:2] == ["activity data", "heating value"]


def test_steam_by_the_tonne() -> None:
    """10 t × 2.8 GJ/t × 0.11 tCO2/GJ."""
    assert co2e(10, "t", "heat.default", density=measured("2.8", "GJ/t")) == Decimal("3.08")


@pytest.mark.parametrize(
    ("value", "unit", "factor", "density"),
    [
        (1000, "升", DIESEL, measured("0.84", "kg/L")),
        (5, "万m³", "prov2025.natural_gas", None),
        (334, "亩", FOREST, None),
        (100, "头", DAIRY, None),
        (10_000, "m3", GAS_HEAT, measured("38.931", "MJ/m3")),
        (600_000, "km", "trans.heavy.diesel.all", None),
        (4, "kgR134a", "measured.hfc134a", None),
    ],
)
def test_a_recorded_line_explains_itself_from_what_it_keeps(
    monkeypatch: pytest.MonkeyPatch,
    value: int,
    unit: str,
    factor: str,
    density: Measurement | None,
) -> None:
    recorded = line(value, unit, factor, density=density)
    assert isinstance(recorded, LineAccount)
    kept = {gas.gas: gas.gwp.value for gas in recorded.gases}
    parsed = parse_unit(unit)
    assert parsed is not None
    monkeypatch.setattr(line_module, "GWP_SETS", {})
    monkeypatch.setattr(line_module, "LARGEST_LINE", 0)
    monkeypatch.setattr(line_module, "HEATED", frozenset())
    frozen = json.loads(json.dumps(freeze_factor(FACTORS_BY_CODE[factor])))
    told = explain(
        measured(value, parsed.name), thaw_factor(frozen), kept, Rounding.CO2E, density=density
    )
    assert told.co2e == recorded.co2e
    for ours, theirs in zip(told.gases, recorded.gases, strict=True):
        assert ours.expression == theirs.expression
        assert ours.multipliers == theirs.multipliers


def test_a_recorded_line_keeps_the_potentials_that_it_was_recorded_with() -> None:
    told = explain(
        measured(1, "tCH4"), FACTORS_BY_CODE["measured.ch4"], {Gas.CH4: Decimal(21)}, Rounding.CO2E
    )
    assert told.co2e == 21


def test_a_line_of_before_keeps_the_rule_that_it_was_rounded_by() -> None:
    """0.4 g of SF6 was nothing to a gram; now it is 0.0094 t."""
    gwps = {Gas.SF6: Decimal(23500)}
    stated, factor = measured("0.4", "gSF6"), FACTORS_BY_CODE["measured.sf6"]
    before = explain(stated, factor, gwps, Rounding.MASS)
    assert (before.co2e, before.gases[0].tonnes) == (ZERO, ZERO)
    assert before.gases[0].expression.endswith("t SF6 → 0.000000 t SF6 × 23500 = 0 t CO2e")
    now = explain(stated, factor, gwps, Rounding.CO2E)
    assert (now.co2e, now.gases[0].tonnes) == (Decimal("0.0094"), Decimal("0.0000004"))
    assert now.gases[0].expression.endswith("= 0.0000004 t SF6 × 23500 = 0.0094 t CO2e")


def test_co2e_is_rounded_once_from_the_unrounded_product() -> None:
    """1 m³ of wastewater gives 1.5 g of methane: rounded before the potential, it was 2 g, or 56 g CO2e."""
    result = line(1, "m3", "waste.ww.dom.aerobic", density=measured("50", "mgBOD/L"))
    assert isinstance(result, LineAccount)
    assert result.co2e == Decimal("0.000042")
    assert result.gases[0].tonnes == Decimal("0.0000015")


def test_the_largest_line_itself_is_accounted() -> None:
    assert co2e(1_000_000_000, "tCO2", "measured.co2") == LARGEST_LINE


def test_no_activity_is_no_emission() -> None:
    assert co2e(0, "kWh", ELECTRICITY) == 0


def test_a_litre_with_a_density_is_its_mass() -> None:
    litres = co2e(1000, "L", DIESEL, density=measured("0.84", "kg/L"))
    assert litres == co2e(1, "m3", DIESEL, density=measured("0.84", "t/m3"))
    assert litres == co2e("0.84", "t", DIESEL)


def test_every_number_that_comes_from_a_document_names_it() -> None:
    result = line(1, "t", DIESEL)
    assert isinstance(result, LineAccount)
    sources = [m.source for m in result.gases[0].multipliers]
    parts = [part.source for part in FACTORS_BY_CODE[DIESEL].gases[0].parts]
    assert sources == [None, *parts, None, None]


def test_the_working_of_a_line_of_electricity_reads_well() -> None:
    result = line(1_000_000, "度", ELECTRICITY)
    assert isinstance(result, LineAccount)
    assert result.gases[0].expression == (
        "1000000 kWh × 0.4403 kgCO2/kWh × 1/1000 = 440.3 t CO2 × 1 = 440.3 t CO2e"
    )


def test_the_words_of_a_supplied_quantity_stand_for_themselves() -> None:
    assert quantity_name("单位热值").zh == quantity_name("单位热值").en == "单位热值"
