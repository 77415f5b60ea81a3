"""The list of proposals."""

from typing import Annotated

import strawberry

from nzc_api.ledger.proposing.proposals_seen import programmes_seen
from nzc_api.schema.credits.proposal_inputs import ProposalFilterInput
from nzc_api.schema.credits.proposals import Proposal
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear


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
