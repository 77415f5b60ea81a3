"""Confirming a requested retirement, whole or in part; the rest of it is still set aside."""

from dataclasses import dataclass, field
from datetime import date

from nzc_api.ids import Position, RequestId
from nzc_api.later import LATER
from nzc_api.ledger.errors.retiring import InsufficientCredits, SerialsNotSetAside, TooManyParts
from nzc_api.ledger.model import CreditBatch, Order, RetirementRequest
from nzc_api.ledger.posting.kit.dates import check_past_day
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.kit.posting import (
    Decision,
    Effect,
    Piece,
    RequestClosed,
    RequestConfirmedInPart,
    move_all,
    tonnes_of,
)
from nzc_api.ledger.posting.kit.references import check_reference, refer, reference_key
from nzc_api.ledger.posting.kit.requests import open_request, pieces_set_aside
from nzc_api.ledger.posting.kit.retirements import check_usable, facts_of, retirement_of
from nzc_api.ledger.posting.kit.verb import Correction, Verb
from nzc_api.ledger.posting.rules.kept_back import check_movable
from nzc_api.ledger.posting.rules.quantity import check_quantity, check_range, check_tonnes
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import Refusal

# In how many parts a request is confirmed, beside what is left in the end.
MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class ConfirmRetirement:
    """The registry retired what was requested, or a part of it: with its own day and number.

    The part is exact ``serials``, or the lowest ``quantity`` of what is still set aside.
    """

    request_id: RequestId
    programme: str
    retired_on: date
    reference: str
    serials: SerialRange | None = field(default=None, metadata=LATER)
    quantity: int | None = field(default=None, metadata=LATER)


def malformed(command: ConfirmRetirement) -> Refusal | None:
    return check_reference(command.reference) or _check_part(command)


def needs(command: ConfirmRetirement) -> Needs:
    reference = reference_key(command.programme, command.reference)
    return Needs(posting_id=command.request_id, reference=reference)


def confirm(state: State, command: ConfirmRetirement, position: Position) -> Decision:
    """Retire what a request sets aside, or a part of it: a tonne a serial, for the pilot's period that it names.

    Refused: a request that there is not, or that is over (`RequestEnded`), serials that it does not set aside, more
    parts than a request may have, a day to come, a reference that another order has (`ReferenceTaken`), and, as of a
    retirement, what holds its batch back or keeps it from the pilot.
    """
    found = open_request(state, command)
    if isinstance(found, Refusal):
        return found
    left = pieces_set_aside(state, found)
    batch = state.batches[left[0].lot.batch_id]
    pieces = _part_of(left, found, batch, command)
    if isinstance(pieces, Refusal):
        return pieces
    order = Order(position, command.retired_on, found.pilot_id, found.period_id)
    problem = (
        check_past_day(command.retired_on, state.today, "retired_on")
        or check_movable(batch, state)
        or check_usable(state, batch, found.pilot_id, command.retired_on)
        or refer(state, found.programme, command.reference, order)
    )
    if problem is not None:
        return problem
    facts = facts_of(pieces, found.holder_id, found.programme, found.pilot_id, found.period_id) | {
        "retired_on": str(command.retired_on),
        "reference": command.reference,
        "request": found.id,
    }
    effect: Effect
    if tonnes_of(pieces) == tonnes_of(left):
        state.end_request(found.id, position)
        effect = RequestClosed(found.id, None)
    else:
        state.confirm_part(found.id, position, tonnes_of(pieces))
        effect = RequestConfirmedInPart(found.id)
    target = retirement_of(found.pilot_id, found.period_id)
    return move_all(state, position, EntryKind.CREDITS_RETIRED, pieces, target, facts, effect)


VERB = Verb(
    name="confirmRetirement",
    command=ConfirmRetirement,
    malformed=malformed,
    needs=needs,
    decide=confirm,
    kinds={EntryKind.CREDITS_RETIRED: Correction()},
)


def _check_part(command: ConfirmRetirement) -> Refusal | None:
    if command.serials is not None:
        return check_range(command.serials)
    return None if command.quantity is None else check_tonnes(command.quantity)


def _part_of(
    left: list[Piece], found: RetirementRequest, batch: CreditBatch, command: ConfirmRetirement
) -> list[Piece] | Refusal:
    """Which pieces of what a request still sets aside are confirmed: all, unless the command says which."""
    pieces: list[Piece] | Refusal = left
    if command.serials is not None:
        pieces = _pieces_within(left, found, batch, command.serials, command.quantity)
    elif command.quantity is not None:
        pieces = _lowest(left, command.quantity)
    if isinstance(pieces, Refusal) or tonnes_of(pieces) == tonnes_of(left):
        return pieces
    return _check_parts(found) or pieces


def _pieces_within(
    left: list[Piece],
    found: RetirementRequest,
    batch: CreditBatch,
    serials: SerialRange,
    stated: int | None,
) -> list[Piece] | Refusal:
    problem = check_quantity(serials, stated)
    if problem is not None:
        return problem
    lo, hi = serials.lo, serials.hi
    confirmed = [
        Piece(p.lot, max(p.lo, lo), min(p.hi, hi)) for p in left if p.lo < hi and lo < p.hi
    ]
    block = batch.serials
    of_batch = (serials.registry, serials.prefix) == (block.registry, block.prefix)
    if of_batch and tonnes_of(confirmed) == serials.quantity:
        return confirmed
    return SerialsNotSetAside(path=("serials",), serials=str(serials), request_id=found.id)


def _lowest(left: list[Piece], tonnes: int) -> list[Piece] | Refusal:
    pieces: list[Piece] = []
    missing = tonnes
    for piece in left:
        pieces.append(Piece(piece.lot, piece.lo, min(piece.hi, piece.lo + missing)))
        missing -= pieces[-1].tonnes
        if missing == 0:
            return pieces
    return InsufficientCredits(
        path=("quantity",), requested=tonnes, available=tonnes - missing, excluded=0
    )


def _check_parts(found: RetirementRequest) -> TooManyParts | None:
    if len(found.parts) < MOST_PARTS:
        return None
    return TooManyParts(path=("request",), request_id=found.id, most=MOST_PARTS)
