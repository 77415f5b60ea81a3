"""Correcting: a linked reversal of a clerical error of ours, whole, and of nothing later."""

from nzc_api.ledger.commands import CorrectPosting
from nzc_api.ledger.errors import AlreadyCorrected, MovedSince, NotCorrectable
from nzc_api.ledger.model import AccountKey, AccountKind, Posted, serials_text
from nzc_api.ledger.rules.kept_back import check_movable
from nzc_api.ledger.state import State
from nzc_api.ledger.verbs.pieces import cut
from nzc_api.ledger.verbs.posting import (
    Corrected,
    Decision,
    Piece,
    holding_of,
    move,
    tonnes_of,
)
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import NotFound, Refusal

CORRECTABLE = (EntryKind.CREDITS_RETIRED, EntryKind.CREDITS_USED, EntryKind.CREDITS_TRANSFERRED)


def correct(state: State, command: CorrectPosting, position: int) -> Decision:
    found = state.posted.get(command.posting_id)
    if found is None or found.programme != command.programme:
        return NotFound.born_at(command.posting_id, "记录", "posting", "posting")
    problem = _check_correctable(found)
    moved_back = problem or _moved_back(state, found)
    if isinstance(moved_back, Refusal):
        return moved_back
    facts = {
        "corrects": found.id, "programme": found.programme,
        "quantity": tonnes_of([piece for piece, _ in moved_back]),
    }  # fmt: skip
    state.correct(found.id, position)
    return move(state, position, moved_back, facts, (Corrected(found.id), command.grounds))


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
        problem = check_movable(batch, state)
        if problem is not None:
            return problem
        for piece in cut(
            state.lots.covering(moved.batch_id, moved.lo, moved.hi), moved.lo, moved.hi
        ):
            if piece.lot.since != found.id:
                return MovedSince(
                    path=("posting",),
                    serials=serials_text(batch, piece.lo, piece.hi),
                    posting_id=found.id,
                    later_id=piece.lot.since,
                )
            moved_back.append((piece, _back(state.account_keys[moved.debit_id])))
    return moved_back


def _back(key: AccountKey) -> AccountKey:
    """Where serials go back to: a request that was confirmed is over, so to its holder."""
    if key.kind is not AccountKind.PENDING:
        return key
    assert key.organisation_id is not None
    assert key.programme is not None
    return holding_of(key.organisation_id, key.programme)
