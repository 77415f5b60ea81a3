"""Exact arithmetic: a mass is rounded once, sums and products never."""

from decimal import Decimal, Inexact
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.accounting.exact import (
    EXACT,
    ceiling,
    grams,
    plain,
    product,
    rounded,
    shown,
    simplest,
    total,
)

GRAM = Fraction(1, 10**6)

# As wide as a Decimal of the API: 18 digits before the point and 12 after it.
DECIMALS = st.decimals(min_value=-(10**18) + 1, max_value=10**18 - 1, places=12)

# Many of these lie exactly between two grams, where half-even differs from every other rounding.
MASSES = st.one_of(
    st.fractions(min_value=-(10**12), max_value=10**12),
    st.integers(-(10**15), 10**15).map(lambda halves: halves * GRAM / 2),
)


def half_even(value: Fraction, unit: Fraction) -> Fraction:
    """The nearest multiple of ``unit``; of two, the even one. Written from the definition."""
    below, rest = divmod(value, unit)
    up = rest > unit / 2 or (rest == unit / 2 and below % 2 == 1)
    return (below + up) * unit


@pytest.mark.parametrize(
    ("tonnes", "expected"),
    [
        ("0", "0.000000"),
        ("12.5", "12.500000"),
        ("0.0000005", "0.000000"),
        ("0.0000015", "0.000002"),
        ("0.0000025", "0.000002"),
        ("0.0000025000000000001", "0.000003"),
        ("-0.0000005", "0.000000"),
        ("-0.0000015", "-0.000002"),
        ("-0.0000025", "-0.000002"),
        ("1/3", "0.333333"),
        ("-2/3", "-0.666667"),
        ("61.91819312", "61.918193"),
    ],
)
def test_a_mass_is_rounded_half_even_to_a_gram(tonnes: str, expected: str) -> None:
    assert str(grams(Fraction(tonnes))) == expected


def test_a_mass_is_rounded_once() -> None:
    """Rounded to 12 decimals first, it would be a half, and go up."""
    assert grams(Fraction("0.0000014999999999999")) == Decimal("0.000001")


@given(MASSES)
def test_a_mass_is_the_nearest_gram(tonnes: Fraction) -> None:
    result = grams(tonnes)
    assert result.as_tuple().exponent == -6
    assert Fraction(result) == half_even(tonnes, GRAM)


@given(st.lists(DECIMALS, max_size=20))
def test_a_total_is_exact(values: list[Decimal]) -> None:
    expected = sum(map(Fraction, values), Fraction(0))
    assert Fraction(total(values)) == expected
    assert Fraction(total(reversed(values))) == expected


def test_a_total_of_nothing_is_zero_to_the_gram() -> None:
    assert str(total([])) == "0.000000"


def test_a_total_keeps_what_pythons_default_context_would_drop() -> None:
    large, small = Decimal("999999999999999999.000000000001"), Decimal("0.000000000001")
    assert total([large, small]) == Decimal("999999999999999999.000000000002")


@given(DECIMALS, DECIMALS)
def test_a_product_is_exact(left: Decimal, right: Decimal) -> None:
    assert Fraction(product(left, right)) == Fraction(left) * Fraction(right)


def test_a_rounding_raises() -> None:
    """A silent rounding would be a wrong total that nobody sees."""
    with pytest.raises(Inexact):
        EXACT.divide(Decimal(1), Decimal(3))
    with pytest.raises(Inexact):
        product(Decimal(10**40 + 1), Decimal(10**40 + 1))
    with pytest.raises(Inexact):
        total([Decimal(10**60), Decimal("1E-30")])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0),
        ("0.000001", 1),
        ("1", 1),
        ("1.000001", 2),
        ("535.909440", 536),
        ("-0.000001", 0),
        ("-0.999999", 0),
        ("-1", -1),
        ("-1.5", -1),
        ("999999999999999999.000001", 10**18),
    ],
)
def test_a_ceiling(value: str, expected: int) -> None:
    assert ceiling(Decimal(value)) == expected


@given(DECIMALS)
def test_a_ceiling_is_the_least_whole_number_not_below(value: Decimal) -> None:
    result = ceiling(value)
    assert result - 1 < value <= result


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1/4", "= 0.25"),
        ("-7", "= -7"),
        ("0", "= 0"),
        ("1000000", "= 1000000"),
        ("1/3", "≈ 0.333333333333"),
        ("2/3", "≈ 0.666666666667"),
        ("0.0000000000005", "≈ 0"),
        ("0.0000000000015", "≈ 0.000000000002"),
        ("0.000000000001", "= 0.000000000001"),
    ],
)
def test_a_number_that_is_shown_says_whether_it_is_exact(value: str, text: str) -> None:
    assert shown(Fraction(value)) == text


@given(MASSES)
def test_a_shown_number_is_rounded_half_even_to_12_decimals(value: Fraction) -> None:
    assert Fraction(rounded(value)) == half_even(value, Fraction(1, 10**12))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+3", "1000"),
        ("100", "100"),
        ("10.00", "10"),
        ("0E-6", "0"),
        ("1E-12", "0.000000000001"),
        ("-1.50", "-1.5"),
    ],
)
def test_a_plain_number_has_no_exponent_and_no_trailing_zeros(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("1395.0000000", "1395"), ("40", "40"), ("0.50", "0.5"), ("1E+3", "1000")]
)
def test_the_simplest_form_of_a_number(value: str, text: str) -> None:
    assert str(simplest(Decimal(value))) == text


@given(DECIMALS)
def test_a_plain_number_is_the_same_number(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
