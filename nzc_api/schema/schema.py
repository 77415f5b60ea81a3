"""The schema, put together."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any

import strawberry
from graphql import GraphQLError, execute
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import DEFAULT_ALLOWED_OPERATION_TYPES, StreamResult
from strawberry.types.execution import ExecutionContext, ExecutionResult, StreamExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.utils.await_maybe import await_maybe

from nzc_api.schema import known_documents
from nzc_api.schema.around import AroundOperation, prepare
from nzc_api.schema.executor import Executor
from nzc_api.schema.inputs import let_core_make_inputs
from nzc_api.schema.lookup import NODE_TYPES
from nzc_api.schema.mutation import Mutation
from nzc_api.schema.operations import check_kind
from nzc_api.schema.present import present_errors
from nzc_api.schema.query import Query
from nzc_api.schema.resolvers import let_core_call_resolvers
from nzc_api.schema.scalars import SCALARS
from nzc_api.schema.subscription import Subscription


class NzcSchema(strawberry.Schema):
    """Strawberry's schema; what must be logged of errors, the presenter logs."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Strawberry would log every refusal as an error, with its traceback."""

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Execute an operation. One of a known document needs little of what Strawberry does around
        it, which costs as much as executing it."""
        allowed = tuple(allowed_operation_types or DEFAULT_ALLOWED_OPERATION_TYPES)
        document = known_documents.find(query or "")
        if document is None:
            return await super().execute(
                query, variable_values, context_value, root_value, operation_name, allowed,
                operation_extensions,
            )  # fmt: skip
        execution = self._create_execution_context(
            query, allowed, variable_values, context_value, root_value, operation_name
        )
        execution.graphql_document = document
        check_kind(execution)
        result = await self._execute_known(execution)
        errors = result.errors and present_errors(result.errors, execution)
        return ExecutionResult(result.data, errors)

    async def _execute_known(self, execution: ExecutionContext) -> Any:
        assert execution.graphql_document is not None
        try:
            prepare(execution)
            return await await_maybe(
                execute(
                    self._schema,
                    execution.graphql_document,
                    execution.root_value,
                    execution.context,
                    execution.variables,
                    execution.operation_name,
                    executor_class=Executor,
                    is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
                )
            )
        except GraphQLError as error:
            return ExecutionResult(None, [error])
        except Exception as error:
            return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])

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
let_core_call_resolvers(schema)
