"""Lines of herds, forests and paddies, whose heads or area need a time."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.accounting.line import LineAccount, is_stock_over_years
from nzc_api.accounting.units import parse_unit
from tests.accounting.lines import DAIRY, FOREST, RICE, co2e, exact_mass, line


def test_a_forest_is_stated_in_its_area_over_a_whole_year() -> None:
    """G20: 334 mu × 1 t/mu/yr."""
    assert co2e(334, "亩", FOREST) == 334
    assert co2e("0.0334", "万亩", FOREST) == 334
    assert co2e(15, "ha", FOREST) == 225
    result = line(334, "亩", FOREST)
    assert isinstance(result, LineAccount)
    assert "334 mu × 1 yr × 1 tCO2e/mu/yr" in result.gases[0].expression


HEADS, DAYS = (100, "头"), (36_600, "头·天")


def test_a_herd_of_a_leap_year_is_the_same_in_heads_and_in_days() -> None:
    """100 头 over 366 days are 36,600 头·天: 100 × 68 kgCH4 × 28."""
    for value, unit in (HEADS, DAYS, (100, "头·年")):
        assert exact_mass(value, unit, DAIRY, days_a_year=366) == Fraction("6.8"), unit
    assert exact_mass(36_500, "头·天", DAIRY) == Fraction("6.8")
    assert co2e(*DAYS, DAIRY, days_a_year=366) == Decimal("190.4")
    assert co2e(*DAYS, DAIRY) != Decimal("190.4"), "366 days are more than a common year"


@given(st.integers(1, 10**6), st.sampled_from([365, 366]))
def test_a_stock_and_its_days_are_equal_in_any_year(stock: int, days: int) -> None:
    for unit, factor in (("head", DAIRY), ("亩", FOREST)):
        alone, by_day = (
            line(value, name, factor, days_a_year=days)
            for value, name in ((stock, unit), (stock * days, f"{unit}·天"))
        )
        assert isinstance(alone, LineAccount)
        assert isinstance(by_day, LineAccount)
        assert alone.co2e == by_day.co2e
        assert [gas.exact for gas in alone.gases] == [gas.exact for gas in by_day.gases]


def test_a_year_of_a_factor_per_day_has_the_days_of_the_year() -> None:
    assert co2e(1, "ha·yr", RICE, days_a_year=366) == co2e(366, "ha·d", RICE)
    assert co2e(1, "ha·yr", RICE) == co2e(365, "ha·d", RICE)
    assert co2e(100, "ha·d", RICE, days_a_year=366) == co2e(100, "ha·d", RICE)


def test_what_a_day_is_of_the_year_is_a_step_of_the_working() -> None:
    result = line(*DAYS, DAIRY, days_a_year=366)
    assert isinstance(result, LineAccount)
    expression = result.gases[0].expression
    assert expression.startswith(
        "36600 head·d × 68 kgCH4/head/yr × 1/366 yr/d × 1/1000 = 6.8 t CH4"
    )
    result = line(1, "ha·yr", RICE, days_a_year=366)
    assert isinstance(result, LineAccount)
    assert " × 366 d/yr × " in result.gases[0].expression
    result = line(*HEADS, DAIRY, days_a_year=366)
    assert isinstance(result, LineAccount)
    assert "366" not in result.gases[0].expression


@pytest.mark.parametrize(
    ("unit", "days", "days_a_year", "unclear"),
    [
        ("亩·年", 90, 365, True),
        ("头·年", 365, 366, True),
        ("万头·年", 1, 365, True),
        ("亩·年", 365, 365, False),
        ("亩·年", 366, 366, False),
        ("头·年", 730, 365, False),
        ("亩·天", 90, 365, False),
        ("头", 90, 365, False),
        ("t", 90, 365, False),
        ("t·年", 90, 365, False),
    ],
)
def test_a_stock_over_years_in_less_than_a_year(
    unit: str, days: int, days_a_year: int, unclear: bool
) -> None:
    parsed = parse_unit(unit)
    assert parsed is not None
    assert is_stock_over_years(parsed, days, days_a_year) is unclear


def test_a_herd_in_heads_stands_for_a_whole_year() -> None:
    assert co2e(10, "头", DAIRY) == co2e(10, "head*yr", DAIRY) == Decimal("19.04")
