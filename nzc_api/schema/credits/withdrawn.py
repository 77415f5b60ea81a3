"""What of a retirement or another use is in force no more, as GraphQL."""

import re
from datetime import datetime
from typing import Self

import strawberry

from nzc_api.ids import BatchId, Position
from nzc_api.ledger import model as domain
from nzc_api.ledger.model import WithdrawnKey
from nzc_api.ledger.reading.standing import WHY
from nzc_api.log.ids import POSITION_BITS
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.enums import WithdrawnReason
from nzc_api.schema.credits.postings import LedgerPosting
from nzc_api.schema.credits.serials import SerialBlock, block_of
from nzc_api.schema.feed.enums import EntryKind
from nzc_api.schema.feed.types import Event, event_at
from nzc_api.schema.kit.connections import Connection, connection, counted, page_by_key
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import LocalizedText
from nzc_api.schema.pilots.types import Pilot

# A cursor: the position at which they were withdrawn, their batch, and the first of them.
KEY = re.compile(r"([1-9][0-9]{0,18})\.([1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,18})")


@registered
@strawberry.type(
    description="Serials of a retirement or another use that are in force no more: they count for nothing "
    "since."
)
class WithdrawnSerials:
    domain: strawberry.Private[domain.WithdrawnSerials]
    as_of: strawberry.Private[Position]

    position = attribute(BigInt, "position", "The position of the log since which they are not.")
    at = attribute(datetime, "at", "Since when: when that was posted.")
    quantity = attribute(BigInt, "tonnes", "How many tonnes.")

    reason = attribute(WithdrawnReason, "reason", "Why; stable, for programs.")

    @strawberry.field(description="The same for people.")
    def message(self) -> LocalizedText:
        return LocalizedText.of(WHY[self.domain.reason])

    @strawberry.field(
        description="What happened at that position: CREDITS_INVALIDATED (their issuer invalidated these "
        "serials), BATCH_INVALIDATED (it invalidated the whole batch), BATCH_EXPORTED, POSTING_CORRECTED (all "
        "of it was a clerical error); or what put their project inside the pilot: PILOT_PLACED, "
        "PILOT_OVERLAP_RECORDED, PROJECT_AMENDED, PROJECT_SITE_RESOLVED."
    )
    def entry_kind(self) -> EntryKind:
        return EntryKind(self.domain.kind)

    @strawberry.field(
        description="The pilot that their project lies in, where that is why; else null."
    )
    async def pilot_inside(self, info: Info) -> Pilot | None:
        inside_id = self.domain.inside_id
        return None if inside_id is None else await Pilot.at(info, inside_id)

    @strawberry.field(description="The batch that they are of.")
    async def batch(self, info: Info) -> CreditBatch:
        return await CreditBatch.then(info, self.domain.batch_id, self.as_of)

    @strawberry.field(description="The serials.")
    async def serials(self, info: Info) -> SerialBlock:
        batch = await CreditBatch.at(info, self.domain.batch_id)
        return block_of(batch.domain, self.domain.lo, self.domain.hi)

    @dear("The entry of the log at that position: who did it, and to what.", statements=1)
    async def event(self, info: Info) -> Event:
        return await event_at(info, self.domain.position)

    @dear(
        "What withdrew them: by whom, and on what grounds. Null where it was no posting of the ledger, but "
        "what put their project inside the pilot.",
        statements=2,
    )
    async def posting(self, info: Info) -> LedgerPosting | None:
        if self.domain.reason is WithdrawnReason.INSIDE_BOUNDARY:
            return None
        return await LedgerPosting.then(info, self.domain.position, self.as_of)

    @classmethod
    async def of_posting(
        cls, info: Info, posting_id: int, as_of: Position, first: int, after: str | None
    ) -> Connection[Self]:
        """A page of what of a posting is in force no more as of a position."""
        page = page_by_key(first, after, _key)
        rows = await info.context.loaders.withdrawn_serials.load((posting_id, (as_of, page)))
        return connection(
            rows,
            page,
            lambda row: ".".join(map(str, row.key)),
            lambda row: cls(domain=row, as_of=as_of),
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
        else WithdrawnKey(Position(position), BatchId(batch_id), lo)
    )
