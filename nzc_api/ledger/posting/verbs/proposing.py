"""Proposing an order for another person to approve: nothing happens yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from nzc_api.ids import Position
from nzc_api.ledger.posting.command import Proposable
from nzc_api.ledger.posting.kit.dates import check_expiry
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.kit.posting import Decision, Posting, Proposed
from nzc_api.ledger.posting.kit.verb import Verb, in_programme
from nzc_api.ledger.posting.state import State
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import Refusal

KIND = EntryKind.ORDER_PROPOSED

# How long a proposal waits, where nothing else is said.
USUAL_WAIT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ProposeOrder:
    """Let an order wait for a second person; ``expires_at`` None: as long as is usual."""

    order: Proposable
    expires_at: datetime | None

    @property
    def programme(self) -> str:
        return self.order.programme


@dataclass(frozen=True, slots=True)
class Proposing:
    """Proposing orders of the verbs that can be proposed, by their commands."""

    verbs: Mapping[type, Verb[Any]]

    def malformed(self, command: ProposeOrder) -> Refusal | None:
        """What is wrong with an order that is proposed; its grounds are those of the proposal."""
        problem = self._verb_of(command).malformed(command.order)
        if problem is None or problem.path[0] != "target":
            return problem
        return replace(problem, path=("order",))

    def needs(self, command: ProposeOrder) -> Needs:
        return self._verb_of(command).needs(command.order)

    def propose(self, state: State, command: ProposeOrder, position: Position) -> Decision:
        """Let an order wait; what would refuse it today refuses the proposal."""
        expires_at = command.expires_at or state.now + USUAL_WAIT
        problem = check_expiry(expires_at, state.now)
        if problem is not None:
            return problem
        verb, mark = self._verb_of(command), state.mark()
        decided = verb.decide(state, command.order, position)
        state.undo_to(mark)
        if isinstance(decided, Refusal):
            return replace(decided, path=("order",))
        assert verb.proposed is not None
        about, tonnes = verb.proposed(command.order, decided), decided.facts["quantity"]
        proposed = Proposed(command.programme, tonnes, expires_at, **about)
        facts = {
            "programme": proposed.programme, "quantity": proposed.quantity, "order": decided.kind,
            "corrects": proposed.posting_id, "batch": proposed.batch_id, "lo": proposed.lo, "hi": proposed.hi,
            "expires_at": expires_at.isoformat(),
        }  # fmt: skip
        return Posting(position, KIND, facts, effects=(proposed, command.order.grounds))

    def _verb_of(self, command: ProposeOrder) -> Verb[Any]:
        return self.verbs[type(command.order)]


def verb(verbs: Mapping[type, Verb[Any]]) -> Verb[ProposeOrder]:
    """Proposing what these verbs order."""
    of_orders = Proposing(verbs)
    return Verb(
        name="proposeOrder",
        command=ProposeOrder,
        malformed=of_orders.malformed,
        needs=of_orders.needs,
        decide=of_orders.propose,
        kinds={KIND: None},
        in_programme=_in_programme,
    )


def _in_programme(command: ProposeOrder, programme: str) -> ProposeOrder:
    return replace(command, order=in_programme(command.order, programme))
