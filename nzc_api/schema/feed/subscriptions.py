"""Following the log."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from nzc_api.schema.feed.types import Event, KnownLog, negative
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument
from nzc_api.schema.kit.scalars import BigInt


@strawberry.type(
    description="What can be followed, over graphql-transport-ws or server-sent events."
)
class Subscription:
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
        info.context.ids.check_log(log_id)
        if after is not None and after < 0:
            raise negative("after", after)
        resumed_after = info.context.client.resumed_after
        position = after if resumed_after is None else resumed_after
        if position is None:
            position = await info.context.now()
        async for entry in info.context.services.feed.follow(position):
            yield Event(domain=entry)
