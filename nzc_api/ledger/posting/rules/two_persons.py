"""Two persons: what corrects or invalidates many tonnes is proposed by one and approved by another. Pure."""

from nzc_api.ids import ApiKeyId, ProposalId
from nzc_api.ledger.errors.orders import (
    OwnProposal,
    ProposalEnded,
    ProposerKeyRevoked,
    SecondPersonNeeded,
)
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.proposing.proposals import Proposal, ProposalState
from nzc_api.refusal import NotFound, Refusal


def check_alone(tonnes: int, most: int | None) -> SecondPersonNeeded | None:
    """Refuse more tonnes than one person may correct and invalidate in a request; None: any."""
    if most is None or tonnes <= most:
        return None
    return SecondPersonNeeded(ordered_quantity=tonnes, limit_quantity=most)


def check_second(found: Proposal, api_key_id: ApiKeyId) -> Refusal | None:
    """Refuse an approval by the key that proposed, and where nobody stands for the proposal any more."""
    if api_key_id == found.api_key_id:
        return OwnProposal(path=("proposal",), proposal_id=found.id)
    if found.revoked is not None:
        return ProposerKeyRevoked(path=("proposal",), proposal_id=found.id, position=found.revoked)
    return None


def open_proposal(state: State, proposal_id: ProposalId, programme: str) -> Proposal | Refusal:
    """The proposal of the programme; or why it can be neither approved nor withdrawn."""
    found = state.proposals.get(proposal_id)
    if found is None or found.programme != programme:
        return NotFound.born_at(proposal_id, "复核申请", "proposal", "proposal")
    now = found.state(state.now)
    if now is ProposalState.OPEN:
        return found
    return ProposalEnded(
        path=("proposal",),
        proposal_id=found.id,
        state=now,
        expires_at=found.expires_at.isoformat(),
        ended_position=found.ended,
    )
