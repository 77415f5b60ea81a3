"""Proposing, approving and withdrawing what two persons order."""

from typing import Annotated

import strawberry

from nzc_api.schema.credits.mutations import post
from nzc_api.schema.credits.proposal_inputs import (
    ApproveProposalInput,
    ProposeOrderInput,
    WithdrawProposalInput,
)
from nzc_api.schema.credits.proposal_payloads import (
    ApproveProposalPayload,
    ApproveProposalSuccess,
    ProposeOrderPayload,
    ProposeOrderSuccess,
    WithdrawProposalPayload,
    WithdrawProposalSuccess,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN


@strawberry.type
class ProposalMutations:
    @strawberry.mutation(
        description="Propose a correction or an invalidation for another person to approve: the way for more tonnes "
        "than one may order alone. What would refuse the order today refuses the proposal. For registries of the "
        "programme."
    )
    async def propose_order(
        self, info: Info, input: Annotated[ProposeOrderInput, GIVEN]
    ) -> ProposeOrderPayload:
        return await post(info, input, ProposeOrderSuccess)

    @strawberry.mutation(
        description="Approve what another person proposed: the order is decided now, and carried out. Where it is "
        "refused, the proposal stays open. For registries of the programme, with another API key than proposed it."
    )
    async def approve_proposal(
        self, info: Info, input: Annotated[ApproveProposalInput, GIVEN]
    ) -> ApproveProposalPayload:
        return await post(info, input, ApproveProposalSuccess)

    @strawberry.mutation(
        description="Give a proposal up; nothing is carried out. For registries of the programme, with any of their "
        "keys."
    )
    async def withdraw_proposal(
        self, info: Info, input: Annotated[WithdrawProposalInput, GIVEN]
    ) -> WithdrawProposalPayload:
        return await post(info, input, WithdrawProposalSuccess)
