"""Withdrawing a proposal: it is ended, and nothing is done."""

from dataclasses import dataclass

from nzc_api.ids import Position, ProposalId
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.kit.posting import Decision, Posting, ProposalClosed
from nzc_api.ledger.posting.kit.verb import Verb
from nzc_api.ledger.posting.rules.two_persons import open_proposal
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.proposing.proposals import ProposalState
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import Refusal

KIND = EntryKind.PROPOSAL_WITHDRAWN


@dataclass(frozen=True, slots=True)
class WithdrawProposal:
    proposal_id: ProposalId
    programme: str


def needs(command: WithdrawProposal) -> Needs:
    return Needs(proposal_id=command.proposal_id)


def withdraw(state: State, command: WithdrawProposal, position: Position) -> Decision:
    """Give an order up that waits for a second person.

    Refused: a proposal that there is not in the programme, or that is over (`ProposalEnded`).
    """
    found = open_proposal(state, command.proposal_id, command.programme)
    if isinstance(found, Refusal):
        return found
    state.end_proposal(found.id, position, ProposalState.WITHDRAWN)
    closed = ProposalClosed(found.id, ProposalState.WITHDRAWN)
    facts = {"programme": found.programme}
    return Posting(position, KIND, facts, effects=(closed,), subject=found.id)


VERB = Verb(
    name="withdrawProposal",
    command=WithdrawProposal,
    needs=needs,
    decide=withdraw,
    kinds={KIND: None},
)
