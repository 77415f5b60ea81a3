"""What can be asked of the log."""

from typing import Annotated

import strawberry

from nzc_api.feed.model import EVERYTHING
from nzc_api.feed.service import LARGEST_PAGE
from nzc_api.ids import Position
from nzc_api.schema.feed.filters import EventFilterInput
from nzc_api.schema.feed.streams import EventPage
from nzc_api.schema.feed.types import Event, KnownLog, LogHead, negative
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    LARGEST_FIRST,
    First,
    checked_size,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import AT_MOST, MUCH_COMPUTED, STATEMENTS, argument
from nzc_api.schema.kit.scalars import BigInt

BEGINNING = BigInt(0)


@strawberry.type
class FeedQueries:
    @strawberry.field(description="Where the log stands.")
    async def log(self, info: Info) -> LogHead:
        return LogHead(domain=await info.context.services.log.head())

    @strawberry.field(
        description="The events after a position with their facts, of which you may follow some: what the subscription "
        "`eventStream` tells.",
        metadata={AT_MOST: LARGEST_PAGE, STATEMENTS: MUCH_COMPUTED},
    )
    async def event_page(
        self,
        info: Info,
        after: Annotated[BigInt, argument("A position; 0 for the beginning.")] = BEGINNING,
        first: Annotated[int, argument("How many to return, from 1 to 1,000.")] = LARGEST_FIRST,
        filter: Annotated[EventFilterInput | None, argument("Which of them. Default: all.")] = None,
        log_id: KnownLog = None,
    ) -> EventPage:
        context = info.context
        context.ids.check_log(log_id)
        if after < 0:
            raise negative("after", after)
        size = checked_size("first", first, LARGEST_PAGE)
        wanted = EVERYTHING if filter is None else filter.wanted(context.ids, "filter")
        found = await context.services.feed.stretch(
            Position(after), size, wanted, await context.viewer()
        )
        return EventPage(domain=found)

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
        entries = await info.context.services.feed.entries(Position(after), page.first)
        return [Event(domain=entry) for entry in entries]
