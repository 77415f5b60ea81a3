"""What meters of one kind used, emitted and cost by steps of time. Pure.

A meter's emissions are those of the line that was drafted from it in the inventory that was handed in last: of each
unit of use what that line's factor makes of it. Where there is none they are not known, and not zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from nzc_api.accounting.exact import grams, rounded
from nzc_api.accounting.line import Measurement
from nzc_api.accounting.units import Unit
from nzc_api.guide.terms import Treatment
from nzc_api.inventories.electricity import electricity_of
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import Line
from nzc_api.metering.amounts import amount
from nzc_api.metering.model import Carrier, Flow, Meter
from nzc_api.metering.units import OFFERED, takes_conditions, unit_of
from nzc_api.metering.usage import Usage, at_standard_conditions

_MILLION = 10**6

# From a moment to another, or on and on.
Life = tuple[datetime, datetime | None]

# How what a line comes to counts.
_SIGN = {Treatment.DEDUCTED: -1, Treatment.MEMO: 0}


@dataclass(frozen=True, slots=True)
class Monitored:
    """A meter that is no sub-meter, with what it used by steps, and the line that says what that emits."""

    meter: Meter
    usages: Sequence[Usage]
    line: Line | None

    @property
    def co2e_per_unit(self) -> Fraction | None:
        """Tonnes of CO2e a unit of use; below zero where it is deducted. None: no line says it, or one at no grid's
        average, which says it by market alone."""
        line = self.line
        power = None if line is None else electricity_of(line)
        if line is None or (power is not None and power.location_based is None):
            return None
        one = Measurement(Decimal(1), line.activity.unit)
        # By location: what has certificates is no part of one unit more.
        account = line.explained(one, ElectricityMethod.LOCATION_BASED)
        each = sum((gas.exact * Fraction(gas.gwp.value) for gas in account.gases), Fraction())
        return each * _SIGN.get(line.treatment, 1) * self._activity_per_unit

    @property
    def _activity_per_unit(self) -> Fraction:
        """How many units of the line's activity one of the meter's is: gas is brought to standard conditions."""
        meter = self.meter
        if meter.conditions is None:
            return Fraction(1)
        return at_standard_conditions(Decimal(1), unit_of(meter.unit), meter.conditions)


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """What the meters of a series used in a step, as far as that is known, in the series' unit; t CO2e; yuan.
    Seconds are those of all meters together: on which they were there, of which something is known, measured, and of
    which the cost is known."""

    starts_at: datetime
    ends_at: datetime
    quantity: Decimal | None
    estimated_quantity: Decimal | None
    co2e: Decimal | None
    cost: Decimal | None
    there: int
    known: int
    measured: int
    costed: int = 0

    @property
    def measured_share(self) -> Decimal | None:
        """Which part of the meters' time is measured; None where none was there."""
        return rounded(Fraction(self.measured, self.there)) if self.there else None

    @property
    def known_share(self) -> Decimal | None:
        """Of which part of the meters' time something is known; None where none was there."""
        return rounded(Fraction(self.known, self.there)) if self.there else None

    @property
    def costed_share(self) -> Decimal | None:
        """Of which part of the meters' time the cost is known; None where none was there."""
        return rounded(Fraction(self.costed, self.there)) if self.there else None

    @property
    def complete(self) -> bool:
        """Whether nothing of it is missing."""
        return self.known == self.there


@dataclass(frozen=True, slots=True)
class Series:
    """Meters of one carrier and flow, whose units convert; of how many no line says what their use emits; and from
    which moments to which any of them is there, in order."""

    carrier: Carrier
    flow: Flow
    unit: Unit
    meters: int
    unaccounted: int
    points: tuple[SeriesPoint, ...]
    lives: tuple[Life, ...]


class _Scale(NamedTuple):
    """How many of the series' units one of a meter's is, and t CO2e it emits."""

    size: Fraction
    co2e: Fraction | None


def series_of(monitored: Iterable[Monitored]) -> list[Series]:
    """The series of meters, in the order of carriers and flows."""
    groups = defaultdict[tuple[Carrier, Flow, object], list[Monitored]](list)
    for one in monitored:
        groups[one.meter.carrier, one.meter.flow, _measure(unit_of(one.meter.unit))].append(one)
    found = [_series(group) for group in groups.values()]
    return sorted(
        found, key=lambda s: (list(Carrier).index(s.carrier), list(Flow).index(s.flow), s.unit.name)
    )


def _series(monitored: Sequence[Monitored]) -> Series:
    first = monitored[0].meter
    unit = _unit(first.carrier, unit_of(first.unit))
    scales = [
        _Scale(unit_of(one.meter.unit).size / unit.size, one.co2e_per_unit) for one in monitored
    ]
    steps = zip(*(one.usages for one in monitored), strict=True)
    unaccounted = sum(scale.co2e is None for scale in scales)
    alike = defaultdict[_Scale, list[int]](list)
    for number, scale in enumerate(scales):
        alike[scale].append(number)
    points = tuple(_point(step, alike) for step in steps)
    lives = sorted(
        {(one.meter.starts_at, one.meter.ends_at) for one in monitored}, key=lambda life: life[0]
    )
    return Series(
        carrier=first.carrier,
        flow=first.flow,
        unit=unit,
        meters=len(monitored),
        unaccounted=unaccounted,
        points=points,
        lives=tuple(lives),
    )


def _point(step: Sequence[Usage], alike: Mapping[_Scale, Sequence[int]]) -> SeriesPoint:
    """A step of the meters; ``alike``: which of them have one unit and factor. They are added up as whole numbers
    first."""
    used = {scale: sum(step[n].millionths for n in numbers) for scale, numbers in alike.items()}
    estimated = {
        scale: sum(step[n].estimated_millionths for n in numbers)
        for scale, numbers in alike.items()
    }
    is_known, costed = any(usage.known for usage in step), sum(usage.costed for usage in step)
    measured = sum(usage.measured for usage in step)
    told = measured + sum(usage.estimated for usage in step)
    return SeriesPoint(
        starts_at=step[0].starts_at,
        ends_at=step[0].ends_at,
        quantity=_quantity(used) if is_known else None,
        estimated_quantity=_quantity(estimated) if is_known else None,
        co2e=_co2e(used) if is_known else None,
        cost=amount(sum(usage.cost_millionths for usage in step)) if costed else None,
        there=told + sum(usage.missing for usage in step),
        known=told,
        measured=measured,
        costed=costed,
    )


def _quantity(used: Mapping[_Scale, int]) -> Decimal:
    """The sum in the series' unit."""
    return rounded(
        sum((number * scale.size for scale, number in used.items()), Fraction()) / _MILLION
    )


def _co2e(used: Mapping[_Scale, int]) -> Decimal | None:
    """The sum in t CO2e, rounded once to a gram; None where of some it is not known."""
    parts = [None if scale.co2e is None else number * scale.co2e for scale, number in used.items()]
    if None in parts:
        return None
    return grams(sum((part for part in parts if part is not None), Fraction()) / _MILLION)


def _measure(unit: Unit) -> object:
    """What units have in common that add up: gas as it flowed, and at standard conditions, do not."""
    return unit.dimensions, unit.state, takes_conditions(unit)


def _unit(carrier: Carrier, own: Unit) -> Unit:
    """The unit that is offered first for what is measured."""
    offered = map(unit_of, OFFERED[carrier])
    return next((unit for unit in offered if _measure(unit) == _measure(own)), own)
