"""Orders that wait for a second person, as GraphQL."""

from datetime import datetime
from typing import Annotated

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.grounds import Grounds
from nzc_api.ledger import proposals as domain
from nzc_api.ledger.commands import (
    ApproveProposal,
    CorrectPosting,
    Proposable,
    ProposeOrder,
    SerialsAction,
    WithdrawProposal,
)
from nzc_api.ledger.kinds import kind_of
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.proposals import ProposalFilter, ProposalState
from nzc_api.ledger.proposals_seen import programmes_seen
from nzc_api.log.store import Entry
from nzc_api.schema.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    page_by_position,
)
from nzc_api.schema.context import Info
from nzc_api.schema.credits import (
    DRY_RUN,
    CreditBatch,
    SerialBlock,
    batch_at,
    block_of,
    organisation_at,
)
from nzc_api.schema.fields import argument, attribute, dear, described_enum
from nzc_api.schema.filters import ALL
from nzc_api.schema.ids import Ids
from nzc_api.schema.nodes import Node
from nzc_api.schema.orders import KEY, POSTINGS, CreditsTargetInput
from nzc_api.schema.organisations import Organisation
from nzc_api.schema.postings import Grounds as ShownGrounds
from nzc_api.schema.postings import LedgerPosting, posting_at
from nzc_api.schema.programmes import Programme, ProgrammeCode
from nzc_api.schema.scalars import BigInt
from nzc_api.schema.words import EntryKind

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


@strawberry.type(
    description="A correction or an invalidation that one person proposed, and that another has to approve before it "
    "is carried out (一人申请、一人复核). Registries see those of their programmes; auditors, regulators and "
    "administrators all."
)
class Proposal(Node):
    domain: strawberry.Private[domain.Proposal]

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
        return kind_of(self.domain.order)

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
        return None if batch_id is None else await batch_at(info, batch_id)

    @strawberry.field(
        description="Exactly the serials that would be invalidated; null where the whole batch or a correction is "
        "meant."
    )
    async def block(self, info: Info) -> SerialBlock | None:
        wanted = self.domain
        if wanted.batch_id is None or wanted.lo is None or wanted.hi is None:
            return None
        batch = await batch_at(info, wanted.batch_id)
        return block_of(batch.domain, wanted.lo, wanted.hi)

    @strawberry.field(description="Why. Never null.")
    def grounds(self) -> ShownGrounds | None:
        found = self.domain.order.grounds
        return ShownGrounds(document=found.document, reason=found.reason)

    @dear("Who proposed it.", statements=2)
    async def proposed_by(self, info: Info) -> Organisation:
        entry = await _entry(info, self.domain.id)
        found = await organisation_at(info, entry and entry.actor.organisation_id)
        assert found is not None
        return found

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
        return await organisation_at(info, entry and entry.actor.organisation_id)

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
        return await posting_at(info, ended)


async def _entry(info: Info, position: int | None) -> Entry | None:
    return None if position is None else await info.context.loaders.entry.load(position)


async def proposal_seen(info: Info, proposal_id: int) -> Proposal | None:
    """A proposal, if whoever asks sees it."""
    seen = programmes_seen(await info.context.principal())
    found = await info.context.loaders.proposal.load(proposal_id) if seen else None
    return None if found is None or found.programme not in seen else Proposal(domain=found)


async def proposal_at(info: Info, proposal_id: int) -> Proposal:
    """A proposal that whoever asks had to do with."""
    found = await proposal_seen(info, proposal_id)
    assert found is not None
    return found


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


@strawberry.type
class ProposalLists:
    @dear("The proposals that you see, oldest first.", statements=3)
    async def proposals(
        self,
        info: Info,
        filter: Annotated[ProposalFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Proposal]:
        page = page_by_position(first, after, last=last, before=before)
        seen = programmes_seen(await info.context.principal())
        narrowed = (filter or ProposalFilterInput()).narrowed(seen)
        trace = info.context.services.trace
        return connection(
            await trace.list_proposals(narrowed, page),
            page,
            lambda row: row.id,
            lambda row: Proposal(domain=row),
            lambda: trace.count_proposals(narrowed),
        )


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


def _proposal(ids: Ids, given: strawberry.ID) -> int:
    return ids.position(given, "input", "proposal", kinds=("Proposal",))
