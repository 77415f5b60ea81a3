"""Numbers of a whole column are what each is by itself, to the last millionth."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.metering.numerals import NOT_PLAIN, millionths_of

PLAIN = st.decimals(0, 99_999_999, allow_nan=False, places=6).flatmap(
    lambda number: st.integers(0, 6).map(lambda places: f"{number:.{places}f}")
)
ODD = [
    "",
    "-1",
    "+1",
    "01",
    "1.",
    ".5",
    "1e3",
    "1 ",
    "1\n2",
    "１",
    "1.1234567",
    "100000000",
    "1,5",
    "0x1",
    "1_0",
]


@given(st.lists(PLAIN, max_size=8))
def test_a_column_of_plain_numbers(texts: list[str]) -> None:
    assert millionths_of(texts).tolist() == [int(Decimal(text) * 10**6) for text in texts]


@pytest.mark.parametrize("odd", ODD)
def test_what_is_not_plain_is_told_apart(odd: str) -> None:
    """Each by itself: the others of the column are read."""
    assert millionths_of(["1", odd, "99999999.999999"]).tolist() == [
        10**6, NOT_PLAIN, 10**14 - 1,
    ]  # fmt: skip
