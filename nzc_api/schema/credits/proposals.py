"""Orders that wait for a second person, as GraphQL."""

from datetime import datetime
from typing import Self

import strawberry

from nzc_api.ids import Position
from nzc_api.ledger.posting.verbs.correcting import CorrectPosting
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.proposing import proposals as domain
from nzc_api.ledger.proposing.proposals import ProposalState
from nzc_api.ledger.proposing.proposals_seen import programmes_seen
from nzc_api.log.model import Entry
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.postings import Grounds as ShownGrounds
from nzc_api.schema.credits.postings import LedgerPosting
from nzc_api.schema.credits.serials import SerialBlock, block_of
from nzc_api.schema.feed.enums import EntryKind
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, described_enum
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.programmes.types import Programme

described_enum(
    ProposalState,
    "What has become of a proposal.",
    {
        "OPEN": "nothing yet: another key may approve it",
        "APPROVED": "another key approved it: the order is carried out",
        "WITHDRAWN": "it was withdrawn: nothing was done",
        "EXPIRED": "its time is over: nothing was done",
    },
)


@node()
@strawberry.type(
    description="A correction or an invalidation that one person proposed, and that another has to approve before it "
    "is carried out (一人申请、一人复核). Registries see those of their programmes; auditors, regulators and "
    "administrators all."
)
class Proposal(Node):
    domain: strawberry.Private[domain.Proposal]

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        """The proposal, if whoever asks sees it."""
        seen = programmes_seen(await info.context.principal())
        found = await info.context.loaders.proposal.load(position) if seen else None
        return None if found is None or found.programme not in seen else cls(domain=found)

    @classmethod
    async def at(cls, info: Info, position: int) -> Self:
        """A proposal that whoever asks had to do with."""
        found = await cls.seen(info, position)
        assert found is not None
        return found

    position = attribute(BigInt, "id", "The position of the log at which it was made.")
    quantity = attribute(BigInt, "quantity", "How many tonnes the order is about.")
    expires_at = attribute(datetime, "expires_at", "Until when it can be approved or withdrawn.")

    @strawberry.field(description="What has become of it.")
    def state(self) -> ProposalState:
        return self.domain.state(self.domain.read_at)

    @strawberry.field(description="The programme of the credits.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])

    @strawberry.field(
        description="What is proposed, as the log would say it: POSTING_CORRECTED, CREDITS_INVALIDATED or "
        "BATCH_INVALIDATED."
    )
    def entry_kind(self) -> EntryKind:
        return EntryKind(self.domain.kind)

    @strawberry.field(
        description="The position of the posting that would be corrected; null for an invalidation."
    )
    def corrects(self) -> BigInt | None:
        order = self.domain.order
        return BigInt(order.posting_id) if isinstance(order, CorrectPosting) else None

    @strawberry.field(
        description="The batch that would be invalidated, whole or in part; null for a correction."
    )
    async def batch(self, info: Info) -> CreditBatch | None:
        batch_id = self.domain.batch_id
        return None if batch_id is None else await CreditBatch.at(info, batch_id)

    @strawberry.field(
        description="Exactly the serials that would be invalidated; null where the whole batch or a correction is "
        "meant."
    )
    async def block(self, info: Info) -> SerialBlock | None:
        wanted = self.domain
        if wanted.batch_id is None or wanted.lo is None or wanted.hi is None:
            return None
        batch = await CreditBatch.at(info, wanted.batch_id)
        return block_of(batch.domain, wanted.lo, wanted.hi)

    @strawberry.field(description="Why. Never null.")
    def grounds(self) -> ShownGrounds | None:
        found = self.domain.order.grounds
        return ShownGrounds(document=found.document, reason=found.reason)

    @dear("Who proposed it.", statements=2)
    async def proposed_by(self, info: Info) -> Organisation:
        entry = await _entry(info, Position(self.domain.id))
        assert entry is not None and entry.actor.organisation_id is not None  # noqa: PT018
        return await Organisation.at(info, entry.actor.organisation_id)

    @strawberry.field(description="The id of the API key that proposed it.")
    def proposed_with(self, info: Info) -> strawberry.ID:
        return info.context.ids.of("ApiKey", self.domain.api_key_id)

    @strawberry.field(
        description="The position of the log at which it was approved or withdrawn; null otherwise."
    )
    def ended_position(self) -> BigInt | None:
        ended = self.domain.ended
        return None if ended is None else BigInt(ended)

    @dear("Who approved or withdrew it; null where nobody did.", statements=2)
    async def ended_by(self, info: Info) -> Organisation | None:
        entry = await _entry(info, self.domain.ended)
        organisation_id = entry and entry.actor.organisation_id
        return None if organisation_id is None else await Organisation.at(info, organisation_id)

    @strawberry.field(
        description="The id of the API key that approved or withdrew it; null where none did."
    )
    async def ended_with(self, info: Info) -> strawberry.ID | None:
        entry = await _entry(info, self.domain.ended)
        key = entry and entry.actor.api_key_id
        return None if key is None else info.context.ids.of("ApiKey", key)

    @dear("What was carried out, once it is approved.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting | None:
        ended = self.domain.ended
        if ended is None or self.domain.end is not ProposalState.APPROVED:
            return None
        return await LedgerPosting.at(info, ended)


async def _entry(info: Info, position: Position | None) -> Entry | None:
    return None if position is None else await info.context.loaders.entry.load(position)
