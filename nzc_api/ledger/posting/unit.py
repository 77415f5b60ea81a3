"""What stands or falls together: commands under one idempotency key, and how they are decided."""

from typing import NamedTuple

from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.decide import Decider, RefusedItem
from nzc_api.ledger.posting.kit.posting import Posting
from nzc_api.ledger.posting.load import Loader
from nzc_api.ledger.posting.state import MoreNeeded
from nzc_api.ledger.posting.verb_table import verb_of
from nzc_api.log.requests import Actor, Request
from nzc_api.log.service import scope_of
from nzc_api.refusal import Refusal


class Unit(NamedTuple):
    """Commands that stand or fall together under one idempotency key: one, or all of a request.

    A refusal's path starts with ``path``, and with the command's number where there are several.
    The outcome's position is that of the first command; the others follow it. ``alone`` is how many tonnes the same
    request ordered before by the word of one person.
    """

    actor: Actor
    request: Request
    commands: tuple[Command, ...]
    path: tuple[str, ...] = ("input",)
    numbered: bool = False
    alone: int = 0

    def where(self, index: int) -> tuple[str, ...]:
        return (*self.path, str(index)) if self.numbered else self.path

    @property
    def key(self) -> tuple[int, str]:
        return scope_of(self.actor), self.request.key

    def malformed(self) -> Refusal | None:
        """What is wrong with its commands whatever the state of the world."""
        for index, command in enumerate(self.commands):
            problem = verb_of(command).form(command)
            if problem is not None:
                return problem.under(*self.where(index))
        return None


async def decide_unit(
    decider: Decider, loader: Loader, unit: Unit, position: int
) -> list[Posting] | Refusal:
    """What all commands of the unit bring about; or why one is refused, and then nothing."""
    mark = decider.state.mark()
    while True:
        try:
            decided = decider.decide_all(unit.commands, position, unit.alone)
        except MoreNeeded as more:
            decider.state.undo_to(mark)
            await loader.load_more(more.account_id)
            continue
        if isinstance(decided, RefusedItem):
            decider.state.undo_to(mark)
            return decided.refusal.under(*unit.where(decided.item))
        return decided
