"""What is given to propose an order, to approve one and to withdraw it; and what proposals are narrowed to."""

from datetime import datetime

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.grounds import Grounds
from nzc_api.ids import ProposalId
from nzc_api.ledger.posting.command import Proposable
from nzc_api.ledger.posting.verbs.acting_on_serials import SerialsAction
from nzc_api.ledger.posting.verbs.approving import ApproveProposal
from nzc_api.ledger.posting.verbs.correcting import CorrectPosting
from nzc_api.ledger.posting.verbs.proposing import ProposeOrder
from nzc_api.ledger.posting.verbs.withdrawing import WithdrawProposal
from nzc_api.ledger.proposing.proposals import ProposalFilter, ProposalState
from nzc_api.schema.credits.filters import ALL
from nzc_api.schema.credits.inputs import DRY_RUN
from nzc_api.schema.credits.order_inputs import KEY, POSTINGS, CreditsTargetInput
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import PROPOSAL
from nzc_api.schema.programmes.types import ProgrammeCode


@strawberry.input(description=f"What a list of proposals is narrowed to: {ALL}")
class ProposalFilterInput:
    programme: ProgrammeCode | None = strawberry.field(
        default=None, description="Of credits of this programme."
    )
    state: ProposalState | None = strawberry.field(
        default=None, description="This has become of it, by now."
    )

    def narrowed(self, seen: frozenset[str]) -> ProposalFilter:
        """Of the programmes that whoever asks sees."""
        wanted = seen if self.programme is None else seen & {self.programme}
        return ProposalFilter(wanted, self.state)


@strawberry.input(
    description="What is proposed: a correction or an invalidation, as the mutation of that name would carry it out.",
    one_of=True,
)
class ProposedOrderInput:
    correct_posting: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The posting to correct: what `correctPosting` takes.",
    )
    invalidate_credits: CreditsTargetInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="The credits to invalidate: what `invalidateCredits` takes.",
    )

    def order(self, ids: Ids, grounds: Grounds) -> Proposable:
        if self.invalidate_credits:
            return self.invalidate_credits.command(ids, SerialsAction.INVALIDATE, grounds)
        path = ("input", "order", "correctPosting")
        posting = ids.position(self.correct_posting or "", *path, kinds=POSTINGS)
        return CorrectPosting(posting, "", grounds)


@strawberry.input(description="An order for another person to approve, and why.")
class ProposeOrderInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    order: ProposedOrderInput = strawberry.field(description="The order.")
    document: str = strawberry.field(
        description="The document that orders it, or shows the error. 1 to 200 characters."
    )
    reason: str = strawberry.field(description="Why: 1 to 1000 characters.")
    expires_at: datetime | None = strawberry.field(
        default=None,
        description="Until when it can be approved: within a year. Default: in seven days.",
    )

    def command(self, ids: Ids, caller: Principal) -> ProposeOrder:
        grounds = Grounds(self.document, self.reason)
        return ProposeOrder(self.order.order(ids, grounds), self.expires_at)


@strawberry.input(description="A proposal of another person to carry out.")
class ApproveProposalInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    proposal: strawberry.ID = strawberry.field(description="The proposal.")

    def command(self, ids: Ids, caller: Principal) -> ApproveProposal:
        return ApproveProposal(_proposal(ids, self.proposal), "", caller.api_key_id)


@strawberry.input(description="A proposal to give up.")
class WithdrawProposalInput:
    idempotency_key: str = strawberry.field(description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    proposal: strawberry.ID = strawberry.field(description="The proposal.")

    def command(self, ids: Ids, caller: Principal) -> WithdrawProposal:
        return WithdrawProposal(_proposal(ids, self.proposal), "")


def _proposal(ids: Ids, given: strawberry.ID) -> ProposalId:
    return ids.read(given, "input", "proposal", kind=PROPOSAL)
