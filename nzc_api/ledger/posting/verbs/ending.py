"""Ending a requested retirement without one: what was set aside goes back to its holder."""

from dataclasses import dataclass

from nzc_api.ids import Position, RequestId
from nzc_api.ledger.model import RequestEnd
from nzc_api.ledger.posting.kit.needs import CreditedAccounts, Needs
from nzc_api.ledger.posting.kit.posting import (
    Decision,
    RequestClosed,
    holding_of,
    move_all,
    tonnes_of,
)
from nzc_api.ledger.posting.kit.requests import open_request, pieces_set_aside
from nzc_api.ledger.posting.kit.verb import Verb
from nzc_api.ledger.posting.state import State
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import InvalidInput, Refusal

KINDS = {
    RequestEnd.CANCELLED: EntryKind.RETIREMENT_REQUEST_CANCELLED,
    RequestEnd.EXPIRED: EntryKind.RETIREMENT_REQUEST_EXPIRED,
}


@dataclass(frozen=True, slots=True)
class EndRequest:
    """Give what was requested back to its holder: cancelled, or past its time."""

    request_id: RequestId
    programme: str
    end: RequestEnd


def needs(command: EndRequest) -> Needs:
    return Needs(posting_id=command.request_id, credited=CreditedAccounts.OWN)


def end_request(state: State, command: EndRequest, position: Position) -> Decision:
    """Give back to the holder, serial by serial, what a request still sets aside.

    Refused: a request that there is not, or that is over (`RequestEnded`); as expired, one whose time is not over.
    """
    found = open_request(state, command)
    if isinstance(found, Refusal):
        return found
    if command.end is RequestEnd.EXPIRED and state.now < found.expires_at:
        return InvalidInput(
            path=("request",),
            value=found.expires_at.isoformat(),
            expected_zh="已过有效期的注销申请",
            expected_en="a request whose time is over",
        )
    pieces = pieces_set_aside(state, found)
    facts = {"request": found.id, "programme": found.programme, "quantity": tonnes_of(pieces)}
    state.end_request(found.id, position)
    target = holding_of(found.holder_id, found.programme)
    closed = RequestClosed(found.id, command.end)
    return move_all(state, position, KINDS[command.end], pieces, target, facts, closed)


VERB = Verb(
    name="endRetirementRequest",
    command=EndRequest,
    needs=needs,
    decide=end_request,
    kinds=dict.fromkeys(KINDS.values()),
    is_order=True,
)
