"""Following the log."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from strawberry.types.execution import ExecutionContext, StreamExecutionResult
from strawberry.types.graphql import OperationType

from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.feed.service import RETRY_SECONDS
from nzc_api.schema.context import Info
from nzc_api.schema.events import Event
from nzc_api.schema.fields import argument
from nzc_api.schema.present import cause_of
from nzc_api.schema.query import negative
from nzc_api.schema.scalars import BigInt


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
    ) -> AsyncGenerator[Event, None]:
        if after is not None and after < 0:
            raise negative("after", after)
        place = info.context.place
        position = after if place.resumed_after is None else place.resumed_after
        if position is None:
            position = await info.context.now()
        async for entry in info.context.services.feed.follow(position):
            place.position = entry.position
            yield Event(domain=entry)
            while info.context.taken_back:
                info.context.taken_back = False
                await asyncio.sleep(RETRY_SECONDS)
                yield Event(domain=entry)


def take_back_half(result: StreamExecutionResult, execution: ExecutionContext) -> None:
    """Take back an event of which the database could not give a part, before it is sent: the
    subscription brings it again."""
    data, errors = getattr(result, "data", None), getattr(result, "errors", None)
    away = any(isinstance(cause_of(error), DatabaseUnavailable) for error in errors or ())
    if data and away and execution.operation_type is OperationType.SUBSCRIPTION:
        result.data = result.errors = None  # type: ignore[union-attr]
        execution.context.taken_back = True
