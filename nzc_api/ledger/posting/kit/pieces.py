"""Which serials a command is about: of which batch, in which lots."""

from typing import Protocol

from nzc_api.access.errors import organisation_not_found
from nzc_api.ids import OrganisationId
from nzc_api.ledger.errors.retiring import SerialRangeSpansBatches, SerialsNotIssued, TooFragmented
from nzc_api.ledger.model import CreditBatch, Lot
from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.kit.posting import Piece
from nzc_api.ledger.posting.rules.kept_back import check_movable
from nzc_api.ledger.posting.rules.quantity import check_quantity
from nzc_api.ledger.posting.rules.used_once import check_held
from nzc_api.ledger.posting.state import MOST_LOTS, State
from nzc_api.ledger.serials import SerialRange
from nzc_api.refusal import Refusal


class OfSerials(Command, Protocol):
    """What names exact serials that somebody holds, and how many they are said to be."""

    @property
    def serials(self) -> SerialRange: ...
    @property
    def quantity(self) -> int | None: ...


def pieces_held(
    state: State, command: OfSerials, holder_id: OrganisationId | None, field: str = "holder"
) -> list[Piece] | Refusal:
    """The pieces of the serials that a command names, all held by one holder and free to move."""
    problem = check_quantity(command.serials, command.quantity) or check_organisation(
        state, holder_id, field
    )
    if problem is not None:
        return problem
    found = lots_of(state, command.serials, command.programme)
    if isinstance(found, Refusal):
        return found
    batch, lots = found
    lo, hi = command.serials.lo, command.serials.hi
    problem = check_held(state, batch, lots, lo, hi, holder_id) or check_movable(batch, state)
    return problem or cut(lots, lo, hi)


def lots_of(
    state: State, serials: SerialRange, programme: str
) -> tuple[CreditBatch, list[Lot]] | Refusal:
    """The batch that a range lies in, and the lots that hold it."""
    batch = batch_of(state, serials, programme)
    if isinstance(batch, Refusal):
        return batch
    lots = state.lots.covering(batch.id, serials.lo, serials.hi)
    if len(lots) > MOST_LOTS:
        return TooFragmented(most=MOST_LOTS, path=("serials",))
    return batch, lots


def batch_of(state: State, serials: SerialRange, programme: str) -> CreditBatch | Refusal:
    """The one batch that a range lies in."""
    found = [b for b in state.blocks.meeting(serials) if b.programme == programme]
    lo, hi, covered = serials.lo, serials.hi, 0
    for batch in found:
        covered += min(batch.serials.hi, hi) - max(batch.serials.lo, lo)
    if covered < hi - lo:
        return SerialsNotIssued(path=("serials",), serials=str(serials), programme=programme)
    if len(found) > 1:
        return SerialRangeSpansBatches.of(str(serials), [(b.id, str(b.serials)) for b in found])
    return found[0]


def cut(lots: list[Lot], lo: int, hi: int) -> list[Piece]:
    """The parts of the lots that lie in the range."""
    return [Piece(lot, max(lot.lo, lo), min(lot.hi, hi)) for lot in lots]


def check_organisation(
    state: State, organisation_id: OrganisationId | None, field: str
) -> Refusal | None:
    if organisation_id is None or organisation_id in state.organisations:
        return None
    return organisation_not_found(organisation_id, field)
