"""What proposing, approving and withdrawing are answered with."""

from typing import Annotated, ClassVar, Self

import strawberry

from nzc_api.log.model import Outcome
from nzc_api.schema.credits.payloads import Always, Ranges
from nzc_api.schema.credits.posting_errors import (
    AlreadyCorrected,
    BatchWithdrawn,
    CreditsExported,
    CreditsFrozen,
    CreditsInvalidated,
    InvalidatedInUse,
    MovedSince,
    NotCorrectable,
    SerialsPending,
)
from nzc_api.schema.credits.postings import LedgerPosting
from nzc_api.schema.credits.previews import LedgerPreview
from nzc_api.schema.credits.proposal_errors import OwnProposal, ProposalEnded, ProposerKeyRevoked
from nzc_api.schema.credits.proposals import Proposal
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import Success, as_shown
from nzc_api.schema.kit.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.kit.scalars import BigInt


@strawberry.type(description="An order was proposed; nothing is carried out yet.")
class ProposeOrderSuccess(Success):
    kind: ClassVar[str] = "Proposal"
    field: ClassVar[str] = "proposal"

    proposal: Proposal = strawberry.field(description="The proposal.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="What was proposed is carried out.")
class ApproveProposalSuccess(Success):
    kind: ClassVar[str] = "LedgerPosting"
    field: ClassVar[str] = "posting"

    posting: LedgerPosting = strawberry.field(
        description="The order: the correction or the invalidation."
    )
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A proposal was withdrawn; nothing was carried out.")
class WithdrawProposalSuccess(Success):
    proposal: Proposal = strawberry.field(description="The proposal.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)

    @classmethod
    async def of_outcome(cls, info: Info, outcome: Outcome) -> Self:
        """The success of an outcome at the entry that ended the proposal."""
        assert outcome.position is not None
        entry = await info.context.loaders.entry.load(outcome.position)
        assert entry is not None
        proposal = await Proposal.at(info, entry.subject_id)
        return cls(proposal=proposal, replayed=outcome.replayed, as_of_position=as_shown(outcome))


# Why what is proposed cannot be carried out.
Refused = (
    NotCorrectable
    | InvalidatedInUse
    | AlreadyCorrected
    | MovedSince
    | CreditsExported
    | CreditsFrozen
    | CreditsInvalidated
    | BatchWithdrawn
    | SerialsPending
    | Ranges
    | Always
)

ProposeOrderPayload = Annotated[
    ProposeOrderSuccess | LedgerPreview | Refused, union("ProposeOrderPayload")
]
ApproveProposalPayload = Annotated[
    ApproveProposalSuccess
    | LedgerPreview
    | ProposalEnded
    | OwnProposal
    | ProposerKeyRevoked
    | Refused,
    union("ApproveProposalPayload"),
]
WithdrawProposalPayload = Annotated[
    WithdrawProposalSuccess | LedgerPreview | ProposalEnded | Always,
    union("WithdrawProposalPayload"),
]
