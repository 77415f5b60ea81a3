"""What a command would do: before it is done. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from nzc_api.ids import BatchId, Position
from nzc_api.ledger.model import AccountKey, CreditBatch, DoubleIssuance, Movement
from nzc_api.ledger.posting.kit.posting import Posting
from nzc_api.ledger.posting.state import State
from nzc_api.log.kinds import EntryKind


@dataclass(frozen=True, slots=True)
class PreviewedMovement:
    """Serials of a batch that would move from one account to another."""

    movement: Movement
    batch: CreditBatch
    debit: AccountKey
    credit: AccountKey


@dataclass(frozen=True, slots=True)
class PostingPreview:
    """What a command would do, were it done next after the position ``as_of``, and after the items before it.

    ``quantity`` in tonnes; None where it is about none. ``double_ids`` are the batches that what would be issued
    seems to double, or that an amended site would make suspected; ``double_items`` the numbers of the items of the
    same request that what would be issued does.
    """

    kind: EntryKind
    as_of: Position
    quantity: int | None = None
    movements: tuple[PreviewedMovement, ...] = ()
    double_ids: tuple[BatchId, ...] = ()
    double_items: tuple[int, ...] = ()


def previewed(
    state: State, posting: Posting, as_of: Position, items: Mapping[int, int]
) -> PostingPreview:
    """What a posting that was decided on the state would be; ``items`` says which of the request each position
    after ``as_of`` would be of."""
    keys = state.account_keys
    movements = tuple(
        PreviewedMovement(m, state.batches[m.batch_id], keys[m.debit_id], keys[m.credit_id])
        for m in posting.movements
    )
    doubles = [e.other_id for e in posting.effects if isinstance(e, DoubleIssuance)]
    return PostingPreview(
        posting.kind,
        as_of,
        posting.facts.get("quantity"),
        movements,
        tuple(double for double in doubles if double <= as_of),
        tuple(items[double] for double in doubles if double > as_of),
    )
