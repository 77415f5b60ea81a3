"""The schema, put together."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types.execution import ExecutionContext, StreamExecutionResult
from strawberry.types.graphql import OperationType

from nzc_api.schema.characters import KeptCharacters
from nzc_api.schema.context import Context
from nzc_api.schema.inputs import let_core_make_inputs
from nzc_api.schema.known_documents import KnownDocuments
from nzc_api.schema.limits import OperationLimit
from nzc_api.schema.lookup import NODE_TYPES
from nzc_api.schema.mutation import Mutation
from nzc_api.schema.operations import MOST_TOKENS, OneOperation
from nzc_api.schema.present import present_errors
from nzc_api.schema.query import Query
from nzc_api.schema.scalars import SCALARS
from nzc_api.schema.subscription import Subscription, WholeEvents


class OperationContext(SchemaExtension):
    """Gives each operation a context of its own: a WebSocket's would live as long as the socket."""

    def on_execute(self) -> Iterator[None]:
        execution = self.execution_context
        if isinstance(execution.context, Context):
            snapshot = execution.operation_type is OperationType.QUERY
            execution.context = execution.context.for_operation(snapshot=snapshot)
        yield


class ErrorPresenter(SchemaExtension):
    """Gives every top-level error a code and both languages, and hides what is nobody's business."""

    def __init__(self) -> None:
        self._streamed = False

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        errors: list[GraphQLError] | None = getattr(result, "errors", None)
        if errors and not self._streamed:
            result.errors = present_errors(errors, self.execution_context)  # type: ignore[union-attr]

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        self._streamed = True
        errors: list[GraphQLError] | None = getattr(result, "errors", None)
        if errors:
            result.errors = present_errors(errors, self.execution_context)  # type: ignore[union-attr]
        yield


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
    extensions=[
        OperationContext,
        OneOperation,
        WholeEvents,
        ErrorPresenter,
        lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
        KnownDocuments,
        OperationLimit,
        KeptCharacters,
    ],
)

let_core_make_inputs(schema._schema)
