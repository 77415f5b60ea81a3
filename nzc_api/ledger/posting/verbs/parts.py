"""Which part of a request is confirmed; the rest is still set aside."""

from nzc_api.ledger.errors import InsufficientCredits, SerialsNotSetAside, TooManyParts
from nzc_api.ledger.model import CreditBatch, RetirementRequest
from nzc_api.ledger.posting.commands import ConfirmRetirement
from nzc_api.ledger.posting.rules.quantity import check_quantity
from nzc_api.ledger.posting.verbs.posting import Piece, tonnes_of
from nzc_api.ledger.serials import SerialRange
from nzc_api.refusal import Refusal

# In how many parts a request is confirmed, beside what is left in the end.
MOST_PARTS = 100


def part_of(
    left: list[Piece], found: RetirementRequest, batch: CreditBatch, command: ConfirmRetirement
) -> list[Piece] | Refusal:
    """Which pieces of what a request still sets aside are confirmed: all, unless the command says which."""
    pieces: list[Piece] | Refusal = left
    if command.serials is not None:
        pieces = _pieces_among(left, found, batch, command.serials, command.quantity)
    elif command.quantity is not None:
        pieces = _lowest(left, command.quantity)
    if isinstance(pieces, Refusal) or tonnes_of(pieces) == tonnes_of(left):
        return pieces
    return _check_parts(found) or pieces


def _pieces_among(
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
    among = [Piece(p.lot, max(p.lo, lo), min(p.hi, hi)) for p in left if p.lo < hi and lo < p.hi]
    block = batch.serials
    of_batch = (serials.registry, serials.prefix) == (block.registry, block.prefix)
    if of_batch and tonnes_of(among) == serials.quantity:
        return among
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
