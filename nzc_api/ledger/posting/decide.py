"""Deciding: what a command does to the state, or why it does nothing. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nzc_api.ledger.errors import ItemsConflict
from nzc_api.ledger.posting.commands import (
    ActOnBatch,
    ActOnSerials,
    ApproveProposal,
    Command,
    ConfirmRetirement,
    CorrectPosting,
    EndRequest,
    IssueCredits,
    ProposeOrder,
    RequestRetirement,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
    UseCredits,
    WithdrawProposal,
)
from nzc_api.ledger.posting.rules.two_persons import check_alone, tonnes_alone
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verbs.issuing import issue
from nzc_api.ledger.posting.verbs.posting import Decision, Posting
from nzc_api.ledger.posting.verbs.proposing import approve, order, propose, withdraw
from nzc_api.ledger.posting.verbs.retiring import confirm, end_request, request, retire
from nzc_api.ledger.posting.verbs.transferring import transfer
from nzc_api.ledger.posting.verbs.using import use
from nzc_api.ledger.programmes import Programme
from nzc_api.refusal import Refusal


class RefusedItem(NamedTuple):
    """Which of several commands is refused, from 0, and why."""

    item: int
    refusal: Refusal


class Decider:
    """Decides commands one after another on one state. Of more tonnes than ``most_alone``, two persons order what
    is corrected or invalidated (None: of any, one does)."""

    def __init__(
        self,
        state: State,
        programmes: Mapping[str, Programme],
        most_alone: int | None = None,
    ) -> None:
        self.state = state
        self._programmes = programmes
        self._most_alone = most_alone

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
            case ActOnSerials() | ActOnBatch() | CorrectPosting():
                return order(state, command, position)
            case ProposeOrder():
                return propose(state, command, position)
            case ApproveProposal():
                return approve(state, command, position)
            case WithdrawProposal():
                return withdraw(state, command, position)

    def decide_all(
        self, commands: Sequence[Command], position: int, alone: int = 0
    ) -> list[Posting] | RefusedItem:
        """Decide commands that stand or fall together; the first of them happens at ``position``. So many tonnes
        were ordered ``alone`` by the same request before.

        Where one is refused, the caller undoes what was decided.
        """
        marks: list[int] = []
        postings: list[Posting] = []
        for item, command in enumerate(commands):
            marks.append(self.state.mark())
            decision = self.decide(command, position + item)
            if isinstance(decision, Refusal):
                return RefusedItem(item, self._without_items(command, position, marks, decision))
            alone += tonnes_alone(command, decision)
            problem = check_alone(alone, self._most_alone)
            if problem is not None:
                return RefusedItem(item, problem)
            postings.append(decision)
        return postings

    def _without_items(
        self, command: Command, position: int, marks: Sequence[int], refused: Refusal
    ) -> Refusal:
        """Why a command is refused where nothing is done of those before it, whose ``marks`` these are: what it
        is refused for without them, or else the last of them without which it would be accepted."""
        for item in reversed(range(len(marks) - 1)):
            self.state.undo_to(marks[item])
            decision = self.decide(command, position + item)
            if not isinstance(decision, Refusal):
                return ItemsConflict.of(refused, item)
            refused = decision
        return refused
