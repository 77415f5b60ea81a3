"""Which factors, activities and gases a category takes."""

import pytest

from nzc_api.accounting.factors import FACTORS_BY_CODE, FactorKind
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import activity_dimensions
from nzc_api.accounting.units import parse_unit
from nzc_api.guide.terms import Category
from nzc_api.inventories.categories import (
    SINK_GASES,
    categories_of,
    factor_kinds,
    is_biogenic,
    own_activity_dimensions,
    takes,
)
from nzc_api.inventories.model import LineRole

SINKS = pytest.mark.parametrize("category", categories_of(LineRole.SINK))

LINES = [(category, role) for role in LineRole for category in Category if takes(category, role)]


def may_measure(category: Category, unit: str, role: LineRole = LineRole.SOURCE) -> bool:
    parsed = parse_unit(unit)
    assert parsed is not None
    allowed = own_activity_dimensions(category, role)
    return allowed is None or parsed.dimensions in allowed


@SINKS
@pytest.mark.parametrize("unit", ["ha", "亩", "ha*yr", "亩·年", "tCO2", "tC"])
def test_what_a_sink_of_ones_own_factor_may_measure(category: Category, unit: str) -> None:
    assert may_measure(category, unit, LineRole.SINK)


@SINKS
@pytest.mark.parametrize(
    "unit", ["kWh", "GJ", "t", "m3", "km", "head", "tCH4", "tCO2e", "kgHFC134a", "1"]
)
def test_what_a_sink_may_not_measure(category: Category, unit: str) -> None:
    assert not may_measure(category, unit, LineRole.SINK)


@SINKS
def test_a_sink_takes_uptake_by_forests_and_measured_masses_of_carbon(category: Category) -> None:
    kinds = factor_kinds(category, LineRole.SINK)
    assert kinds == {FactorKind.FORESTRY, FactorKind.MEASURED_MASS}
    assert {Gas.CO2} == SINK_GASES


@pytest.mark.parametrize("category", categories_of(LineRole.SOURCE))
def test_uptake_by_forests_is_never_a_source(category: Category) -> None:
    kinds = factor_kinds(category, LineRole.SOURCE)
    assert FactorKind.FORESTRY not in kinds
    assert FactorKind.ELECTRICITY_BASELINE not in kinds
    assert kinds


@SINKS
def test_land_that_is_converted_is_never_a_sink(category: Category) -> None:
    assert FactorKind.LAND_CONVERSION not in factor_kinds(category, LineRole.SINK)


@pytest.mark.parametrize(
    ("category", "unit"),
    [
        (Category.PURCHASED_HEAT, "t"),
        (Category.ENERGY_CONSUMPTION, "tCO2"),
        (Category.BUILDING_ENERGY, "tCO2"),
        (Category.TRANSPORT_ENERGY, "tCO2"),
        (Category.VEHICLE_FUEL, "tCO2e"),
        (Category.FUEL_TRANSPORT_MEANS, "kgCH4"),
        (Category.BIOMASS_BURNING, "t"),
        (Category.BIOMASS_BURNING, "GJ"),
        (Category.LUCF, "ha"),
        (Category.LUCF, "m3"),
    ],
)
def test_what_an_own_factor_may_be_per(category: Category, unit: str) -> None:
    assert may_measure(category, unit)


@pytest.mark.parametrize(
    ("category", "unit"),
    [
        (Category.LUCF, "kWh"),
        (Category.PURCHASED_ELECTRICITY, "t"),
        (Category.ENERGY_CONSUMPTION, "head"),
        (Category.BUILDING_ENERGY, "km"),
        (Category.BIOMASS_BURNING, "km"),
        (Category.LIVESTOCK, "kWh"),
    ],
)
def test_what_an_own_factor_may_not_be_per(category: Category, unit: str) -> None:
    assert not may_measure(category, unit)


@pytest.mark.parametrize(
    "category",
    [
        Category.ENERGY_CONSUMPTION,
        Category.BUILDING_ENERGY,
        Category.TRANSPORT_ENERGY,
        Category.VEHICLE_FUEL,
        Category.FUEL_TRANSPORT_MEANS,
        Category.EXHAUST_TREATMENT,
    ],
)
def test_a_measured_mass_is_taken_wherever_something_is_burnt(category: Category) -> None:
    assert FactorKind.MEASURED_MASS in factor_kinds(category, LineRole.SOURCE)


def test_no_fossil_fuel_is_biomass() -> None:
    kinds = factor_kinds(Category.BIOMASS_BURNING, LineRole.SOURCE)
    assert kinds == {FactorKind.BIOMASS_FUEL, FactorKind.MEASURED_MASS}


def test_no_published_factor_of_biomass_gives_the_co2_that_is_a_memo_item() -> None:
    """So a line under it counts wherever fuels are burnt, and hides no CO2 in the net."""
    gases = {
        gas.gas
        for factor in FACTORS_BY_CODE.values()
        if factor.kind is FactorKind.BIOMASS_FUEL
        for gas in factor.gases
    }
    assert gases == {Gas.CH4, Gas.N2O}


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        (FactorKind.SOIL, Category.AGRICULTURE),
        (FactorKind.LANDFILL, Category.WASTE),
        (FactorKind.SLUDGE, Category.WASTE),
        (FactorKind.LAND_CONVERSION, Category.LUCF),
        (FactorKind.REFRIGERANT_BLEND, Category.INDUSTRIAL_PROCESSES),
    ],
)
def test_a_kind_of_factors_is_taken_by_its_category_and_by_what_is_other(
    kind: FactorKind, category: Category
) -> None:
    takers = {c for c, role in LINES if role is LineRole.SOURCE and kind in factor_kinds(c, role)}
    assert takers == {category, Category.OTHER}


def test_only_the_co2_of_biomass_is_biogenic() -> None:
    biogenic = {(c, gas) for c in Category for gas in Gas if is_biogenic(c, gas)}
    assert biogenic == {(Category.BIOMASS_BURNING, Gas.CO2)}


@pytest.mark.parametrize(("category", "role"), LINES)
def test_an_own_factor_may_be_per_whatever_a_published_one_is(
    category: Category, role: LineRole
) -> None:
    allowed = own_activity_dimensions(category, role)
    kinds = factor_kinds(category, role)
    gases = SINK_GASES if role is LineRole.SINK else set(Gas)
    for factor in FACTORS_BY_CODE.values():
        if allowed is not None and factor.kind in kinds and factor.gases[0].gas in gases:
            assert activity_dimensions(factor.gases[0]) in allowed, factor.code
