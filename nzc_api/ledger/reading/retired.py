"""What of what was retired for pilots' periods counts as of positions, and what does not any more. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nzc_api.ids import BatchId, PeriodId, PilotId, Position
from nzc_api.ledger.model import (
    BatchFacts,
    BatchOrder,
    CreditBatch,
    HeldTonnes,
    RetiredAsOf,
    Withdrawn,
    WithdrawnTonnes,
)
from nzc_api.ledger.reading.standing import (
    Inside,
    InsideKey,
    Since,
    WithdrawnReason,
    withdrawn_since,
)

# A pilot's period as of a position.
RetiredKey = tuple[PilotId, PeriodId, Position]


@dataclass(frozen=True, slots=True)
class RetiredOfPeriods:
    """What is known of what was retired for some pilots' periods: their accounts, what these hold of each batch as of a
    position, what was withdrawn out of them, and what may be in the way of it."""

    accounts: Mapping[RetiredKey, int]
    held: Mapping[tuple[int, int], Sequence[HeldTonnes]]
    withdrawn: Sequence[Withdrawn]
    # Of whole batches; and each batch of which something may count no more.
    orders: Mapping[BatchId, Sequence[BatchOrder]]
    inside: Mapping[InsideKey, Inside]
    batches: Mapping[int, CreditBatch]

    def as_of_each(self, keys: Iterable[RetiredKey]) -> dict[RetiredKey, RetiredAsOf]:
        """For each key what offset the period then, and what did not any more; none where there is no account."""
        return {key: self._as_of(key) for key in keys if key in self.accounts}

    def _as_of(self, key: RetiredKey) -> RetiredAsOf:
        pilot_id, _, as_of = key
        account_id = self.accounts[key]
        in_force: list[HeldTonnes] = []
        gone: dict[tuple[int, Since, PilotId | None], int] = defaultdict(int)
        for item in self.withdrawn:
            if item.account_id == account_id and item.stands(as_of):
                by_itself = Since(item.position, WithdrawnReason.INVALIDATED)
                since = withdrawn_since(by_itself, *self._ordered(item.batch_id, as_of))
                assert since is not None
                gone[item.batch_id, since, None] += item.tonnes
        for held in self.held.get((account_id, as_of), ()):
            inside = self.inside.get(InsideKey(held.project_id, pilot_id, as_of))
            since = withdrawn_since(
                *self._ordered(held.batch_id, as_of), inside=inside and inside.since
            )
            if since is None:
                in_force.append(held)
                continue
            by_boundary = inside if since.reason is WithdrawnReason.INSIDE_BOUNDARY else None
            gone[held.batch_id, since, by_boundary and by_boundary.lies_in] += held.tonnes
        withdrawn = (
            WithdrawnTonnes(
                batch=self.batches[batch_id],
                tonnes=tonnes,
                position=since.position,
                reason=since.reason,
                inside_id=inside_id,
            )
            for (batch_id, since, inside_id), tonnes in gone.items()
        )
        return RetiredAsOf(tuple(in_force), tuple(sorted(withdrawn, key=lambda item: item.key)))

    def _ordered(self, batch_id: BatchId, as_of: Position) -> tuple[Since, ...]:
        """What is ordered of a whole batch as of a position, that ends its counting."""
        orders = self.orders.get(batch_id)
        if orders is None:
            return ()
        facts = BatchFacts.of(orders, as_of)
        ended = (
            (facts.invalidated, WithdrawnReason.INVALIDATED),
            (facts.exported, WithdrawnReason.EXPORTED),
        )
        return tuple(Since(position, reason) for position, reason in ended if position is not None)
