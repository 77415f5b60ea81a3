"""Freezing, unfreezing and invalidating: exact serials as movements, whole batches as facts."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from nzc_api.ledger.errors import CreditsExported, CreditsNotFrozen
from nzc_api.ledger.model import AccountKey, AccountKind, CreditBatch, Lot, serials_text
from nzc_api.ledger.posting.commands import (
    ActOnBatch,
    ActOnSerials,
    BatchAction,
    SerialsAction,
)
from nzc_api.ledger.posting.rules.kept_back import check_movable, check_not_exported, check_standing
from nzc_api.ledger.posting.rules.used_once import WHY_NOT_HELD, check_held
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verbs.pieces import cut, lots_of
from nzc_api.ledger.posting.verbs.posting import (
    BatchFact,
    Decision,
    Piece,
    Posting,
    holding_of,
    move,
)
from nzc_api.refusal import NotFound, Refusal


def act_on_serials(state: State, command: ActOnSerials, position: int) -> Decision:
    pieces = _pieces(state, command)
    if isinstance(pieces, Refusal):
        return replace(pieces, path=("target", "serials"))
    facts = {"programme": command.programme, "quantity": command.serials.quantity}
    return move(state, position, pieces, facts, (command.grounds,))


def act_on_batch(state: State, command: ActOnBatch, position: int) -> Decision:
    path = ("batch",) if command.action is BatchAction.EXPORT else ("target", "batch")
    batch = state.batches.get(command.batch_id)
    if batch is None or batch.programme != command.programme:
        return NotFound.born_at(command.batch_id, "批次", "credit batch", *path)
    problem = check_standing(batch) or _check_batch(state, batch, command.action)
    if problem is not None:
        return replace(problem, path=path)
    field, value = _ON_BATCH[command.action]
    state.change_facts(batch.id, **{field: position if value else None})
    facts = {"programme": batch.programme, "quantity": batch.serials.quantity}
    effects = (BatchFact(batch.id, command.action), command.grounds)
    return Posting(position, facts, effects=effects, subject=batch.id)


def _pieces(state: State, command: ActOnSerials) -> list[tuple[Piece, AccountKey]] | Refusal:
    """Each piece of the serials, and the account that it goes to."""
    found = lots_of(state, command.serials, command.programme)
    if isinstance(found, Refusal):
        return found
    batch, lots = found
    lo, hi = command.serials.lo, command.serials.hi
    check, target = _ON_SERIALS[command.action]
    return check(state, batch, lots, lo, hi) or [
        (piece, target(state.account_keys[piece.lot.account_id], batch))
        for piece in cut(lots, lo, hi)
    ]


def _may_freeze(
    state: State, batch: CreditBatch, lots: list[Lot], lo: int, hi: int
) -> Refusal | None:
    """What is held may be frozen, whoever holds it."""
    for lot in lots:
        holder = state.account_keys[lot.account_id].organisation_id
        problem = check_held(state, batch, [lot], lo, hi, holder)
        if problem is not None:
            return problem
    return check_movable(batch, state)


def _may_unfreeze(
    state: State, batch: CreditBatch, lots: list[Lot], lo: int, hi: int
) -> Refusal | None:
    for lot in lots:
        if state.account_keys[lot.account_id].kind is not AccountKind.FROZEN:
            serials = serials_text(batch, max(lot.lo, lo), min(lot.hi, hi))
            return CreditsNotFrozen(path=("serials",), serials=serials)
    return None


def _may_invalidate(
    state: State, batch: CreditBatch, lots: list[Lot], lo: int, hi: int
) -> Refusal | None:
    """Whatever was issued may be invalidated, once; what is requested waits for its request."""
    for lot in lots:
        key = state.account_keys[lot.account_id]
        if key.kind in (AccountKind.INVALIDATED, AccountKind.PENDING):
            serials = serials_text(batch, max(lot.lo, lo), min(lot.hi, hi))
            return WHY_NOT_HELD[key.kind](state, key, lot, serials)
    problem = check_movable(batch, state)
    return problem if state.facts_of(batch.id).invalidated is not None else None


def _frozen(key: AccountKey, batch: CreditBatch) -> AccountKey:
    return AccountKey(AccountKind.FROZEN, batch.programme, key.organisation_id)


def _held_again(key: AccountKey, batch: CreditBatch) -> AccountKey:
    assert key.organisation_id is not None
    return holding_of(key.organisation_id, batch.programme)


def _invalidated(_key: AccountKey, batch: CreditBatch) -> AccountKey:
    return AccountKey(AccountKind.INVALIDATED, batch.programme)


_Check = Callable[[State, CreditBatch, list[Lot], int, int], Refusal | None]
_Target = Callable[[AccountKey, CreditBatch], AccountKey]

# What each action on serials asks of them, and where they go.
_ON_SERIALS: Mapping[SerialsAction, tuple[_Check, _Target]] = {
    SerialsAction.FREEZE: (_may_freeze, _frozen),
    SerialsAction.UNFREEZE: (_may_unfreeze, _held_again),
    SerialsAction.INVALIDATE: (_may_invalidate, _invalidated),
}

# Which fact each action on a batch sets, or takes back.
_ON_BATCH: Mapping[BatchAction, tuple[str, bool]] = {
    BatchAction.FREEZE: ("frozen", True),
    BatchAction.UNFREEZE: ("frozen", False),
    BatchAction.INVALIDATE: ("invalidated", True),
    BatchAction.EXPORT: ("exported", True),
}


def _check_batch(state: State, batch: CreditBatch, action: BatchAction) -> Refusal | None:
    facts = state.facts_of(batch.id)
    match action:
        case BatchAction.UNFREEZE:
            if facts.frozen is None:
                return CreditsNotFrozen(path=("batch",), serials=str(batch.serials))
        case BatchAction.EXPORT:
            problem: Refusal | CreditsExported | None = check_not_exported(batch, state)
            if problem is not None or facts.invalidated is not None:
                return problem or check_movable(batch, state)
        case BatchAction.FREEZE:
            return check_movable(batch, state)
        case BatchAction.INVALIDATE:
            if facts.invalidated is not None:
                return check_movable(batch, state)
    return None
