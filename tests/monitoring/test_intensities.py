"""The table ``强度.md``, as it stands; and that steps share what adds up exactly."""

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.ids import PilotId
from nzc_api.metering.model import Carrier, Flow, midnight
from nzc_api.metering.units import unit_of
from nzc_api.metering.usage import Step, steps_of
from nzc_api.monitoring.intensities import Intensity, intensities_of
from nzc_api.monitoring.model import Denominator, DenominatorKind, Numerator
from nzc_api.monitoring.series import Series, SeriesPoint
from nzc_api.pilots.model import DateSpan

TABLE = Path(__file__).with_name("强度.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if re.match(r"\| [A-Z]", line)
]


def days_of(text: str) -> DateSpan:
    first, last = text.split("至")
    return DateSpan(date.fromisoformat(first), date.fromisoformat(last))


def denominators_of(kind: str, text: str) -> list[Denominator]:
    parts = (part.split(" ") for part in text.split("；"))
    return [
        Denominator(
            id=1,
            pilot_id=PilotId(1),
            kind=DenominatorKind(kind),
            product=None,
            days=days_of(days),
            value=Decimal(value),
            source="算例",
        )
        for days, value in parts
    ]


def series(days: DateSpan, quantity: str, co2e: str) -> Series:
    """A meter of electricity, of which all is known."""
    moments = (midnight(days.starts_on), midnight(days.ends_on + timedelta(days=1)))
    amounts = (Decimal(quantity or 0), Decimal(0), Decimal(co2e or 0), None)
    point = SeriesPoint(*moments, *amounts, 1, 1, 1)
    return Series(
        carrier=Carrier.ELECTRICITY,
        flow=Flow.BOUGHT,
        unit=unit_of("kWh"),
        meters=1,
        unaccounted=0,
        points=(point,),
        lives=((moments[0], None),),
    )


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}：{row[-1] or row[2]}" for row in ROWS])
def test_an_intensity_by_hand(row: list[str]) -> None:
    kind, recorded, span, quantity, co2e, annualised, expected, _ = row
    days = days_of(span)
    found = intensities_of(
        [series(days, quantity, co2e)], denominators_of(kind, recorded), steps_of(days, None),
        annualised=bool(annualised),
    )  # fmt: skip
    wanted = Numerator.ELECTRICITY if quantity else Numerator.CO2E
    [one] = [intensity for intensity in found if intensity.numerator is wanted]
    assert shown(one) == expected


def shown(one: Intensity) -> str:
    [point] = one.points
    return "?" if point.value is None else f"{point.value.normalize():f} {one.unit}"


FIRST = date(2023, 11, 1)
some_days = st.integers(0, 400).map(lambda n: FIRST + timedelta(days=n))


@given(
    some_days, some_days, st.integers(1, 10**9), st.sampled_from([Step.DAY, Step.MONTH, Step.YEAR])
)
def test_steps_share_what_adds_up(one: date, other: date, value: int, step: Step) -> None:
    """However a time is cut into steps, its parts of an output are the whole output."""
    days = DateSpan(min(one, other), max(one, other))
    made = [
        Denominator(
            id=1,
            pilot_id=PilotId(1),
            kind=DenominatorKind.OUTPUT_VALUE,
            product=None,
            days=days,
            value=Decimal(value),
            source="算例",
        )
    ]
    [co2e] = intensities_of([], made, steps_of(days, step), annualised=False)
    parts = sum((Fraction(point.denominator or 0) for point in co2e.points), Fraction())
    # Each is shown to 12 decimals.
    assert abs(parts - value) <= Fraction(len(co2e.points), 10**12)
