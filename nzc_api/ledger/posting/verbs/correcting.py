"""Correcting: a linked reversal of a clerical error of ours, whole, and of nothing later."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nzc_api.ledger.errors import (
    AlreadyCorrected,
    InvalidatedInUse,
    MovedSince,
    NotCorrectable,
    TooFragmented,
)
from nzc_api.ledger.model import (
    AccountKey,
    AccountKind,
    CreditBatch,
    Lot,
    Movement,
    Posted,
    serials_text,
)
from nzc_api.ledger.posting.commands import CorrectPosting
from nzc_api.ledger.posting.rules.kept_back import check_movable, check_not_exported
from nzc_api.ledger.posting.state import MOST_LOTS, State
from nzc_api.ledger.posting.verbs.pieces import cut
from nzc_api.ledger.posting.verbs.posting import (
    Corrected,
    Decision,
    Effect,
    Piece,
    Posting,
    holding_of,
    move,
    tonnes_of,
)
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import NotFound, Refusal

# Which fact of a batch an order about it as a whole set.
ORDERED: Mapping[str, str] = {
    EntryKind.BATCH_INVALIDATED: "invalidated",
    EntryKind.BATCH_EXPORTED: "exported",
}

CORRECTABLE = (
    EntryKind.CREDITS_ISSUED,
    EntryKind.CREDITS_RETIRED,
    EntryKind.CREDITS_USED,
    EntryKind.CREDITS_TRANSFERRED,
    EntryKind.CREDITS_INVALIDATED,
    *ORDERED,
)

# Where what was invalidated goes back to: what had been retired or used by then is what that is for no more.
GIVEN_BACK = (AccountKind.HOLDING, AccountKind.FROZEN)


def correct(state: State, command: CorrectPosting, position: int) -> Decision:
    found = state.posted.get(command.posting_id)
    if found is None or found.programme != command.programme:
        return NotFound.born_at(command.posting_id, "记录", "posting", "posting")
    problem = _check_correctable(found)
    if problem is not None:
        return problem
    effects = (Corrected(found.id), command.grounds)
    if found.batch_id is not None:
        return _take_order_back(state, found, state.batches[found.batch_id], position, effects)
    moved_back = _moved_back(state, found)
    if isinstance(moved_back, Refusal):
        return moved_back
    facts = _facts(found, tonnes_of([piece for piece, _ in moved_back]))
    state.correct(found.id, position)
    posting = move(state, position, moved_back, facts, effects)
    if found.kind != EntryKind.CREDITS_ISSUED:
        return posting
    state.withdraw(state.batches[found.id], position)
    return posting._replace(withdrawn=found.id, subject=found.id)


def _take_order_back(
    state: State, found: Posted, batch: CreditBatch, position: int, effects: tuple[Effect, ...]
) -> Posting:
    """Undo an order about a whole batch: nothing moved by it, and nothing moves back."""
    state.correct(found.id, position)
    state.change_facts(batch.id, **{ORDERED[found.kind]: None})
    facts = _facts(found, batch.serials.quantity)
    return Posting(position, facts, effects=effects, subject=batch.id)


def _facts(found: Posted, tonnes: int) -> dict[str, Any]:
    return {"corrects": found.id, "programme": found.programme, "quantity": tonnes}


def _check_correctable(found: Posted) -> Refusal | None:
    if found.kind not in CORRECTABLE:
        return NotCorrectable(path=("posting",), posting_id=found.id, kind=found.kind)
    if found.corrected is not None:
        return AlreadyCorrected(
            path=("posting",), posting_id=found.id, correction_id=found.corrected
        )
    return None


def _moved_back(state: State, found: Posted) -> list[tuple[Piece, AccountKey]] | Refusal:
    """Each piece of what was posted, and the account that it came from."""
    moved_back: list[tuple[Piece, AccountKey]] = []
    for moved in found.movements:
        batch = state.batches[moved.batch_id]
        problem = _check_movable_back(state, found, batch)
        if problem is not None:
            return replace(problem, path=("posting",))
        lots = state.lots.covering(moved.batch_id, moved.lo, moved.hi)
        for piece in cut(lots, moved.lo, moved.hi):
            if not _is_untouched(found, moved, piece.lot):
                return MovedSince(
                    path=("posting",),
                    serials=serials_text(batch, piece.lo, piece.hi),
                    posting_id=found.id,
                    later_id=piece.lot.since,
                )
            target = _back(state.account_keys[moved.debit_id])
            if found.kind == EntryKind.CREDITS_INVALIDATED and target.kind not in GIVEN_BACK:
                serials = serials_text(batch, piece.lo, piece.hi)
                return InvalidatedInUse(path=("posting",), serials=serials, posting_id=found.id)
            moved_back.append((piece, target))
        if len(lots) > MOST_LOTS:
            return TooFragmented(most=MOST_LOTS, path=("posting",))
    return moved_back


def _check_movable_back(state: State, found: Posted, batch: CreditBatch) -> Refusal | None:
    """Refuse what a batch is held back from; and an issuance whose export stands, or its serials would be issued again
    as if no other country counted them."""
    problem = check_movable(batch, state)
    if problem is not None or found.kind != EntryKind.CREDITS_ISSUED:
        return problem
    return check_not_exported(batch, state)


def _is_untouched(found: Posted, moved: Movement, lot: Lot) -> bool:
    """Whether nothing happened to a lot since; of an issuance, whether whoever it was issued to holds it, as nothing
    rests on it then, whatever was corrected meanwhile."""
    if found.kind == EntryKind.CREDITS_ISSUED:
        return lot.account_id == moved.credit_id
    return lot.since == found.id


def _back(key: AccountKey) -> AccountKey:
    """Where serials go back to: a request that was confirmed is over, so to its holder."""
    if key.kind is not AccountKind.PENDING:
        return key
    assert key.organisation_id is not None
    assert key.programme is not None
    return holding_of(key.organisation_id, key.programme)
