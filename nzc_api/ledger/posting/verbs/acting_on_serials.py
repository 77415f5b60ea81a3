"""Freezing, unfreezing and invalidating exact serials, by order of a court or of their registry: they move."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from nzc_api.grounds import Grounds, check_grounds
from nzc_api.ids import Position
from nzc_api.ledger.errors.orders import CreditsNotFrozen
from nzc_api.ledger.model import AccountKey, AccountKind, CreditBatch, Lot, serials_text
from nzc_api.ledger.posting.kit.needs import CreditedAccounts, Needs
from nzc_api.ledger.posting.kit.pieces import cut, lots_of
from nzc_api.ledger.posting.kit.posting import Decision, Piece, Posting, holding_of, move
from nzc_api.ledger.posting.kit.verb import Correction, Verb
from nzc_api.ledger.posting.rules.kept_back import check_movable
from nzc_api.ledger.posting.rules.quantity import check_range
from nzc_api.ledger.posting.rules.used_once import WHY_NOT_HELD, check_held
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import Refusal


class SerialsAction(StrEnum):
    """What can be done to exact serials by order of a court or of their registry."""

    FREEZE = "FREEZE"
    UNFREEZE = "UNFREEZE"
    INVALIDATE = "INVALIDATE"


@dataclass(frozen=True, slots=True)
class ActOnSerials:
    serials: SerialRange
    programme: str
    action: SerialsAction
    grounds: Grounds


def malformed(command: ActOnSerials) -> Refusal | None:
    problem = check_range(command.serials)
    return problem.under("target") if problem else check_grounds(command.grounds)


def needs(command: ActOnSerials) -> Needs:
    return Needs(serials=command.serials, credited=CreditedAccounts.OWN)


def act_on_serials(state: State, command: ActOnSerials, position: Position) -> Decision:
    """Freeze exact serials, a tonne each, unfreeze or invalidate them, by order, whoever has them.

    Refused: serials that are not all of one issued batch of the programme, or in too many lots (`TooFragmented`); such
    as are not held (to be frozen), not frozen (to be unfrozen), requested or invalidated (to be invalidated); and what
    holds of the whole batch, where that is in the way.
    """
    pieces = _pieces(state, command)
    if isinstance(pieces, Refusal):
        return replace(pieces, path=("target", "serials"))
    facts = {"programme": command.programme, "quantity": command.serials.quantity}
    kind = _ACTIONS[command.action].kind
    return move(state, position, kind, pieces, facts, (command.grounds,))


def takes_two(command: ActOnSerials) -> bool:
    return command.action is SerialsAction.INVALIDATE


def proposed(command: ActOnSerials, decided: Posting) -> Mapping[str, int]:
    batch_id, serials = decided.movements[0].batch_id, command.serials
    return {"batch_id": batch_id, "lo": serials.lo, "hi": serials.hi}


VERB = Verb(
    name="actOnSerials",
    command=ActOnSerials,
    malformed=malformed,
    needs=needs,
    decide=act_on_serials,
    kinds={
        EntryKind.CREDITS_FROZEN: None,
        EntryKind.CREDITS_UNFROZEN: None,
        # What had been retired or used by then is what that is for no more.
        EntryKind.CREDITS_INVALIDATED: Correction(
            back_to=(AccountKind.HOLDING, AccountKind.FROZEN)
        ),
    },
    takes_two=takes_two,
    proposed=proposed,
    is_order=True,
)


def _pieces(state: State, command: ActOnSerials) -> list[tuple[Piece, AccountKey]] | Refusal:
    """Each piece of the serials, and the account that it goes to."""
    found = lots_of(state, command.serials, command.programme)
    if isinstance(found, Refusal):
        return found
    batch, lots = found
    lo, hi = command.serials.lo, command.serials.hi
    action = _ACTIONS[command.action]
    return action.check(state, batch, lots, lo, hi) or [
        (piece, action.target(state.account_keys[piece.lot.account_id], batch))
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


class _Action(NamedTuple):
    """What the log says of an action, what it asks of serials, and where they go."""

    kind: EntryKind
    check: Callable[[State, CreditBatch, list[Lot], int, int], Refusal | None]
    target: Callable[[AccountKey, CreditBatch], AccountKey]


_ACTIONS: Mapping[SerialsAction, _Action] = {
    SerialsAction.FREEZE: _Action(EntryKind.CREDITS_FROZEN, _may_freeze, _frozen),
    SerialsAction.UNFREEZE: _Action(EntryKind.CREDITS_UNFROZEN, _may_unfreeze, _held_again),
    SerialsAction.INVALIDATE: _Action(EntryKind.CREDITS_INVALIDATED, _may_invalidate, _invalidated),
}
