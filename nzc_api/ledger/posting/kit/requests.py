"""Requests for retirement that are open, and what they set aside."""

from typing import Protocol

from nzc_api.ids import Position, RequestId
from nzc_api.ledger.errors.retiring import RequestEnded
from nzc_api.ledger.model import RetirementRequest
from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.kit.pieces import cut
from nzc_api.ledger.posting.kit.posting import Piece
from nzc_api.ledger.posting.state import State
from nzc_api.refusal import NotFound, Refusal


class OfRequest(Command, Protocol):
    """What is about a request."""

    @property
    def request_id(self) -> RequestId: ...


def open_request(state: State, command: OfRequest) -> RetirementRequest | Refusal:
    """The request that a command is about; or why it can be neither confirmed nor ended."""
    found = state.requests.get(command.request_id)
    if found is None or found.programme != command.programme:
        return NotFound.born_at(command.request_id, "注销申请", "retirement request", "request")
    if found.end is not None:
        return RequestEnded(path=("request",), request_id=found.id, position=found.end)
    return found


def pieces_set_aside(state: State, found: RetirementRequest) -> list[Piece]:
    """What a request still sets aside, in order of its serials; where else its other serials went, in however many
    lots, need not be known."""
    pieces: list[Piece] = []
    requested_at = Position(found.id)
    for moved in state.posted[found.id].movements:
        lots = state.lots.known_in(moved.batch_id, moved.lo, moved.hi)
        pieces += cut([lot for lot in lots if lot.since == requested_at], moved.lo, moved.hi)
    return pieces
