"""Use and emissions per square metre, person, yuan, product or kilometre, by steps of time. Pure and exact.

What is there throughout (an area, people) is the mean over the step's days, what adds up (output, kilometres) is shared
by days. An intensity of which any part is not known is not known: it would be too small.
"""

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from nzc_api.accounting.exact import rounded
from nzc_api.china_time import CHINA_TIME
from nzc_api.metering.model import Carrier, Flow, span_of
from nzc_api.monitoring.model import PER, Denominator, DenominatorKind, Numerator
from nzc_api.monitoring.series import Series, SeriesPoint

# What of a pilot's power is used inside: what is bought and generated there, less what is sold.
_ELECTRICITY = {Flow.BOUGHT: 1, Flow.GENERATED: 1, Flow.SOLD: -1}

_SECOND = timedelta(seconds=1)


class UnknownIntensity(StrEnum):
    """Why an intensity is not known."""

    NOT_METERED = "NOT_METERED"
    USE_MISSING = "USE_MISSING"
    CO2E_UNKNOWN = "CO2E_UNKNOWN"
    DENOMINATOR_MISSING = "DENOMINATOR_MISSING"


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


@dataclass(frozen=True, slots=True)
class _Amount:
    """How much there is of a numerator in a step, or why that is not known."""

    value: Fraction | UnknownIntensity


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
    ordered = sorted(groups, key=lambda of: (list(DenominatorKind).index(of[0]), of[1] or ""))
    steps = list(pairwise(moments))
    return [
        Intensity(
            numerator,
            kind,
            product,
            f"{unit}/{groups[kind, product][0].unit}",
            tuple(
                _point(
                    step,
                    _numerator(series, numerator, nth),
                    times,
                    groups[kind, product],
                    annualised,
                )
                for nth, step in enumerate(steps)
            ),
        )
        for kind, product in ordered
        for numerator, (times, unit) in PER[kind].stated.items()
    ]


def _point(
    step: tuple[datetime, datetime],
    found: _Amount,
    times: int,
    denominators: Sequence[Denominator],
    annualised: bool,
) -> IntensityPoint:
    below = _denominator(denominators, *step)
    above = None if isinstance(found.value, UnknownIntensity) else found.value * times
    unknown = found.value if isinstance(found.value, UnknownIntensity) else None
    if below is None:
        unknown = unknown or UnknownIntensity.DENOMINATOR_MISSING
    scale = Fraction(1)
    if annualised and not PER[denominators[0].kind].adds_up:
        scale = _year(step[0]) / Fraction((step[1] - step[0]) // _SECOND)
    value = None if above is None or below is None else rounded(above / below * scale)
    return IntensityPoint(
        *step,
        None if above is None else rounded(above),
        None if below is None else rounded(below),
        value,
        scale != 1,
        unknown,
    )


def _numerator(series: Sequence[Series], numerator: Numerator, nth: int) -> _Amount:
    if numerator is Numerator.ELECTRICITY:
        return _electricity(series, nth)
    return _co2e(series, nth)


def _electricity(series: Sequence[Series], nth: int) -> _Amount:
    """The kWh that were used inside."""
    metered = [of for of in series if of.carrier is Carrier.ELECTRICITY and of.flow in _ELECTRICITY]
    parts = ((_ELECTRICITY[of.flow], of.points[nth]) for of in metered)
    found = _summed((sign, point, point.quantity) for sign, point in parts)
    return found if _is_metered(metered, nth) else _Amount(UnknownIntensity.NOT_METERED)


def _co2e(series: Sequence[Series], nth: int) -> _Amount:
    """What is emitted by all that lines of inventories were drafted from; of a series none or all of the meters."""
    accounted = [of for of in series if of.unaccounted < of.meters]
    if not accounted or any(of.unaccounted for of in accounted):
        return _Amount(UnknownIntensity.CO2E_UNKNOWN)
    points = (of.points[nth] for of in accounted)
    found = _summed((1, point, point.co2e) for point in points)
    return found if _is_metered(accounted, nth) else _Amount(UnknownIntensity.NOT_METERED)


def _is_metered(series: Sequence[Series], nth: int) -> bool:
    """Whether at each moment of a step a meter of any of the series is there: of days before the first one nobody
    knows what was used."""
    if not series:
        return False
    reached, over = series[0].points[nth].starts_at, series[0].points[nth].ends_at
    for starts_at, ends_at in sorted(
        {life for of in series for life in of.lives}, key=lambda life: life[0]
    ):
        if starts_at <= reached:
            reached = max(reached, over if ends_at is None else ends_at)
    return reached >= over


def _summed(parts: Iterable[tuple[int, SeriesPoint, Decimal | None]]) -> _Amount:
    whole = Fraction()
    for sign, point, part in parts:
        if not point.complete:
            return _Amount(UnknownIntensity.USE_MISSING)
        # No meter of the series was there, but another one of the step: nothing went through it.
        whole += sign * Fraction(part or 0)
    return _Amount(whole)


def _denominator(
    denominators: Sequence[Denominator], starts_at: datetime, ends_at: datetime
) -> Fraction | None:
    """What there is of something from a moment to another; None where of some of that nothing was recorded."""
    length = (ends_at - starts_at) // _SECOND
    parts = list(_overlaps(denominators, starts_at, ends_at))
    if sum(inside for _, inside, _ in parts) < length:
        return None
    adds_up = PER[denominators[0].kind].adds_up
    return sum(
        (value * inside / (whole if adds_up else length) for value, inside, whole in parts),
        Fraction(),
    )


def _overlaps(
    denominators: Sequence[Denominator], starts_at: datetime, ends_at: datetime
) -> Iterator[tuple[Fraction, int, int]]:
    """Each amount with the seconds that it shares with a time, and those that it has."""
    for of in denominators:
        first, over = span_of(of.days)
        inside = (min(over, ends_at) - max(first, starts_at)) // _SECOND
        if inside > 0 and of.value is not None:
            yield Fraction(of.value), inside, (over - first) // _SECOND


def _year(moment: datetime) -> int:
    """The seconds of a moment's year."""
    return 86_400 * (366 if isleap(moment.astimezone(CHINA_TIME).year) else 365)
