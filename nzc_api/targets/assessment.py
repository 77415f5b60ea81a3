"""What a target says of a period, beside what the pilot states of it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from nzc_api.accounting.exact import rounded, total
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.rules import list_of
from nzc_api.pilots.model import AccountingPeriod, DateSpan
from nzc_api.refusal import LocalizedText
from nzc_api.statements.coverage import CoverageStatus
from nzc_api.statements.gross import electricity_methods_of, gwp_sets_of
from nzc_api.statements.model import Assurance, NetEmissions
from nzc_api.targets.curve import over_days
from nzc_api.targets.model import Target
from nzc_api.targets.reasons import NotAssessable, NotAssessableReason

# A baseline that is restated by more than this part of it is to be revised (GHG Protocol: recalculation of the
# base year; the figure is our own reading of its usual threshold).
SIGNIFICANT = Decimal("0.05")


class TargetStatus(StrEnum):
    """How a period stands beside its ceiling."""

    NOT_ASSESSABLE = "NOT_ASSESSABLE"
    ON_TRACK = "ON_TRACK"
    BEHIND = "BEHIND"
    ACHIEVED = "ACHIEVED"
    MISSED = "MISSED"


@dataclass(frozen=True)
class Assessment:
    """A period beside its target; what is not known, or not comparable, is None, and ``reasons`` say why.

    ``baseline`` is the target's as it was recorded, ``restated`` the same statement as of the assessment's
    position. ``over``: whether the period was over by then. The ceilings are of the days in operation.
    """

    target: Target | None = None
    period: AccountingPeriod | None = None
    statement: NetEmissions | None = None
    baseline: NetEmissions | None = None
    restated: NetEmissions | None = None
    over: bool = False

    @property
    def span(self) -> DateSpan | None:
        """The days that are assessed: those of the period on which the pilot was in operation."""
        return (
            None if self.statement is None else self.statement.pilot.in_operation(self._period.span)
        )

    @cached_property
    def ceiling(self) -> Decimal | None:
        """What the net may come to, t CO2e."""
        return self._over_days(None if self.target is None else self.target.net_points)

    @property
    def gross_ceiling(self) -> Decimal | None:
        """What the emissions inside the boundary may come to, t CO2e; None where the target does not say."""
        said = self.target is not None and len(self.target.gross_points) > 1
        return self._over_days(self.target.gross_points if self.target and said else None)

    @property
    def credits_ceiling(self) -> int | None:
        """How many credits may be retired, t; None where the target does not say."""
        points = None if self.target is None else self.target.credit_points
        tonnes = self._over_days(points, decimals=0)
        return None if tonnes is None else int(tonnes)

    @property
    def baseline_change(self) -> Decimal | None:
        """By which part of it the baseline's net was restated; None where it is not known any more."""
        if self.target is None or self.restated is None or self.restated.net_co2e is None:
            return None
        was = Fraction(self.target.baseline.net)
        return rounded((Fraction(self.restated.net_co2e) - was) / was)

    @cached_property
    def reasons(self) -> tuple[NotAssessable, ...]:
        """Why it cannot be assessed; empty where it can."""
        return tuple(self._reasons())

    @cached_property
    def status(self) -> TargetStatus:
        if self.gap is None:
            return TargetStatus.NOT_ASSESSABLE
        assert self.statement is not None
        kept, final = self.gap <= 0, self.over and self.statement.assurance is Assurance.VERIFIED
        if final:
            return TargetStatus.ACHIEVED if kept else TargetStatus.MISSED
        return TargetStatus.ON_TRACK if kept else TargetStatus.BEHIND

    @property
    def gap(self) -> Decimal | None:
        """By how much the net is above its ceiling, t CO2e; below zero: below it."""
        net = None if self.statement is None else self.statement.net_co2e
        if self.reasons or net is None or self.ceiling is None:
            return None
        return total((net, -self.ceiling))

    @property
    def on_site_reduction(self) -> Decimal | None:
        """By how much fewer emissions there are inside the boundary than the baseline had in as many days,
        t CO2e; credits are none of it."""
        gross = None if self.statement is None else self.statement.gross_co2e
        if self.reasons or gross is None or self.target is None:
            return None
        was = self._over_days((self.target.gross_points[0],))
        return None if was is None else total((was, -gross))

    @property
    def offset_share(self) -> Decimal | None:
        """Which part of the emissions inside the boundary the retired credits offset."""
        statement = self.statement
        if statement is None or statement.gross_co2e is None or statement.gross_co2e <= 0:
            return None
        return rounded(Fraction(statement.purchased_tonnes) / Fraction(statement.gross_co2e))

    @property
    def _period(self) -> AccountingPeriod:
        assert self.period is not None
        return self.period

    def _over_days(
        self, points: tuple[tuple[int, Decimal], ...] | None, **decimals: int
    ) -> Decimal | None:
        span = self.span
        return None if span is None or points is None else over_days(points, span, **decimals)

    def _reasons(self) -> Iterator[NotAssessable]:
        if self.period is None:
            yield NotAssessable(NotAssessableReason.NO_PERIOD)
        elif self.statement is None:
            yield NotAssessable(NotAssessableReason.NOT_SHOWN)
        if self.target is None:
            # Of what is not shown nobody learns whether there is a target.
            if self.period is None or self.statement is not None:
                yield NotAssessable(NotAssessableReason.NO_TARGET)
            return
        if self.statement is not None:
            yield from self._about_the_period(self.target, self.statement)
            yield from self._about_the_baseline(self.statement)

    def _about_the_period(self, target: Target, statement: NetEmissions) -> Iterator[NotAssessable]:
        if self.span is None:
            yield NotAssessable(NotAssessableReason.NOT_IN_OPERATION)
        elif self.ceiling is None:
            year = target.baseline.year
            yield NotAssessable(NotAssessableReason.BEFORE_BASELINE, {"year": year})
        if statement.unknown:
            yield NotAssessable(
                NotAssessableReason.NET_NOT_KNOWN,
                {"unknown": tuple(u.reason for u in statement.unknown)},
            )
        elif statement.coverage.status is not CoverageStatus.COMPLETE:
            yield NotAssessable(
                NotAssessableReason.COVERAGE_NOT_COMPLETE, {"coverage": statement.coverage.status}
            )

    def _about_the_baseline(self, statement: NetEmissions) -> Iterator[NotAssessable]:
        if self.baseline is None:
            return
        differ = (
            (NotAssessableReason.GWP_SETS_DIFFER, _gwp_sets),
            (NotAssessableReason.ELECTRICITY_METHODS_DIFFER, _electricity_methods),
            (NotAssessableReason.FACTOR_FAMILIES_DIFFER, _families),
        )
        for reason, facts in differ:
            now, then = facts(statement), facts(self.baseline)
            if statement.inventories and now != then:
                yield NotAssessable(reason, {"now": now, "then": then})
        change = self.baseline_change
        if change is None or abs(change) > SIGNIFICANT:
            yield NotAssessable(NotAssessableReason.BASELINE_RESTATED, {"change": change})


def _gwp_sets(statement: NetEmissions) -> tuple[str, ...]:
    return tuple(map(str, gwp_sets_of(statement.inventories)))


def _electricity_methods(statement: NetEmissions) -> tuple[ElectricityMethod, ...]:
    return electricity_methods_of(statement.inventories)


def _families(statement: NetEmissions) -> tuple[LocalizedText, ...]:
    families = {list_of(inventory).family for inventory in statement.inventories}
    return tuple(sorted(families, key=lambda family: family.en))
