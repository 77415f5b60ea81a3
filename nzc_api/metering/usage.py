"""What a meter used, by steps of time: exact shares, and what is missing. Pure; `usage_store` shares alike.

A span's use is spread evenly over its seconds, so a bill's over its days. Up to each moment it is rounded once to a
millionth of the unit, half up, and what lies between two moments is the difference: so neighbouring steps share any
span exactly, and all steps together are the whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from nzc_api.accounting.units import Unit
from nzc_api.metering.amounts import amount
from nzc_api.metering.model import A_DAY, Device, GasConditions, Meter, midnight
from nzc_api.metering.reading_rules import used_between
from nzc_api.metering.readings import Point, seconds
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.rules import check_order
from nzc_api.refusal import InvalidInput, Refusal

# The most steps that one question asks for: a leap year of days.
MOST_STEPS = 366

AN_HOUR = timedelta(hours=1)
_MONTHS_A_YEAR = 12

# What a question calls the ends of its days.
_ARGUMENTS = {"starts_on": "from", "ends_on": "to"}

# What gas is brought to: 0 °C and 101.325 kPa.
_ZERO_CELSIUS = Fraction("273.15")
_STANDARD_PRESSURE = Fraction("101.325")


class Step(StrEnum):
    """How long each part of a series is: days are China's, months and years the calendar's."""

    HOUR = "HOUR"
    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


class Used(NamedTuple):
    """What was used from a second to another, in millionths of the unit."""

    starts: int
    ends: int
    estimated: bool
    millionths: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What a meter used in a step, and of how many seconds that is measured, estimated and not known."""

    starts_at: datetime
    ends_at: datetime
    millionths: int
    estimated_millionths: int
    measured: int
    estimated: int
    missing: int

    @property
    def known(self) -> bool:
        return self.measured + self.estimated > 0

    @property
    def quantity(self) -> Decimal | None:
        """What was used in the known time, in the meter's unit; None where nothing is known."""
        return amount(self.millionths) if self.known else None

    @property
    def estimated_quantity(self) -> Decimal | None:
        """How much of it is estimated."""
        return amount(self.estimated_millionths) if self.known else None


def share(used: Used, starts: int, ends: int) -> int:
    """The millionths of a span that were used from a second to another."""
    return _until(used, ends) - _until(used, starts)


def used_of(points: Iterable[Point], device: Device) -> list[Used]:
    """What the readings of a device say was used between each two."""
    return [
        Used(
            seconds(one.at),
            seconds(next_one.at),
            one.estimated or next_one.estimated,
            int(used_between(one, next_one, device).scaleb(6)),
        )
        for one, next_one in pairwise(points)
    ]


def steps_of(days: DateSpan, step: Step) -> list[datetime]:
    """The moments at which the steps of days begin, and the one at which the last is over: the first and the
    last are as long as the days leave them."""
    first, over = midnight(days.starts_on), midnight(days.ends_on) + A_DAY
    if step is Step.HOUR:
        return [first + n * AN_HOUR for n in range((over - first) // AN_HOUR + 1)]
    if step is Step.DAY:
        return [first + n * A_DAY for n in range((over - first) // A_DAY + 1)]
    starts, day = [first], _next(days.starts_on, step)
    while day <= days.ends_on:
        starts.append(midnight(day))
        day = _next(day, step)
    return [*starts, over]


def check_steps(days: DateSpan, step: Step) -> Refusal | None:
    """Whether days are plausible and in order, and have no more steps than one question may ask for."""
    disordered = check_order(days)
    if disordered is not None:
        return replace(disordered, path=(_ARGUMENTS[disordered.path[0]],))
    if _count(days, step) <= MOST_STEPS:
        return None
    return InvalidInput(
        path=("to",),
        value=f"{days.starts_on} – {days.ends_on}",
        expected_zh=f"不超过{MOST_STEPS}个步长",
        expected_en=f"at most {MOST_STEPS} steps",
    )


def usages(meter: Meter, used: Sequence[Used], moments: Sequence[datetime]) -> list[Usage]:
    """What a meter used between each two moments."""
    return [
        usage(meter, start, end, *_shared(used, seconds(start), seconds(end)))
        for start, end in pairwise(moments)
    ]


def usage(
    meter: Meter,
    starts_at: datetime,
    ends_at: datetime,
    millionths: int,
    estimated_millionths: int,
    known: int,
    estimated: int,
) -> Usage:
    """What a meter used between two moments, where so many seconds are known, and so many of them estimated:
    what is left of the time that it was there is missing."""
    lives = max(starts_at, meter.starts_at), min(ends_at, meter.ends_at or ends_at)
    there = max((lives[1] - lives[0]) // timedelta(seconds=1), 0)
    return Usage(
        starts_at,
        ends_at,
        millionths,
        estimated_millionths,
        known - estimated,
        estimated,
        there - known,
    )


def at_standard_conditions(quantity: Decimal, unit: Unit, conditions: GasConditions) -> Fraction:
    """A volume of gas as m3 at 0 °C and 101.325 kPa: V·(p/101.325)·(273.15/(273.15 + t))."""
    pressure = Fraction(conditions.kilopascals) / _STANDARD_PRESSURE
    temperature = _ZERO_CELSIUS / (_ZERO_CELSIUS + Fraction(conditions.celsius))
    return Fraction(quantity) * unit.size * pressure * temperature


def _shared(used: Sequence[Used], starts: int, ends: int) -> tuple[int, int, int, int]:
    """Of the spans, what was used from a second to another, how much of it is estimated, and the seconds."""
    parts = [
        (share(of, starts, ends), min(of.ends, ends) - max(of.starts, starts), of.estimated)
        for of in used
        if of.starts < ends and of.ends > starts
    ]
    return (
        sum(part for part, _, _ in parts),
        sum(part for part, _, estimated in parts if estimated),
        sum(length for _, length, _ in parts),
        sum(length for _, length, estimated in parts if estimated),
    )


def _until(used: Used, second: int) -> int:
    """The millionths that were used up to a second: rounded half up."""
    whole = used.ends - used.starts
    passed = min(max(second - used.starts, 0), whole)
    return (2 * used.millionths * passed + whole) // (2 * whole)


def _count(days: DateSpan, step: Step) -> int:
    """How many steps days have."""
    years = days.ends_on.year - days.starts_on.year
    return {
        Step.HOUR: days.days * 24,
        Step.DAY: days.days,
        Step.MONTH: years * _MONTHS_A_YEAR + days.ends_on.month - days.starts_on.month + 1,
        Step.YEAR: years + 1,
    }[step]


def _next(day: date, step: Step) -> date:
    """The day on which the next month or year begins."""
    if step is Step.YEAR or day.month == _MONTHS_A_YEAR:
        return date(day.year + 1, 1, 1)
    return date(day.year, day.month + 1, 1)
