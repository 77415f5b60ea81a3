"""How sure a statement is, and how much of a batch falls in its period. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from nzc_api.ids import BatchId, Position
from nzc_api.inventories.model import Inventory, InventoryStatus
from nzc_api.ledger.model import BatchFacts, BatchOrder, CreditBatch, Withdrawn
from nzc_api.pilots.model import AccountingPeriod, DateSpan
from nzc_api.statements.model import Assurance, IssuedInside

DAY = timedelta(days=1)

# More tonnes than any batch has.
EVERYTHING = 1 << 62


def assurance_of(inventories: Sequence[Inventory]) -> Assurance:
    """Whether the inventories are verified, all of them or some."""
    verified = [inventory.status is InventoryStatus.VERIFIED for inventory in inventories]
    if not verified:
        return Assurance.NONE
    if all(verified):
        return Assurance.VERIFIED
    return Assurance.MIXED if any(verified) else Assurance.SUBMITTED


def periods_inside(
    within: Iterable[AccountingPeriod], period: AccountingPeriod, as_of: Position
) -> list[AccountingPeriod]:
    """Of the periods of pilots inside, those that there were by then and that share a day."""
    return [p for p in within if p.stands(as_of) and p.span.overlaps(period.span)]


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
    withdrawn: Iterable[Withdrawn], orders: Mapping[BatchId, Iterable[BatchOrder]], as_of: Position
) -> dict[int, int]:
    """The tonnes of each batch that no longer count as sold, as of a position.

    What was exported gives no sink back, whatever was cancelled for it: another country counts it.
    Invalidated, it stands for nothing there either. What was cancelled for its sink and invalidated later
    is gone once.
    """
    gone: dict[int, int] = defaultdict(int)
    facts = {batch_id: BatchFacts.of(of_batch, as_of) for batch_id, of_batch in orders.items()}
    for item in withdrawn:
        exported = facts.get(item.batch_id, BatchFacts()).exported is not None
        if item.stands(as_of) and not (item.for_sink if exported else item.from_sink):
            gone[item.batch_id] += item.tonnes
    for batch_id, of_batch in facts.items():
        if of_batch.invalidated is not None:
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
