"""What can be asked of the log."""

from typing import Annotated

import strawberry

from nzc_api.schema.feed.types import Event, KnownLog, LogHead, negative
from nzc_api.schema.kit.connections import DEFAULT_FIRST, First, page_by_position
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument
from nzc_api.schema.kit.scalars import BigInt

BEGINNING = BigInt(0)


@strawberry.type
class FeedQueries:
    @strawberry.field(description="Where the log stands.")
    async def log(self, info: Info) -> LogHead:
        return LogHead(domain=await info.context.services.log.head())

    @strawberry.field(
        description="The log's entries after a position, in order: the same feed as the subscription."
    )
    async def events(
        self,
        info: Info,
        after: Annotated[BigInt, argument("A position; 0 for the beginning.")] = BEGINNING,
        first: First = DEFAULT_FIRST,
        log_id: KnownLog = None,
    ) -> list[Event]:
        info.context.ids.check_log(log_id)
        page = page_by_position(first, None)
        if after < 0:
            raise negative("after", after)
        entries = await info.context.services.feed.entries(after, page.first)
        return [Event(domain=entry) for entry in entries]
