"""Deciding: what a command does to the state, or why it does nothing. Pure."""

from collections.abc import Mapping

from nzc_api.ledger.commands import (
    ActOnBatch,
    ActOnSerials,
    Command,
    ConfirmRetirement,
    CorrectPosting,
    EndRequest,
    IssueCredits,
    RequestRetirement,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
    UseCredits,
)
from nzc_api.ledger.programmes import Programme
from nzc_api.ledger.state import State
from nzc_api.ledger.verbs.acting import act_on_batch, act_on_serials
from nzc_api.ledger.verbs.correcting import correct
from nzc_api.ledger.verbs.issuing import issue
from nzc_api.ledger.verbs.posting import Decision
from nzc_api.ledger.verbs.retiring import confirm, end_request, request, retire
from nzc_api.ledger.verbs.transferring import transfer
from nzc_api.ledger.verbs.using import use


class Decider:
    """Decides commands one after another on one state."""

    def __init__(self, state: State, programmes: Mapping[str, Programme]) -> None:
        self.state = state
        self._programmes = programmes

    def decide(self, command: Command, position: int) -> Decision:  # noqa: PLR0911  (a verb each)
        """Decide one well-formed command; if it is accepted, it happened at ``position``.

        Raises ``MoreNeeded``, and changes nothing, where too few of a holder's lots are known.
        """
        state = self.state
        match command:
            case IssueCredits():
                return issue(state, self._programmes, command, position)
            case TransferCredits():
                return transfer(state, command, position)
            case RetireSerials() | RetireQuantity():
                return retire(state, command, position)
            case RequestRetirement():
                return request(state, command, position)
            case ConfirmRetirement():
                return confirm(state, command, position)
            case EndRequest():
                return end_request(state, command, position)
            case UseCredits():
                return use(state, command, position)
            case ActOnSerials():
                return act_on_serials(state, command, position)
            case ActOnBatch():
                return act_on_batch(state, command, position)
            case CorrectPosting():
                return correct(state, command, position)
