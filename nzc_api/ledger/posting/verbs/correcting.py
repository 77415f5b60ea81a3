"""Correcting: a linked reversal of a clerical error of ours, whole, and of nothing later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from nzc_api.grounds import Grounds, check_grounds
from nzc_api.ids import BatchId, Position
from nzc_api.ledger.errors.orders import (
    AlreadyCorrected,
    InvalidatedInUse,
    MovedSince,
    NotCorrectable,
)
from nzc_api.ledger.errors.retiring import TooFragmented
from nzc_api.ledger.model import (
    AccountKey,
    AccountKind,
    CreditBatch,
    Lot,
    Movement,
    Posted,
    serials_text,
)
from nzc_api.ledger.posting.kit.needs import CreditedAccounts, Needs
from nzc_api.ledger.posting.kit.pieces import cut
from nzc_api.ledger.posting.kit.posting import (
    Corrected,
    Decision,
    Effect,
    Piece,
    Posting,
    holding_of,
    move,
    tonnes_of,
)
from nzc_api.ledger.posting.kit.verb import Correction, Verb
from nzc_api.ledger.posting.rules.kept_back import check_movable, check_not_exported
from nzc_api.ledger.posting.state import MOST_LOTS, State
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import NotFound, Refusal

KIND = EntryKind.POSTING_CORRECTED

# How a posting is corrected, by the kind of its entry.
Corrections = Mapping[str, Correction]


@dataclass(frozen=True, slots=True)
class CorrectPosting:
    """Reverse a clerical error of ours, whole: an issuance, a retirement, another use, a
    transfer, an invalidation of what was held or frozen, or of a whole batch, or its export."""

    posting_id: int
    programme: str
    grounds: Grounds


def malformed(command: CorrectPosting) -> Refusal | None:
    return check_grounds(command.grounds)


def needs(command: CorrectPosting) -> Needs:
    return Needs(posting_id=command.posting_id, credited=CreditedAccounts.OWN)


def correct(
    corrections: Corrections, state: State, command: CorrectPosting, position: Position
) -> Decision:
    """Take a posting back as a clerical error, whole: its tonnes go where they came from, an order about a whole batch
    holds no more, an issuance withdraws its batch.

    Refused: a posting that there is not in the programme, one that cannot be corrected (`NotCorrectable`) or was
    (`AlreadyCorrected`), and one of whose serials anything was done since (`MovedSince`, `InvalidatedInUse`).
    """
    found = state.posted.get(command.posting_id)
    if found is None or found.programme != command.programme:
        return NotFound.born_at(command.posting_id, "记录", "posting", "posting")
    problem = _check_correctable(found, corrections)
    if problem is not None:
        return problem
    how = corrections[found.kind]
    effects = (Corrected(found.id), command.grounds)
    if how.fact is not None:
        return _take_fact_back(state, found, how.fact, position, effects)
    moved_back = _moved_back(state, found, how)
    if isinstance(moved_back, Refusal):
        return moved_back
    facts = _facts(found, tonnes_of([piece for piece, _ in moved_back]))
    state.correct(found.id, position)
    posting = move(state, position, KIND, moved_back, facts, effects)
    if not how.withdraws:
        return posting
    state.withdraw(state.batches[BatchId(found.id)], position)
    return posting._replace(withdrawn=found.id, subject=found.id)


def takes_two(_command: CorrectPosting) -> bool:
    return True


def proposed(command: CorrectPosting, _decided: Posting) -> Mapping[str, int]:
    return {"posting_id": command.posting_id}


def verb(others: Iterable[Verb[Any]]) -> Verb[CorrectPosting]:
    """Correcting what other verbs post, as each of them says."""
    corrections: Corrections = {
        kind: how for other in others for kind, how in other.kinds.items() if how is not None
    }
    return Verb(
        name="correctPosting",
        command=CorrectPosting,
        malformed=malformed,
        needs=needs,
        decide=partial(correct, corrections),
        kinds={KIND: None},
        takes_two=takes_two,
        proposed=proposed,
        is_order=True,
    )


def _take_fact_back(
    state: State, found: Posted, fact: str, position: Position, effects: tuple[Effect, ...]
) -> Posting:
    """Undo an order about a whole batch: nothing moved by it, and nothing moves back."""
    assert found.batch_id is not None
    batch = state.batches[found.batch_id]
    state.correct(found.id, position)
    state.change_facts(batch.id, **{fact: None})
    facts = _facts(found, batch.serials.quantity)
    return Posting(position, KIND, facts, effects=effects, subject=batch.id)


def _facts(found: Posted, tonnes: int) -> dict[str, Any]:
    return {"corrects": found.id, "programme": found.programme, "quantity": tonnes}


def _check_correctable(found: Posted, corrections: Corrections) -> Refusal | None:
    if found.kind not in corrections:
        return NotCorrectable(path=("posting",), posting_id=found.id, kind=found.kind)
    if found.corrected is not None:
        return AlreadyCorrected(
            path=("posting",), posting_id=found.id, correction_id=found.corrected
        )
    return None


def _moved_back(
    state: State, found: Posted, how: Correction
) -> list[tuple[Piece, AccountKey]] | Refusal:
    """Each piece of what was posted, and the account that it came from."""
    moved_back: list[tuple[Piece, AccountKey]] = []
    for moved in found.movements:
        batch = state.batches[moved.batch_id]
        problem = _check_movable_back(state, how, batch)
        if problem is not None:
            return replace(problem, path=("posting",))
        lots = state.lots.covering(moved.batch_id, moved.lo, moved.hi)
        for piece in cut(lots, moved.lo, moved.hi):
            if not _is_untouched(found, how, moved, piece.lot):
                return MovedSince(
                    path=("posting",),
                    serials=serials_text(batch, piece.lo, piece.hi),
                    posting_id=found.id,
                    later_id=piece.lot.since,
                )
            target = _back(state.account_keys[moved.debit_id])
            if target.kind not in how.back_to:
                serials = serials_text(batch, piece.lo, piece.hi)
                return InvalidatedInUse(path=("posting",), serials=serials, posting_id=found.id)
            moved_back.append((piece, target))
        if len(lots) > MOST_LOTS:
            return TooFragmented(most=MOST_LOTS, path=("posting",))
    return moved_back


def _check_movable_back(state: State, how: Correction, batch: CreditBatch) -> Refusal | None:
    """Refuse what a batch is held back from; and an issuance whose export stands, or its serials would be issued again
    as if no other country counted them."""
    problem = check_movable(batch, state)
    if problem is not None or not how.withdraws:
        return problem
    return check_not_exported(batch, state)


def _is_untouched(found: Posted, how: Correction, moved: Movement, lot: Lot) -> bool:
    """Whether nothing happened to a lot since; of an issuance, whether whoever it was issued to holds it, as nothing
    rests on it then, whatever was corrected meanwhile."""
    if how.withdraws:
        return lot.account_id == moved.credit_id
    return lot.since == found.id


def _back(key: AccountKey) -> AccountKey:
    """Where serials go back to: a request that was confirmed is over, so to its holder."""
    if key.kind is not AccountKind.PENDING:
        return key
    assert key.organisation_id is not None
    assert key.programme is not None
    return holding_of(key.organisation_id, key.programme)
