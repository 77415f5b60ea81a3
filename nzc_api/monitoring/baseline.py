"""Energy baselines (ISO 50006): what a pilot's use is expected to be, by what moves it. Pure.

Expected use is an estimate: its slopes are float arithmetic (`fitting.py`), kept to six significant digits; all else
follows from them exactly. Nothing of it is a tonne of an inventory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from nzc_api.accounting.exact import rounded, significant
from nzc_api.ids import PilotId, Position
from nzc_api.metering.model import Carrier
from nzc_api.metering.usage import Step
from nzc_api.monitoring.intensities import (
    INSIDE,
    Amount,
    Below,
    UnknownIntensity,
    amount_in,
    used_inside,
)
from nzc_api.monitoring.model import Denominator, DenominatorKind
from nzc_api.monitoring.series import Series
from nzc_api.pilots.model import DateSpan


@dataclass(frozen=True, slots=True)
class RelevantVariable:
    """What moves a pilot's use: something of which amounts are recorded; of a PRODUCT, which."""

    kind: DenominatorKind
    product: str | None = None


@dataclass(frozen=True, slots=True)
class RecordEnergyBaseline:
    """Explain what a pilot used of a carrier on days, by steps; ``as_of`` None: by what is recorded now."""

    pilot_id: PilotId
    carrier: Carrier
    days: DateSpan
    step: Step
    variables: tuple[RelevantVariable, ...]
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class FittedVariable:
    """How much more is used a unit of a variable, and between which amounts of a step it lay."""

    variable: RelevantVariable
    slope: Decimal
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Fit:
    """What explains use best (ordinary least squares), and how well: R², and CV(RMSE) as a part of the mean."""

    points: int
    intercept: Decimal
    r_squared: Decimal
    cv_rmse: Decimal
    variables: tuple[FittedVariable, ...]

    def expected(self, amounts: Sequence[Fraction]) -> Decimal:
        """The use that goes with so much of each variable, to six significant digits."""
        parts = zip(self.variables, amounts, strict=True)
        exact = sum(
            (Fraction(variable.slope) * amount for variable, amount in parts),
            Fraction(self.intercept),
        )
        return significant(exact)

    def is_beyond(self, amounts: Sequence[Fraction]) -> bool:
        """Whether of some variable there is less, or more, than there was."""
        parts = zip(self.variables, amounts, strict=True)
        return any(not variable.least <= amount <= variable.most for variable, amount in parts)


@dataclass(frozen=True, slots=True)
class EnergyBaseline:
    """A baseline, at the position that is its id; ``unit``: of what was used; ``position``: as of which it was
    read."""

    id: int
    pilot_id: PilotId
    carrier: Carrier
    unit: str
    days: DateSpan
    step: Step
    position: Position
    fit: Fit


@dataclass(frozen=True, slots=True)
class Observed:
    """What was used in each step, and how much there was of each variable."""

    unit: str
    use: tuple[Fraction, ...]
    amounts: tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True)
class PerformancePoint:
    """A step beside its baseline; None: not known, and ``unknown`` says why. ``beyond``: some variable lies outside
    of what the baseline saw."""

    starts_at: datetime
    ends_at: datetime
    expected: Decimal | None
    actual: Decimal | None
    beyond: bool
    unknown: UnknownIntensity | None

    @property
    def saving(self) -> Decimal | None:
        """By how much less was used than expected; below zero: by how much more."""
        if self.expected is None or self.actual is None:
            return None
        return rounded(Fraction(self.expected) - Fraction(self.actual))


@dataclass(frozen=True, slots=True)
class Performance:
    """Days beside a baseline, by its steps."""

    points: tuple[PerformancePoint, ...]

    @property
    def expected(self) -> Decimal | None:
        """What was expected altogether; None where of some step it is not known."""
        return _sum([point.expected for point in self.points])

    @property
    def actual(self) -> Decimal | None:
        """What was used altogether; None where of some step it is not known."""
        return _sum([point.actual for point in self.points])

    @property
    def saving(self) -> Decimal | None:
        """What was saved altogether; None where of some step it is not known."""
        return _sum([point.saving for point in self.points])


def inside_of(series: Sequence[Series], carrier: Carrier) -> list[Series]:
    """The series of what a pilot uses of a carrier."""
    return [one for one in series if one.carrier is carrier and one.flow in INSIDE]


def variable_parts(variable: RelevantVariable, recorded: Sequence[Denominator]) -> Below:
    """All that was recorded of a variable."""
    same = (one for one in recorded if (one.kind, one.product) == (variable.kind, variable.product))
    return Below.of(same, variable.kind)


def performance_of(
    baseline: EnergyBaseline,
    series: Sequence[Series],
    recorded: Sequence[Denominator],
    moments: Sequence[datetime],
) -> Performance:
    """Steps beside a baseline: expected by what is recorded of its variables, actual as meters tell."""
    inside = inside_of(series, baseline.carrier)
    below = [variable_parts(fitted.variable, recorded) for fitted in baseline.fit.variables]
    return Performance(
        tuple(
            _point(baseline, _used(baseline, inside, nth), below, step)
            for nth, step in enumerate(pairwise(moments))
        )
    )


def _used(baseline: EnergyBaseline, inside: Sequence[Series], nth: int) -> Amount:
    # What is measured in another unit meanwhile does not add up with what was.
    if any(one.unit.name != baseline.unit for one in inside):
        return UnknownIntensity.NOT_METERED
    return used_inside(inside, nth)


def _point(
    baseline: EnergyBaseline,
    used: Amount,
    below: Sequence[Below],
    step: tuple[datetime, datetime],
) -> PerformancePoint:
    found = [amount_in(part, *step) for part in below]
    amounts = [amount for amount in found if amount is not None]
    complete = len(amounts) == len(found)
    expected = (
        _expected(baseline.fit, amounts) if complete else UnknownIntensity.DENOMINATOR_MISSING
    )
    return PerformancePoint(
        *step,
        expected=None if isinstance(expected, UnknownIntensity) else expected,
        actual=None if isinstance(used, UnknownIntensity) else rounded(used),
        beyond=complete and baseline.fit.is_beyond(amounts),
        unknown=next((one for one in (used, expected) if isinstance(one, UnknownIntensity)), None),
    )


def _expected(fit: Fit, amounts: Sequence[Fraction]) -> Decimal | UnknownIntensity:
    """The use that goes with so much of each variable: a line that leads below zero, beyond what was seen, says nothing
    of it. (Within that it may lie below zero a little, as much as steps scatter.)"""
    expected = fit.expected(amounts)
    nothing = expected < 0 and fit.is_beyond(amounts)
    return UnknownIntensity.BELOW_ZERO if nothing else expected


def _sum(parts: Sequence[Decimal | None]) -> Decimal | None:
    fractions = [Fraction(part) for part in parts if part is not None]
    return rounded(sum(fractions, Fraction())) if len(fractions) == len(parts) else None
