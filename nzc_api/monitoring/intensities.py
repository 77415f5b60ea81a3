"""Use and emissions per square metre, person, yuan, product or kilometre, by steps of time. Pure and exact.

What is there throughout (an area, people) is the mean over the step's days, what adds up (output, kilometres) is shared
by days. An intensity of which any part is not known is not known: it would be too small.
"""

from bisect import bisect_right
from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from heapq import merge
from itertools import islice, pairwise
from typing import NamedTuple

from nzc_api.accounting.exact import rounded
from nzc_api.china_time import SECONDS_A_DAY, china_day
from nzc_api.metering.drafting_rules import KINDS
from nzc_api.metering.model import Carrier, Flow, span_of
from nzc_api.monitoring.model import PER, Denominator, DenominatorKind, Numerator
from nzc_api.monitoring.series import Series, SeriesPoint

# What of a carrier is used inside: what is bought and generated there, less what is sold.
INSIDE = {Flow.BOUGHT: 1, Flow.GENERATED: 1, Flow.SOLD: -1}

_SECOND = timedelta(seconds=1)


class UnknownIntensity(StrEnum):
    """Why an intensity is not known."""

    NOT_METERED = "NOT_METERED"
    USE_MISSING = "USE_MISSING"
    CO2E_UNKNOWN = "CO2E_UNKNOWN"
    DENOMINATOR_MISSING = "DENOMINATOR_MISSING"
    BELOW_ZERO = "BELOW_ZERO"


@dataclass(frozen=True, slots=True)
class IntensityPoint:
    """An intensity in a step, with what it is made of; ``annualised``: it is as much as a whole year would have."""

    starts_at: datetime
    ends_at: datetime
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    annualised: bool
    unknown: UnknownIntensity | None


@dataclass(frozen=True, slots=True)
class Intensity:
    """Something per a denominator; ``product``: which, of a PRODUCT."""

    numerator: Numerator
    kind: DenominatorKind
    product: str | None
    unit: str
    points: tuple[IntensityPoint, ...]


# How much there is of a numerator in a step, or why that is not known.
Amount = Fraction | UnknownIntensity


class Part(NamedTuple):
    """How much there is of something from a moment to another."""

    first: datetime
    over: datetime
    value: Fraction


@dataclass(frozen=True, slots=True)
class Below:
    """All that there is of something: parts in order that share no moment, and whether they add up."""

    parts: Sequence[Part]
    adds_up: bool

    @classmethod
    def of(cls, denominators: Iterable[Denominator], kind: DenominatorKind) -> "Below":
        parts = [
            Part(*span_of(denominator.days), Fraction(denominator.value))
            for denominator in denominators
            if denominator.value is not None
        ]
        return cls(sorted(parts), PER[kind].adds_up)


def intensities_of(
    series: Sequence[Series],
    denominators: Iterable[Denominator],
    moments: Sequence[datetime],
    *,
    annualised: bool,
) -> list[Intensity]:
    """All that can be stated per what was recorded of a pilot, by kinds and products; ``annualised``: what is there
    throughout is stated per year, in steps that are none."""
    groups = defaultdict[tuple[DenominatorKind, str | None], list[Denominator]](list)
    for one in denominators:
        groups[one.kind, one.product].append(one)
    ordered = sorted(
        groups, key=lambda group: (list(DenominatorKind).index(group[0]), group[1] or "")
    )
    steps = list(pairwise(moments))
    stated = {numerator for kind, _ in groups for numerator in PER[kind].stated}
    amounts = {one: [_numerator(series, one, nth) for nth in range(len(steps))] for one in stated}
    below = {group: Below.of(groups[group], group[0]) for group in ordered}
    return [
        Intensity(
            numerator=numerator,
            kind=kind,
            product=product,
            unit=f"{unit}/{groups[kind, product][0].unit}",
            points=tuple(
                _point(step, amount, times, below[kind, product], annualised)
                for step, amount in zip(steps, amounts[numerator], strict=True)
            ),
        )
        for kind, product in ordered
        for numerator, (times, unit) in PER[kind].stated.items()
    ]


def _point(
    step: tuple[datetime, datetime],
    found: Amount,
    times: int,
    denominator: Below,
    annualised: bool,
) -> IntensityPoint:
    below = amount_in(denominator, *step)
    above = None if isinstance(found, UnknownIntensity) else found * times
    unknown = found if isinstance(found, UnknownIntensity) else None
    if below is None:
        unknown = unknown or UnknownIntensity.DENOMINATOR_MISSING
    scale = Fraction(1)
    if annualised and not denominator.adds_up:
        scale = _year(step[0]) / Fraction((step[1] - step[0]) // _SECOND)
    value = None if above is None or below is None else rounded(above / below * scale)
    return IntensityPoint(
        *step,
        numerator=None if above is None else rounded(above),
        denominator=None if below is None else rounded(below),
        value=value,
        annualised=scale != 1,
        unknown=unknown,
    )


def _numerator(series: Sequence[Series], numerator: Numerator, nth: int) -> Amount:
    if numerator is Numerator.ELECTRICITY:
        return used_inside([one for one in series if one.carrier is Carrier.ELECTRICITY], nth)
    return _co2e(series, nth)


def used_inside(series: Iterable[Series], nth: int) -> Amount:
    """What of one carrier was used inside in a step, in its unit."""
    metered = [one for one in series if one.flow in INSIDE]
    parts = ((INSIDE[one.flow], one.points[nth]) for one in metered)
    found = _summed((sign, point, point.quantity) for sign, point in parts)
    return found if _is_metered(metered, nth) else UnknownIntensity.NOT_METERED


def _co2e(series: Sequence[Series], nth: int) -> Amount:
    """What is emitted by all that lines of inventories were drafted from: of what is bought and has a factor by all
    meters, of another series by none or all of them."""
    accounted = [one for one in series if one.unaccounted < one.meters]
    needed = [one for one in series if _emits(one) and one.points[nth].there]
    if not accounted or any(one.unaccounted for one in (*accounted, *needed)):
        return UnknownIntensity.CO2E_UNKNOWN
    points = (one.points[nth] for one in accounted)
    found = _summed((1, point, point.co2e) for point in points)
    return found if _is_metered(accounted, nth) else UnknownIntensity.NOT_METERED


def _emits(series: Series) -> bool:
    """Whether what a series measures emits something for sure: it is bought, and there are factors of it."""
    return series.flow is Flow.BOUGHT and bool(KINDS[series.carrier])


def _is_metered(series: Sequence[Series], nth: int) -> bool:
    """Whether at each moment of a step a meter of any of the series is there, and it begins after the first one of each
    carrier that is bought: of days before nobody knows what was used."""
    if not series:
        return False
    begins = series[0].points[nth].starts_at
    if any(first > begins for first in _first_bought(series).values()):
        return False
    reached, over = series[0].points[nth].starts_at, series[0].points[nth].ends_at
    for starts_at, ends_at in merge(*(one.lives for one in series), key=lambda life: life[0]):
        if starts_at > reached or reached >= over:
            break
        reached = max(reached, over if ends_at is None else ends_at)
    return reached >= over


def _first_bought(series: Iterable[Series]) -> dict[Carrier, datetime]:
    """From which moment on a meter of each carrier that is bought is there."""
    found: dict[Carrier, datetime] = {}
    for one in series:
        if one.flow is Flow.BOUGHT:
            first, _ = one.lives[0]
            found[one.carrier] = min(found.get(one.carrier, first), first)
    return found


def _summed(parts: Iterable[tuple[int, SeriesPoint, Decimal | None]]) -> Amount:
    whole = Fraction()
    for sign, point, part in parts:
        if not point.complete:
            return UnknownIntensity.USE_MISSING
        # No meter of the series was there, but another one of the step: it was not there yet, or ended.
        whole += sign * Fraction(part or 0)
    return whole


def amount_in(below: Below, starts_at: datetime, ends_at: datetime) -> Fraction | None:
    """What there is of something from a moment to another; None where of some of that nothing was recorded."""
    length = (ends_at - starts_at) // _SECOND
    parts = list(_overlaps(below.parts, starts_at, ends_at))
    if sum(inside for _, inside, _ in parts) < length:
        return None
    return sum(
        (value * inside / (whole if below.adds_up else length) for value, inside, whole in parts),
        Fraction(),
    )


def _overlaps(
    parts: Sequence[Part], starts_at: datetime, ends_at: datetime
) -> Iterator[tuple[Fraction, int, int]]:
    """Each amount with the seconds that it shares with a time, and those that it has."""
    reached = bisect_right(parts, starts_at, key=lambda part: part.over)
    for first, over, value in islice(parts, reached, None):
        if first >= ends_at:
            return
        inside = (min(over, ends_at) - max(first, starts_at)) // _SECOND
        yield value, inside, (over - first) // _SECOND


def _year(moment: datetime) -> int:
    """The seconds of a moment's year."""
    return SECONDS_A_DAY * (366 if isleap(china_day(moment).year) else 365)
