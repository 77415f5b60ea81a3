"""What a statement covers, how sure it is, and how much of a batch falls in a period. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, CategoryRole, Phase
from nzc_api.inventories.model import CategoryTotal, Inventory, InventoryStatus
from nzc_api.ledger.model import BatchFacts, CreditBatch, Withdrawn
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.statements.model import (
    Assurance,
    Coverage,
    CoverageGap,
    CoverageStatus,
    IssuedInside,
)

DAY = timedelta(days=1)

# More tonnes than any batch has.
EVERYTHING = 1 << 62


def coverage_of(
    pilot: Pilot,
    period: AccountingPeriod,
    inventories: Sequence[Inventory],
    totals: Sequence[CategoryTotal],
) -> Coverage:
    """How much of the period and of the scope the inventories cover.

    Expected are all days from the start of operation, in the phase that recurs, with every category
    of sources in scope present or declared not occurring. Construction is counted once, so no
    period is expected to have it; sinks are never expected.
    """
    if not inventories:
        return Coverage(CoverageStatus.NONE, ())
    phase = GUIDE.variant(pilot.variant).operating_phase
    gaps = [
        CoverageGap(phase, span, _sources_in_scope(pilot))
        for span in _uncovered(_expected(pilot, period), inventories, phase)
    ]
    for inventory in inventories:
        missing = _missing_categories(pilot, inventory, totals)
        if missing and inventory.phase is phase:
            gaps.append(CoverageGap(phase, inventory.span, missing))
    gaps.sort(key=lambda gap: gap.span.starts_on)
    return Coverage(CoverageStatus.PARTIAL if gaps else CoverageStatus.COMPLETE, tuple(gaps))


def assurance_of(inventories: Sequence[Inventory]) -> Assurance:
    """Whether the inventories are verified, all of them or some."""
    verified = [inventory.status is InventoryStatus.VERIFIED for inventory in inventories]
    if not verified:
        return Assurance.NONE
    if all(verified):
        return Assurance.VERIFIED
    return Assurance.MIXED if any(verified) else Assurance.SUBMITTED


def periods_inside(
    within: Iterable[AccountingPeriod], period: AccountingPeriod, as_of: int
) -> list[AccountingPeriod]:
    """Of the periods of pilots inside, those that there were by then and that share a day."""
    return [p for p in within if p.id <= as_of and p.span.overlaps(period.span)]


def issued_inside(
    batches: Iterable[CreditBatch], span: DateSpan, gone: Mapping[int, int]
) -> tuple[IssuedInside, ...]:
    """The shares of the span in what was issued for activities inside.

    ``gone`` are the tonnes of each batch that no longer count as sold: invalidated, or cancelled so
    that the sink counts again.
    """
    shares = (IssuedInside(b, share_of(b, span, gone.get(b.id, 0))) for b in batches)
    return tuple(share for share in shares if share.tonnes)


def gone_of(
    withdrawn: Iterable[Withdrawn], facts: Mapping[int, BatchFacts], as_of: int
) -> dict[int, int]:
    """The tonnes of each batch that no longer count as sold, as of a position."""
    gone: dict[int, int] = defaultdict(int)
    for item in withdrawn:
        if item.stands(as_of):
            gone[item.batch_id] += item.tonnes
    for batch_id, fact in facts.items():
        if fact.invalidated is not None and fact.invalidated <= as_of:
            gone[batch_id] = EVERYTHING
    return gone


def share_of(batch: CreditBatch, span: DateSpan, gone: int = 0) -> int:
    """The whole tonnes of a batch, less those gone, that fall to a span, by days of its production.

    Up to any day the tonnes are those produced by then, rounded down; a span has the difference.
    So spans that follow one another share the batch exactly.
    """
    left = max(batch.serials.quantity - gone, 0)
    before = _produced_before(batch, left, span.starts_on)
    return _produced_before(batch, left, span.ends_on + DAY) - before


def _produced_before(batch: CreditBatch, tonnes: int, day: date) -> int:
    whole = (batch.produced_to - batch.produced_from).days + 1
    passed = min(max((day - batch.produced_from).days, 0), whole)
    return tonnes * passed // whole


def _expected(pilot: Pilot, period: AccountingPeriod) -> DateSpan | None:
    started = pilot.operation_starts_on
    if started is None or started <= period.span.starts_on:
        return period.span
    if started > period.span.ends_on:
        return None
    return DateSpan(started, period.span.ends_on)


def _uncovered(
    expected: DateSpan | None, inventories: Sequence[Inventory], phase: Phase
) -> list[DateSpan]:
    if expected is None:
        return []
    gaps: list[DateSpan] = []
    next_day = expected.starts_on
    spans = sorted((i.span for i in inventories if i.phase is phase), key=lambda s: s.starts_on)
    for span in spans:
        if span.starts_on > next_day:
            gaps.append(DateSpan(next_day, min(span.starts_on - DAY, expected.ends_on)))
        next_day = max(next_day, span.ends_on + DAY)
    if next_day <= expected.ends_on:
        gaps.append(DateSpan(next_day, expected.ends_on))
    return gaps


def _sources_in_scope(pilot: Pilot) -> tuple[Category, ...]:
    terms = GUIDE.variant(pilot.variant).categories
    return tuple(term.category for term in terms if term.role is not CategoryRole.SINK)


def _missing_categories(
    pilot: Pilot, inventory: Inventory, totals: Sequence[CategoryTotal]
) -> tuple[Category, ...]:
    # A line of either role will do: land use may be a sink only. A memo line covers nothing.
    counted = {t.category for t in totals if t.inventory_id == inventory.id and t.counts}
    present = {GUIDE.category_in_scope(pilot.variant, category) for category in counted}
    present |= set(inventory.not_occurring)
    return tuple(category for category in _sources_in_scope(pilot) if category not in present)
