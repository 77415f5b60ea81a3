"""What of a retirement or another use is in force no more, as GraphQL."""

import re
from datetime import datetime

import strawberry

from nzc_api.ledger import model as domain
from nzc_api.ledger.model import WithdrawnKey
from nzc_api.log.ids import POSITION_BITS
from nzc_api.schema.connections import Connection, connection, counted, page_by_key
from nzc_api.schema.context import Info
from nzc_api.schema.credits import CreditBatch, SerialBlock, batch_at, block_of
from nzc_api.schema.fields import attribute, dear
from nzc_api.schema.postings import LedgerPosting, posting_at
from nzc_api.schema.scalars import BigInt
from nzc_api.schema.words import EntryKind

# A cursor: the position at which they were withdrawn, their batch, and the first of them.
KEY = re.compile(r"([1-9][0-9]{0,18})\.([1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,18})")


@strawberry.type(
    description="Serials of a retirement or another use that are in force no more: they count for nothing "
    "since."
)
class WithdrawnSerials:
    domain: strawberry.Private[domain.WithdrawnSerials]

    position = attribute(BigInt, "position", "The position of the log since which they are not.")
    at = attribute(datetime, "at", "Since when: when that was posted.")
    quantity = attribute(BigInt, "tonnes", "How many tonnes.")

    @strawberry.field(
        description="Why: CREDITS_INVALIDATED (their issuer invalidated these serials), BATCH_INVALIDATED "
        "(it invalidated the whole batch), or POSTING_CORRECTED (all of it was a clerical error)."
    )
    def entry_kind(self) -> EntryKind:
        return EntryKind(self.domain.kind)

    @strawberry.field(description="The batch that they are of.")
    async def batch(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.batch_id)

    @strawberry.field(description="The serials.")
    async def serials(self, info: Info) -> SerialBlock:
        batch = await batch_at(info, self.domain.batch_id)
        return block_of(batch.domain, self.domain.lo, self.domain.hi)

    @dear("What withdrew them: by whom, and on what grounds.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await posting_at(info, self.domain.position)


async def withdrawn_of(
    info: Info, posting_id: int, as_of: int, first: int, after: str | None
) -> Connection[WithdrawnSerials]:
    """A page of what of a posting is in force no more as of a position."""
    page = page_by_key(first, after, _key)
    rows = await info.context.loaders.withdrawn_serials.load((posting_id, (as_of, page)))
    return connection(
        rows,
        page,
        lambda row: ".".join(map(str, row.key)),
        lambda row: WithdrawnSerials(domain=row),
        counted(info.context.loaders.withdrawn_serials_count, (posting_id, as_of)),
    )


def _key(text: str) -> WithdrawnKey | None:
    match = KEY.fullmatch(text)
    if match is None:
        return None
    position, batch_id, lo = map(int, match.groups())
    return (
        None
        if max(position, batch_id, lo) >> POSITION_BITS
        else WithdrawnKey(position, batch_id, lo)
    )
