"""Approving what another person proposed: only then it is carried out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from nzc_api.ids import ApiKeyId, Position, ProposalId
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.kit.posting import Decision, ProposalClosed
from nzc_api.ledger.posting.kit.verb import Verb
from nzc_api.ledger.posting.rules.kept_back import check_standing
from nzc_api.ledger.posting.rules.two_persons import check_second, open_proposal
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.proposing.proposals import Proposal, ProposalState
from nzc_api.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ApproveProposal:
    """Carry out what another person proposed; ``api_key_id`` is the key of who approves."""

    proposal_id: ProposalId
    programme: str
    api_key_id: ApiKeyId


def needs(command: ApproveProposal) -> Needs:
    return Needs(proposal_id=command.proposal_id, carries_out=True)


def approve(
    verbs: Mapping[type, Verb[Any]], state: State, command: ApproveProposal, position: Position
) -> Decision:
    """Carry out what was proposed, as it is decided now; where it is refused, the proposal stays open."""
    found = open_proposal(state, command.proposal_id, command.programme)
    if isinstance(found, Refusal):
        return found
    decided = (
        check_second(found, command.api_key_id)
        or _check_same_batch(state, found)
        or verbs[type(found.order)].decide(state, found.order, position)
    )
    if isinstance(decided, Refusal):
        return replace(decided, path=("proposal",))
    state.end_proposal(found.id, position, ProposalState.APPROVED)
    return decided._replace(
        facts={**decided.facts, "proposal": found.id},
        effects=(*decided.effects, ProposalClosed(found.id, ProposalState.APPROVED)),
    )


def verb(verbs: Mapping[type, Verb[Any]]) -> Verb[ApproveProposal]:
    """Approving what these verbs order, by their commands; the log says what it says of the order."""
    return Verb(
        name="approveProposal",
        command=ApproveProposal,
        needs=needs,
        decide=partial(approve, verbs),
        kinds={},
    )


def _check_same_batch(state: State, found: Proposal) -> Refusal | None:
    """Refuse serials whose batch was taken back: they may be those of another batch by now."""
    return None if found.batch_id is None else check_standing(state.batches[found.batch_id])
