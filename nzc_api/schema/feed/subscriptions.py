"""Following the log."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from nzc_api.feed.model import EVERYTHING
from nzc_api.ids import Position
from nzc_api.schema.feed.filters import EventFilterInput
from nzc_api.schema.feed.streams import MESSAGES, EventStreamMessage
from nzc_api.schema.feed.types import Event, KnownLog, negative
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument
from nzc_api.schema.kit.scalars import BigInt


@strawberry.type
class FeedSubscriptions:
    @strawberry.subscription(
        description="Every entry of the log after a position, each once and in order, and then every new "
        "one. To resume, name the last position that you have; a `Last-Event-ID` (server-sent events) "
        "goes before it."
    )
    async def events(
        self,
        info: Info,
        after: Annotated[
            BigInt | None, argument("A position; 0 for the beginning. Default: only what is new.")
        ] = None,
        log_id: KnownLog = None,
    ) -> AsyncGenerator[Event, None]:
        position = await beginning(info, after, log_id)
        async for entry in info.context.services.feed.follow(position):
            yield Event(domain=entry)

    @strawberry.subscription(
        description="The events that you follow after a position, with their facts, and then every new one. You are "
        "told first from where they come, and between them how far the log was looked at: no message of it can be lost "
        "without your seeing it. The id of each server-sent event is its position."
    )
    async def event_stream(
        self,
        info: Info,
        after: Annotated[
            BigInt | None, argument("A position; 0 for the beginning. Default: only what is new.")
        ] = None,
        filter: Annotated[EventFilterInput | None, argument("Which of them. Default: all.")] = None,
        log_id: KnownLog = None,
    ) -> AsyncGenerator[EventStreamMessage, None]:
        position = await beginning(info, after, log_id)
        wanted = EVERYTHING if filter is None else filter.wanted(info.context.ids, "filter")
        feed, viewer = info.context.services.feed, info.context.viewer
        async for told in feed.follow_some(position, wanted, viewer):
            yield MESSAGES[type(told)](domain=told)


async def beginning(info: Info, after: int | None, log_id: str | None) -> Position:
    """The position that a stream begins after: what its client had last, else what it asks for, else now."""
    info.context.ids.check_log(log_id)
    if after is not None and after < 0:
        raise negative("after", after)
    resumed_after = info.context.client.resumed_after
    position = after if resumed_after is None else resumed_after
    return await info.context.now() if position is None else Position(position)
