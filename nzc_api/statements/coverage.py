"""How much of a period and of the scope the inventories cover, and what should be looked at. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from nzc_api.accounting.exact import grams, total
from nzc_api.china_time import SECONDS_A_DAY
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.sizes import plausible_size
from nzc_api.guide.terms import Category, Phase, PilotVariant
from nzc_api.ids import InventoryId
from nzc_api.inventories.model import CategoryTotal, Inventory
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.statements.gross import categories_expected, is_emission, is_source
from nzc_api.statements.reasons import CoverageReason, CoverageWarning

DAY = timedelta(days=1)

# The categories that an inventory neither records nor declares not to occur, by inventory.
Missing = Mapping[InventoryId, tuple[Category, ...]]


class CoverageStatus(StrEnum):
    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """Days of a phase that no inventory covers, or categories that one leaves out."""

    phase: Phase
    span: DateSpan
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much is covered: days, categories of sources, what is missing, what should be looked at.

    ``days_in_operation`` is None where the start of operation is not known; all days of the period
    are then expected, and ``days_covered`` counts among those. A category in scope is covered where
    no inventory leaves it out.
    """

    status: CoverageStatus
    days_in_period: int
    days_in_operation: int | None
    days_covered: int
    categories_in_scope: tuple[Category, ...]
    categories_covered: tuple[Category, ...]
    gaps: tuple[CoverageGap, ...]
    warnings: tuple[CoverageWarning, ...]


def coverage_of(
    pilot: Pilot,
    period: AccountingPeriod,
    inventories: Sequence[Inventory],
    totals: Sequence[CategoryTotal],
) -> Coverage:
    """How much of the period and of the scope the inventories cover.

    Expected are all days from the start of operation to its end, in the phase that recurs, with every
    category of sources in scope present or declared not occurring, no days missing of a meter that a
    line was drafted from, and emissions that are not implausibly small for the kind. Construction is
    counted once, so no period is expected to have it; sinks are never expected.
    """
    phase = GUIDE.variant(pilot.variant).operating_phase
    operating = [inventory for inventory in inventories if inventory.phase is phase]
    missing = {i.id: _missing_categories(pilot.variant, i, totals) for i in operating}
    expected = pilot.in_operation(period.span)
    uncovered = _uncovered(expected, operating)
    in_scope = categories_expected(pilot.variant)
    gaps = [CoverageGap(phase, span, in_scope) for span in uncovered if inventories]
    gaps += [CoverageGap(phase, i.span, missing[i.id]) for i in operating if missing[i.id]]
    small = _implausibly_small(pilot, period, operating, missing, totals)
    unread = _unread(period, operating, totals)
    lacking = {category for of_inventory in missing.values() for category in of_inventory}
    days = 0 if expected is None else expected.days
    return Coverage(
        status=_status(inventories, lacking=bool(gaps or small or unread)),
        days_in_period=period.span.days,
        days_in_operation=None if pilot.operation_starts_on is None else days,
        days_covered=days - sum(span.days for span in uncovered),
        categories_in_scope=in_scope,
        categories_covered=tuple(c for c in in_scope if operating and c not in lacking),
        gaps=tuple(sorted(gaps, key=lambda gap: gap.span.starts_on)),
        warnings=(*_about_operation(pilot, period, operating), *small, *unread),
    )


def _status(inventories: Sequence[Inventory], *, lacking: bool) -> CoverageStatus:
    if not inventories:
        return CoverageStatus.NONE
    return CoverageStatus.PARTIAL if lacking else CoverageStatus.COMPLETE


def _uncovered(expected: DateSpan | None, operating: Sequence[Inventory]) -> list[DateSpan]:
    if expected is None:
        return []
    gaps: list[DateSpan] = []
    next_day = expected.starts_on
    for span in sorted((i.span for i in operating), key=lambda span: span.starts_on):
        if span.starts_on > next_day:
            gaps.append(DateSpan(next_day, min(span.starts_on - DAY, expected.ends_on)))
        next_day = max(next_day, span.ends_on + DAY)
    if next_day <= expected.ends_on:
        gaps.append(DateSpan(next_day, expected.ends_on))
    return gaps


def _missing_categories(
    variant: PilotVariant, inventory: Inventory, totals: Sequence[CategoryTotal]
) -> tuple[Category, ...]:
    # A line of either role will do: land use may be a sink only. A memo line covers nothing.
    counted = {t.category for t in totals if t.inventory_id == inventory.id and t.counts}
    covered = {GUIDE.category_in_scope(variant, category) for category in counted}
    covered |= set(inventory.not_occurring)
    return tuple(c for c in categories_expected(variant) if c not in covered)


def _about_operation(
    pilot: Pilot, period: AccountingPeriod, operating: Sequence[Inventory]
) -> list[CoverageWarning]:
    """What is to be said where operation began or ended within the period, or after an inventory began."""
    expected, started = pilot.in_operation(period.span), pilot.operation_starts_on
    if expected == period.span:
        return []
    warnings = [
        CoverageWarning(
            reason=CoverageReason.PARTLY_IN_OPERATION,
            days=0 if expected is None else expected.days,
            days_in_period=period.span.days,
            starts_on=started if expected is None else expected.starts_on,
            ends_on=pilot.closed_on if expected is None else expected.ends_on,
        )
    ]
    before = 0 if started is None else sum(_days_before(started, i.span) for i in operating)
    if before:
        early = CoverageReason.BEFORE_OPERATION
        warnings.append(
            CoverageWarning(
                reason=early, days=before, days_in_period=period.span.days, starts_on=started
            )
        )
    return warnings


def _implausibly_small(
    pilot: Pilot,
    period: AccountingPeriod,
    operating: Sequence[Inventory],
    missing: Missing,
    totals: Sequence[CategoryTotal],
) -> list[CoverageWarning]:
    """That inventories' emissions are too small for their days: all those together of which it is so."""
    size = plausible_size(pilot.variant)
    emissions = ((_emissions(i, missing, totals), i.span.days) for i in operating)
    small = [
        (co2e, days)
        for co2e, days in emissions
        if co2e is not None and size.is_too_small(co2e, days)
    ]
    if not small:
        return []
    days = sum(days for _, days in small)
    co2e, least = total(co2e for co2e, _ in small), grams(size.least_in(days))
    reason = CoverageReason.IMPLAUSIBLY_SMALL
    return [
        CoverageWarning(
            reason=reason, days=days, days_in_period=period.span.days, co2e=co2e, least=least
        )
    ]


def _unread(
    period: AccountingPeriod, operating: Sequence[Inventory], totals: Sequence[CategoryTotal]
) -> list[CoverageWarning]:
    """That a line lacks days of its meter: what is not known is not zero, whoever verified the rest."""
    ids = {inventory.id for inventory in operating}
    missing = max((t.missing for t in totals if t.inventory_id in ids and t.counts), default=0)
    if not missing:
        return []
    days = -(-missing // SECONDS_A_DAY)
    reason = CoverageReason.METER_DAYS_MISSING
    return [CoverageWarning(reason=reason, days=days, days_in_period=period.span.days)]


def _emissions(
    inventory: Inventory, missing: Missing, totals: Sequence[CategoryTotal]
) -> Decimal | None:
    """What an inventory's sources come to; None where it has none and leaves categories out."""
    sources = [t for t in totals if t.inventory_id == inventory.id and is_source(t)]
    is_known = any(map(is_emission, sources)) or not missing[inventory.id]
    return total(t.co2e for t in sources) if is_known else None


def _days_before(day: date, span: DateSpan) -> int:
    return max((min(day, span.ends_on + DAY) - span.starts_on).days, 0)
