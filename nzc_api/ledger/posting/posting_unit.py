"""What stands or falls together: commands under one idempotency key, and how they are decided."""

from typing import NamedTuple

from nzc_api.ids import Position
from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.decide import Decider, RefusedItem
from nzc_api.ledger.posting.kit.posting import Posting
from nzc_api.ledger.posting.load import Loader
from nzc_api.ledger.posting.state import MoreNeeded
from nzc_api.ledger.posting.verb_table import verb_of
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Actor, Request
from nzc_api.log.service import scope_of


class PostingUnit(NamedTuple):
    """Commands that stand or fall together under one idempotency key: one, or all of a request.

    ``numbered`` says that there are several: an outcome names the one that is refused. The outcome's position is that
    of the first command; the others follow it. ``alone`` is how many tonnes the same request ordered before by the
    word of one person.
    """

    actor: Actor
    request: Request
    commands: tuple[Command, ...]
    numbered: bool = False
    alone: int = 0

    @property
    def key(self) -> tuple[int, str]:
        return scope_of(self.actor), self.request.key

    def malformed(self) -> Outcome | None:
        """What is wrong with its commands whatever the state of the world."""
        for index, command in enumerate(self.commands):
            problem = verb_of(command).malformed(command)
            if problem is not None:
                return self.refused(RefusedItem(index, problem))
        return None

    def refused(self, refused: RefusedItem, as_of: Position | None = None) -> Outcome:
        """That it was refused, as of a position: for one of its commands."""
        item = refused.item if self.numbered else None
        return Outcome(None, refused.refusal, as_of=as_of, item=item)


async def decide_unit(
    decider: Decider, loader: Loader, unit: PostingUnit, position: Position
) -> list[Posting] | RefusedItem:
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
        return decided
