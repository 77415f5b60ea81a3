"""Why an order waits for a second person, or is not carried out by one, as GraphQL."""

import strawberry

from nzc_api.ledger.errors import orders
from nzc_api.ledger.proposing.proposals import ProposalState
from nzc_api.schema.credits.proposals import Proposal
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.scalars import BigInt


@explains(orders.SecondPersonNeeded)
class SecondPersonNeeded(UserError):
    ordered_quantity = attribute(
        BigInt,
        "ordered_quantity",
        "How many tonnes the order corrects or invalidates, with what else the request orders alone.",
    )
    limit_quantity = attribute(
        BigInt, "limit_quantity", "How many one person may order alone, in tonnes."
    )


@explains(orders.OwnProposal)
class OwnProposal(UserError):
    @strawberry.field(description="The proposal.")
    async def proposal(self, info: Info) -> Proposal:
        return await Proposal.at(info, self.domain.proposal_id)


@explains(orders.ProposerKeyRevoked)
class ProposerKeyRevoked(UserError):
    position = attribute(
        BigInt, "position", "The position of the log at which the key was revoked."
    )

    @strawberry.field(description="The proposal.")
    async def proposal(self, info: Info) -> Proposal:
        return await Proposal.at(info, self.domain.proposal_id)


@explains(orders.ProposalEnded)
class ProposalEnded(UserError):
    state = attribute(ProposalState, "state", "What has become of it.")
    ended_position = attribute(
        BigInt | None,
        "ended_position",
        "The position of the log at which it ended; null where its time is over.",
    )

    @strawberry.field(description="The proposal.")
    async def proposal(self, info: Info) -> Proposal:
        return await Proposal.at(info, self.domain.proposal_id)
