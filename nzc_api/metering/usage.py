"""What a meter used, by steps of time: exact shares, and what is missing. Pure; `usage_store` shares alike.

A span's use is spread evenly over its seconds, so a bill's over its days. Up to each moment it is rounded once to a
millionth of the unit, half up, and what lies between two moments is the difference: so neighbouring steps share any
span exactly, and all steps together are the whole.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from nzc_api.accounting.units import Unit
from nzc_api.metering.amounts import amount, millionths
from nzc_api.metering.model import A_DAY, Device, GasConditions, Meter, midnight
from nzc_api.metering.reading_rules import used_between
from nzc_api.metering.readings import ReadingPoint, ReadingSpan, seconds
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.rules import check_order
from nzc_api.refusal import InvalidInput, Refusal

# The most steps that one question asks for: a leap year of days.
MOST_STEPS = 366

AN_HOUR = timedelta(hours=1)
_A_SECOND = timedelta(seconds=1)
_MONTHS_A_YEAR = 12

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
    """What was used from a second to another, in millionths of the unit; and of a yuan, where its cost is known."""

    starts: int
    ends: int
    estimated: bool
    millionths: int
    cost_millionths: int | None = None


class UsageSums(NamedTuple):
    """What spans, or parts of them, come to: in millionths of the unit, in seconds, and, of those whose cost is known,
    in millionths of a yuan and seconds."""

    millionths: int = 0
    estimated_millionths: int = 0
    known: int = 0
    estimated: int = 0
    cost_millionths: int = 0
    costed: int = 0

    def plus(self, used: Used, sign: int = 1) -> "UsageSums":
        part, length = sign * used.millionths, sign * (used.ends - used.starts)
        estimated, cost = used.estimated, used.cost_millionths
        return UsageSums(
            self.millionths + part,
            self.estimated_millionths + part * estimated,
            self.known + length,
            self.estimated + length * estimated,
            self.cost_millionths + sign * (cost or 0),
            self.costed + length * (cost is not None),
        )


NO_SUMS = UsageSums()


class SummedSpan(NamedTuple):
    """A day or a month, of which sums are kept, up to the day on which it is over."""

    step: Step
    starts_on: date
    over_on: date


class Usage(NamedTuple):
    """What a meter used in a step, and of how many seconds that is measured, estimated and not known."""

    starts_at: datetime
    ends_at: datetime
    millionths: int
    estimated_millionths: int
    measured: int
    estimated: int
    missing: int
    cost_millionths: int = 0
    costed: int = 0

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

    @property
    def cost(self) -> Decimal | None:
        """What the part whose cost is known did cost, in yuan; None where none is."""
        return amount(self.cost_millionths) if self.costed else None


def within(used: Used, starts: int, ends: int) -> Used:
    """The part of a span from a second to another that it reaches."""
    first = max(used.starts, starts)
    last = max(min(used.ends, ends), first)
    cost = used.cost_millionths
    return Used(
        first,
        last,
        used.estimated,
        _share(used, used.millionths, first, last),
        None if cost is None else _share(used, cost, first, last),
    )


def used_in(span: ReadingSpan) -> Used:
    """What a bill or an interval says was used."""
    assert span.quantity is not None
    return Used(
        seconds(span.starts_at),
        seconds(span.ends_at),
        span.estimated,
        millionths(span.quantity),
        None if span.cost is None else millionths(span.cost),
    )


def used_of(points: Iterable[ReadingPoint], device: Device) -> list[Used]:
    """What the readings of a device say was used between each two."""
    return [
        Used(
            seconds(one.at),
            seconds(next_one.at),
            one.estimated or next_one.estimated,
            millionths(used_between(one, next_one, device)),
        )
        for one, next_one in pairwise(points)
    ]


def steps_of(days: DateSpan, step: Step | None) -> list[datetime]:
    """The moments at which the steps of days begin, and the one at which the last is over: the first and the
    last are as long as the days leave them. Without a ``step``, all the days are one."""
    first, over = midnight(days.starts_on), midnight(days.ends_on) + A_DAY
    if step is None:
        return [first, over]
    if step is Step.HOUR:
        return [first + n * AN_HOUR for n in range((over - first) // AN_HOUR + 1)]
    if step is Step.DAY:
        return [first + n * A_DAY for n in range((over - first) // A_DAY + 1)]
    starts, day = [first], _next(days.starts_on, step)
    while day <= days.ends_on:
        starts.append(midnight(day))
        day = _next(day, step)
    return [*starts, over]


def pieces_of(first: date, over: date) -> list[SummedSpan]:
    """Days as whole months, and single days where they are no whole month."""
    pieces, day = list[SummedSpan](), first
    while day < over:
        month = day.day == 1 and _next(day, Step.MONTH) <= over
        step = Step.MONTH if month else Step.DAY
        next_day = _next(day, step) if month else day + A_DAY
        pieces.append(SummedSpan(step, day, next_day))
        day = next_day
    return pieces


def check_steps(days: DateSpan, step: Step) -> Refusal | None:
    """Whether days are plausible and in order, and have no more steps than one question may ask for."""
    disordered = check_order(days, "from", "to")
    if disordered is not None:
        return disordered
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
    sums = (_shared(used, *map(seconds, between)) for between in pairwise(moments))
    return usages_of(meter, moments, sums)


def usages_of(meter: Meter, moments: Sequence[datetime], sums: Iterable[UsageSums]) -> list[Usage]:
    """What a meter used between each two moments, of which there are sums: what is not known of the time that it was
    there is missing."""
    born, gone = meter.starts_at, meter.ends_at
    found = []
    for (starts_at, ends_at), total in zip(pairwise(moments), sums, strict=True):
        there = (min(ends_at, gone) if gone else ends_at) - max(starts_at, born)
        found.append(
            Usage(
                starts_at,
                ends_at,
                total.millionths,
                total.estimated_millionths,
                total.known - total.estimated,
                total.estimated,
                max(there // _A_SECOND, 0) - total.known,
                total.cost_millionths,
                total.costed,
            )
        )
    return found


def at_standard_conditions(quantity: Decimal, unit: Unit, conditions: GasConditions) -> Fraction:
    """A volume of gas as m3 at 0 °C and 101.325 kPa: V·(p/101.325)·(273.15/(273.15 + t))."""
    pressure = Fraction(conditions.kilopascals) / _STANDARD_PRESSURE
    temperature = _ZERO_CELSIUS / (_ZERO_CELSIUS + Fraction(conditions.celsius))
    return Fraction(quantity) * unit.size * pressure * temperature


def _shared(used: Sequence[Used], starts: int, ends: int) -> UsageSums:
    """What the spans come to from a second to another."""
    sums = UsageSums()
    for one in used:
        if one.starts < ends and one.ends > starts:
            sums = sums.plus(within(one, starts, ends))
    return sums


def _share(used: Used, number: int, starts: int, ends: int) -> int:
    """What falls to a span's time from a second to another, of the ``number`` that is spread over it."""
    return _until(used, number, ends) - _until(used, number, starts)


def _until(used: Used, number: int, second: int) -> int:
    """What falls to a span's time up to a second: rounded, a half away from zero (a cost may be negative)."""
    if number < 0:
        return -_until(used, -number, second)
    whole, passed = used.ends - used.starts, second - used.starts
    return (2 * number * passed + whole) // (2 * whole)


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
