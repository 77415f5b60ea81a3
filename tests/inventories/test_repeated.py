"""Of the lines that stand, those of the same amounts are enough to find what repeats one."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.accounting.exact import decimal_of
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import Measurement
from nzc_api.guide.terms import Category
from nzc_api.ids import LineId
from nzc_api.inventories.model import LineRole
from nzc_api.inventories.repeated import RecordedLine, amounts_in, recorded_twice

UNITS = ("kWh", "万kWh", "MWh", "GJ", "kg", "t", "斤", "lb", "m3", "m3(20℃)", "ha*yr", "亩*年")
CATEGORIES = (Category.ENERGY_CONSUMPTION, Category.PURCHASED_ELECTRICITY, Category.FORESTRY_SINK)

LINES = st.builds(
    RecordedLine,
    st.just(0),
    st.sampled_from(LineRole),
    st.sampled_from(CATEGORIES),
    st.sampled_from(("a", "b")),
    st.builds(
        Measurement,
        st.sampled_from(
            [Decimal(text) for text in ("0", "1", "1000", "3.6", "1234", "0.1234", "12340")]
        ),
        st.sampled_from(UNITS),
    ),
    st.sampled_from(("power", "diesel")),
    st.booleans(),
    st.sampled_from([frozenset({Gas.CO2}), frozenset({Gas.CH4, Gas.CO2})]),
)


@given(st.lists(LINES, max_size=8), st.lists(LINES, min_size=1, max_size=3))
def test_what_is_compared_is_enough(lines: list[RecordedLine], more: list[RecordedLine]) -> None:
    every = [numbered(n, line) for n, line in enumerate(lines + more)]
    standing, new = every[: len(lines)], every[len(lines) :]
    amounts = amounts_in({line.activity.unit for line in standing}, new)
    sinks = any(line.role is LineRole.SINK for line in new)
    alike = [
        line
        for line in standing
        if (line.activity.unit, line.activity.value) in amounts
        or (sinks and line.role is LineRole.SINK)
    ]
    assert recorded_twice(new, alike) == recorded_twice(new, standing)


def numbered(number: int, line: RecordedLine) -> RecordedLine:
    facts = (
        line.role,
        line.category,
        line.label,
        line.activity,
        line.subject,
        line.own,
        line.gases,
    )
    return RecordedLine(LineId(number), *facts)


@pytest.mark.parametrize(
    ("value", "decimal"),
    [
        (Fraction(1, 8), "0.125"), (Fraction(-7, 50), "-0.14"), (Fraction(10**20 + 1), f"{10**20 + 1}"),
        (Fraction(1, 3), None), (Fraction(1, 14), None), (Fraction(0), "0"),
    ],
)  # fmt: skip
def test_a_fraction_as_a_decimal(value: Fraction, decimal: str | None) -> None:
    found = decimal_of(value)
    assert found == (None if decimal is None else Decimal(decimal))
