"""What is ordered or corrected in the ledger, as GraphQL."""

import strawberry

from nzc_api.ledger import model as domain
from nzc_api.schema.credits.above import PROPOSAL, LazyProposal
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.credits.posted import CorrectableCredits
from nzc_api.schema.feed.enums import EntryKind
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.nodes import node
from nzc_api.schema.kit.scalars import BigInt


@strawberry.type(description="Why something was done.")
class Grounds:
    document: str = strawberry.field(description="The document that orders or shows it.")
    reason: str = strawberry.field(description="The reason in words.")


@node(CreditLoaders.posting)
@strawberry.type(
    description="An entry of the ledger by order of a court or a registry, or a correction."
)
class LedgerPosting(CorrectableCredits):
    domain: strawberry.Private[domain.LedgerPosting]

    entry_kind = attribute(EntryKind, "kind", "What it did.")

    @strawberry.field(description="Why; null where none is asked for.")
    def grounds(self) -> Grounds | None:
        found = self.domain.grounds
        if found is None:
            return None
        return Grounds(document=found.document, reason=found.reason)

    @strawberry.field(description="The batch, where it is about a whole one.")
    async def batch(self, info: Info) -> CreditBatch | None:
        batch_id = self.domain.batch_id
        return None if batch_id is None else await CreditBatch.then(info, batch_id, self.as_of)

    @strawberry.field(description="The position of the posting that this one corrects.")
    def corrects(self) -> BigInt | None:
        corrected = self.domain.corrects
        return None if corrected is None else BigInt(corrected)

    @dear(
        "The proposal that it carries out, where two persons ordered it and you see that; null otherwise.",
        statements=2,
    )
    async def proposal(self, info: Info) -> LazyProposal | None:
        proposal_id = self.domain.proposal_id
        return None if proposal_id is None else await PROPOSAL.type.seen(info, proposal_id)
