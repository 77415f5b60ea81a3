"""Orders that two persons give: one proposes, another approves, and only then they are carried out."""

from dataclasses import replace
from datetime import datetime, timedelta

from nzc_api.ledger.posting.commands import (
    ActOnBatch,
    ActOnSerials,
    ApproveProposal,
    CorrectPosting,
    Proposable,
    ProposeOrder,
    WithdrawProposal,
)
from nzc_api.ledger.posting.kinds import kind_of
from nzc_api.ledger.posting.rules.kept_back import check_standing
from nzc_api.ledger.posting.rules.two_persons import check_second, open_proposal
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verbs.acting import act_on_batch, act_on_serials
from nzc_api.ledger.posting.verbs.correcting import correct
from nzc_api.ledger.posting.verbs.dates import check_expiry
from nzc_api.ledger.posting.verbs.posting import Decision, Posting, ProposalClosed, Proposed
from nzc_api.ledger.proposing.proposals import Proposal, ProposalState
from nzc_api.refusal import Refusal

# How long a proposal waits, where nothing else is said.
USUAL_WAIT = timedelta(days=7)


def order(state: State, command: Proposable, position: int) -> Decision:
    """Carry an order out."""
    match command:
        case ActOnSerials():
            return act_on_serials(state, command, position)
        case ActOnBatch():
            return act_on_batch(state, command, position)
        case CorrectPosting():
            return correct(state, command, position)


def propose(state: State, command: ProposeOrder, position: int) -> Decision:
    """Let an order wait; what would refuse it today refuses the proposal."""
    expires_at = command.expires_at or state.now + USUAL_WAIT
    problem = check_expiry(expires_at, state.now)
    if problem is not None:
        return problem
    mark = state.mark()
    decided = order(state, command.order, position)
    state.undo_to(mark)
    if isinstance(decided, Refusal):
        return replace(decided, path=("order",))
    proposed = _proposed(command.order, decided, expires_at)
    facts = {
        "programme": proposed.programme, "quantity": proposed.quantity, "order": kind_of(command.order),
        "corrects": proposed.posting_id, "batch": proposed.batch_id, "lo": proposed.lo, "hi": proposed.hi,
        "expires_at": expires_at.isoformat(),
    }  # fmt: skip
    return Posting(position, facts, effects=(proposed, command.order.grounds))


def approve(state: State, command: ApproveProposal, position: int) -> Decision:
    """Carry out what was proposed, as it is decided now; where it is refused, the proposal stays open."""
    found = open_proposal(state, command.proposal_id, command.programme)
    if isinstance(found, Refusal):
        return found
    decided = (
        check_second(found, command)
        or _check_same_batch(state, found)
        or order(state, found.order, position)
    )
    if isinstance(decided, Refusal):
        return replace(decided, path=("proposal",))
    state.end_proposal(found.id, position, ProposalState.APPROVED)
    return decided._replace(
        facts={**decided.facts, "proposal": found.id},
        effects=(*decided.effects, ProposalClosed(found.id, ProposalState.APPROVED)),
        kind=kind_of(found.order),
    )


def withdraw(state: State, command: WithdrawProposal, position: int) -> Decision:
    """End a proposal, and do nothing."""
    found = open_proposal(state, command.proposal_id, command.programme)
    if isinstance(found, Refusal):
        return found
    state.end_proposal(found.id, position, ProposalState.WITHDRAWN)
    closed = ProposalClosed(found.id, ProposalState.WITHDRAWN)
    return Posting(position, {"programme": found.programme}, effects=(closed,), subject=found.id)


def _check_same_batch(state: State, found: Proposal) -> Refusal | None:
    """Refuse serials whose batch was taken back: they may be those of another batch by now."""
    return None if found.batch_id is None else check_standing(state.batches[found.batch_id])


def _proposed(command: Proposable, decided: Posting, expires_at: datetime) -> Proposed:
    """What is proposed, as the ledger would carry it out now."""
    proposed = Proposed(command.programme, decided.facts["quantity"], expires_at)
    match command:
        case CorrectPosting():
            return replace(proposed, posting_id=command.posting_id)
        case ActOnBatch():
            return replace(proposed, batch_id=command.batch_id)
        case ActOnSerials():
            batch_id, serials = decided.movements[0].batch_id, command.serials
            return replace(proposed, batch_id=batch_id, lo=serials.lo, hi=serials.hi)
