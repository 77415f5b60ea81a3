"""Proposing, approving and withdrawing what two persons order."""

from typing import Annotated, ClassVar, Self

import strawberry

from nzc_api.log.store import Outcome
from nzc_api.schema.answering import GIVEN, answer, as_shown
from nzc_api.schema.context import Info
from nzc_api.schema.errors import (
    AlreadyCorrected,
    BatchWithdrawn,
    CreditsFrozen,
    CreditsInvalidated,
    InvalidatedInUse,
    MovedSince,
    NotCorrectable,
    OwnProposal,
    ProposalEnded,
    ProposerKeyRevoked,
    SerialsPending,
)
from nzc_api.schema.ledger_mutation import posting
from nzc_api.schema.ledger_payloads import Always, Ranges
from nzc_api.schema.ledger_previews import LedgerPreview
from nzc_api.schema.payloads import AS_OF, REPLAYED, union
from nzc_api.schema.postings import LedgerPosting
from nzc_api.schema.proposals import (
    ApproveProposalInput,
    Proposal,
    ProposeOrderInput,
    WithdrawProposalInput,
    proposal_at,
)
from nzc_api.schema.scalars import BigInt


@strawberry.type(description="An order was proposed; nothing is carried out yet.")
class ProposeOrderSuccess:
    kind: ClassVar[str] = "Proposal"
    field: ClassVar[str] = "proposal"

    proposal: Proposal = strawberry.field(description="The proposal.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="What was proposed is carried out.")
class ApproveProposalSuccess:
    kind: ClassVar[str] = "LedgerPosting"
    field: ClassVar[str] = "posting"

    posting: LedgerPosting = strawberry.field(
        description="The order: the correction or the invalidation."
    )
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)


@strawberry.type(description="A proposal was withdrawn; nothing was carried out.")
class WithdrawProposalSuccess:
    proposal: Proposal = strawberry.field(description="The proposal.")
    replayed: bool = strawberry.field(description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(description=AS_OF)

    @classmethod
    async def of_outcome(cls, info: Info, outcome: Outcome) -> Self:
        """The success of an outcome at the entry that ended the proposal."""
        assert outcome.position is not None
        entry = await info.context.loaders.entry.load(outcome.position)
        assert entry is not None
        proposal = await proposal_at(info, entry.subject_id)
        return cls(proposal=proposal, replayed=outcome.replayed, as_of_position=as_shown(outcome))


# Why what is proposed cannot be carried out.
Refused = (
    NotCorrectable
    | InvalidatedInUse
    | AlreadyCorrected
    | MovedSince
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


@strawberry.type
class ProposalMutation:
    @strawberry.mutation(
        description="Propose a correction or an invalidation for another person to approve: the way for more tonnes "
        "than one may order alone. What would refuse the order today refuses the proposal. For registries of the "
        "programme."
    )
    async def propose_order(
        self, info: Info, input: Annotated[ProposeOrderInput, GIVEN]
    ) -> ProposeOrderPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, ProposeOrderSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Approve what another person proposed: the order is decided now, and carried out. Where it is "
        "refused, the proposal stays open. For registries of the programme, with another API key than proposed it."
    )
    async def approve_proposal(
        self, info: Info, input: Annotated[ApproveProposalInput, GIVEN]
    ) -> ApproveProposalPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, ApproveProposalSuccess, LedgerPreview)

    @strawberry.mutation(
        description="Give a proposal up; nothing is carried out. For registries of the programme, with any of their "
        "keys."
    )
    async def withdraw_proposal(
        self, info: Info, input: Annotated[WithdrawProposalInput, GIVEN]
    ) -> WithdrawProposalPayload:
        verb = posting(info, input)
        return await answer(info, input, verb, WithdrawProposalSuccess, LedgerPreview)
