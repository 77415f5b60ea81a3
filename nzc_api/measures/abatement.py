"""What measures cost a tonne, and how they add up. Pure and exact."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from nzc_api.accounting.exact import ZERO, product, total
from nzc_api.measures.model import Measure, MeasureState
from nzc_api.targets.model import TargetRoute

CENTS = 2


class LeftOutReason(StrEnum):
    """Why a measure is not summed."""

    EXCLUDED = "EXCLUDED"
    NOT_IN_YEAR = "NOT_IN_YEAR"
    STOPPED = "STOPPED"
    NO_EFFECT = "NO_EFFECT"
    IN_BASELINE = "IN_BASELINE"
    PURCHASE = "PURCHASE"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A measure that is not summed, and why; ``by``: the one that is, instead."""

    measure: Measure
    reason: LeftOutReason
    by: Measure | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which measures are summed, in order, and which are not."""

    measures: tuple[Measure, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def co2e(self) -> Decimal:
        """Their effects together, t CO2e a year."""
        return total(measure.yearly for measure in self.measures)


@dataclass(frozen=True, slots=True)
class AbatementStep:
    """A block of a chart: from which sum of effects to which, t CO2e a year, at what cost, CNY a tonne."""

    measure: Measure
    cost: Decimal
    start: Decimal
    end: Decimal


@dataclass(frozen=True, slots=True)
class AbatementCurve:
    """Measures by what they cost a tonne, the cheapest first."""

    year: int
    rate: Decimal
    steps: tuple[AbatementStep, ...]
    left_out: tuple[LeftOut, ...]


def recovery_factor(rate: Fraction, years: int) -> Fraction:
    """The capital recovery factor, `r(1+r)ⁿ ÷ ((1+r)ⁿ − 1)`; at r = 0 it is 1/n."""
    if rate == 0:
        return Fraction(1, years)
    grown = (1 + rate) ** years
    return rate * grown / (grown - 1)


def abatement_cost(measure: Measure, rate: Fraction) -> Fraction:
    """What a tonne costs, CNY: `(capex · CRF + Δopex − Σ saved · price) ÷ t a year`. The measure has an effect."""
    plan = measure.plan
    yearly = Fraction(plan.capex) * recovery_factor(rate, plan.life_years)
    saved = total(product(saving.quantity, saving.price) for saving in plan.savings)
    return (yearly + Fraction(plan.opex_change) - Fraction(saved)) / Fraction(measure.yearly)


def curve_of(measures: Iterable[Measure], year: int, rate: Decimal) -> AbatementCurve:
    """The measures that act in a year, at a discount rate: of those that exclude one another, the cheapest."""
    exact = Fraction(rate)
    chosen = choose(measures, year, lambda measure: abatement_cost(measure, exact))
    steps: list[AbatementStep] = []
    start = ZERO
    for measure in chosen.measures:
        end = total((start, measure.yearly))
        steps.append(
            AbatementStep(
                measure=measure, cost=_cents(abatement_cost(measure, exact)), start=start, end=end
            )
        )
        start = end
    return AbatementCurve(year=year, rate=rate, steps=tuple(steps), left_out=chosen.left_out)


def largest(measures: Iterable[Measure], year: int, base_ends_on: date) -> Chosen:
    """The measures that bring down, in a year, what was emitted in a period that ended on a day: of those that exclude
    one another, the one with the largest effect. What ran by that day, and still acts in the year, has brought the
    period's emissions down already; what it excludes is not done beside it. What stopped stands in nobody's way."""
    ran: list[Measure] = []
    others: list[Measure] = []
    for measure in measures:
        (ran if _in_baseline(measure, year, base_ends_on) else others).append(measure)
    chosen = choose(others, year, lambda measure: -measure.yearly, beside=ran)
    in_baseline = (LeftOut(measure, LeftOutReason.IN_BASELINE) for measure in ran)
    return Chosen(chosen.measures, (*chosen.left_out, *in_baseline))


def choose(
    measures: Iterable[Measure],
    year: int,
    order: Callable[[Measure], Any],
    beside: Sequence[Measure] = (),
) -> Chosen:
    """Those that can be summed, one after another in an order (of equals, what was planned first); one that another
    excludes that is summed already, or is done and stays, is left out, and says so."""
    fit: list[Measure] = []
    left_out: list[LeftOut] = []
    for measure in measures:
        reason = _unfit(measure, year)
        if reason is None:
            fit.append(measure)
        else:
            left_out.append(LeftOut(measure, reason))
    taken: list[Measure] = []
    for measure in sorted(fit, key=lambda m: (order(m), m.id)):
        by = _excluding(measure, (*beside, *taken))
        if by is None:
            taken.append(measure)
        else:
            left_out.append(LeftOut(measure, LeftOutReason.EXCLUDED, by))
    return Chosen(tuple(taken), tuple(left_out))


def _unfit(measure: Measure, year: int) -> LeftOutReason | None:
    """Why a measure adds nothing in a year, whatever else is done. Credits that are bought are no reduction on
    site."""
    if measure.plan.route is TargetRoute.PURCHASE:
        return LeftOutReason.PURCHASE
    if measure.state is MeasureState.STOPPED:
        return LeftOutReason.STOPPED
    if not measure.acts_in(year):
        return LeftOutReason.NOT_IN_YEAR
    return None if measure.yearly > 0 else LeftOutReason.NO_EFFECT


def _in_baseline(measure: Measure, year: int, base_ends_on: date) -> bool:
    """Whether it ran by the end of the period, and still does what it does in the year."""
    since = measure.running_since
    return since is not None and since <= base_ends_on and _unfit(measure, year) is None


def _excluding(measure: Measure, taken: Sequence[Measure]) -> Measure | None:
    return next((other for other in taken if other.id in measure.excluded), None)


def _cents(cost: Fraction) -> Decimal:
    """To a fen, half-even."""
    return Decimal(round(cost * 10**CENTS)).scaleb(-CENTS)
