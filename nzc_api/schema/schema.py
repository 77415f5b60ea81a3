"""The schema, put together."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types.execution import ExecutionContext, StreamExecutionResult

from nzc_api.schema.around import AroundOperation
from nzc_api.schema.executor import Executor
from nzc_api.schema.inputs import let_core_make_inputs
from nzc_api.schema.lookup import NODE_TYPES
from nzc_api.schema.mutation import Mutation
from nzc_api.schema.query import Query
from nzc_api.schema.scalars import SCALARS
from nzc_api.schema.subscription import Subscription


class NzcSchema(strawberry.Schema):
    """Strawberry's schema; what must be logged of errors, the presenter logs."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Strawberry would log every refusal as an error, with its traceback."""

    async def stream(self, *args: Any, **kwargs: Any) -> StreamResult:
        """What Strawberry streams, without what was taken back."""
        return _sent(await super().stream(*args, **kwargs))


async def _sent(results: StreamResult) -> AsyncGenerator[StreamExecutionResult, None]:
    async with aclosing(results):
        async for result in results:
            if getattr(result, "data", None) is not None or getattr(result, "errors", None):
                yield result


schema = NzcSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=NODE_TYPES,
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=False),
    extensions=[AroundOperation],
    execution_context_class=Executor,
)

let_core_make_inputs(schema._schema)
