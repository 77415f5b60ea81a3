"""Deciding: what a command does to the state, or why it does nothing. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from nzc_api.ids import Position
from nzc_api.ledger.errors.orders import ItemsConflict
from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.kit.posting import Decision, Posting
from nzc_api.ledger.posting.rules.two_persons import check_alone
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verb_table import verb_of
from nzc_api.refusal import Refusal


class RefusedItem(NamedTuple):
    """Which of several commands is refused, from 0, and why."""

    item: int
    refusal: Refusal


class Decider:
    """Decides commands one after another on one state. Of more tonnes than ``most_alone``, two persons order what
    is corrected or invalidated (None: of any, one does)."""

    def __init__(self, state: State, most_alone: int | None = None) -> None:
        self.state = state
        self._most_alone = most_alone

    def decide(self, command: Command, position: Position) -> Decision:
        """Decide one well-formed command; if it is accepted, it happened at ``position``.

        Raises ``MoreNeeded``, and changes nothing, where too few of a holder's lots are known.
        """
        return verb_of(command).decide(self.state, command, position)

    def decide_all(
        self, commands: Sequence[Command], position: Position, alone: int = 0
    ) -> list[Posting] | RefusedItem:
        """Decide commands that stand or fall together; the first of them happens at ``position``. So many tonnes
        were ordered ``alone`` by the same request before.

        Where one is refused, the caller undoes what was decided.
        """
        marks: list[int] = []
        postings: list[Posting] = []
        for item, command in enumerate(commands):
            marks.append(self.state.mark())
            decision = self.decide(command, Position(position + item))
            if isinstance(decision, Refusal):
                return RefusedItem(item, self.without_items(command, position, marks, decision))
            alone += _tonnes_alone(command, decision)
            problem = check_alone(alone, self._most_alone)
            if problem is not None:
                return RefusedItem(item, problem)
            postings.append(decision)
        return postings

    def without_items(
        self, command: Command, position: Position, marks: Sequence[int], refused: Refusal
    ) -> Refusal:
        """Why a command is refused where nothing is done of those before it, whose ``marks`` these are: what it
        is refused for without them, or else the last of them without which it would be accepted."""
        for item in reversed(range(len(marks) - 1)):
            self.state.undo_to(marks[item])
            decision = self.decide(command, Position(position + item))
            if not isinstance(decision, Refusal):
                return ItemsConflict.of(refused, item)
            refused = decision
        return refused


def _tonnes_alone(command: Command, posting: Posting) -> int:
    """How many tonnes a command orders by the word of one person of which many take two."""
    return int(posting.facts["quantity"]) if verb_of(command).takes_two(command) else 0
