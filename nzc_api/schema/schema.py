"""The schema, put together."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import DEFAULT_ALLOWED_OPERATION_TYPES, StreamResult
from strawberry.types.execution import ExecutionContext, ExecutionResult, StreamExecutionResult
from strawberry.types.graphql import OperationType

from nzc_api.observing.record import current
from nzc_api.schema.credits.errors import ItemsConflict
from nzc_api.schema.engine.execution import answer, failed, read
from nzc_api.schema.engine.executor import Executor
from nzc_api.schema.engine.following import follow
from nzc_api.schema.engine.operations import check_kind
from nzc_api.schema.kit.nodes import node_types
from nzc_api.schema.kit.registry import find_all
from nzc_api.schema.kit.scalars import SCALARS
from nzc_api.schema.mutation import Mutation
from nzc_api.schema.query import Query
from nzc_api.schema.subscription import Subscription
from nzc_api.shortcuts.handles import let_core_check_one_of


class NzcSchema(strawberry.Schema):
    """Strawberry's schema, with our own way of executing its operations."""

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
        current().asks(query)
        return await answer(
            self._create_execution_context(
                query,
                tuple(allowed_operation_types or DEFAULT_ALLOWED_OPERATION_TYPES),
                variable_values,
                context_value,
                root_value,
                operation_name,
            )
        )

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> StreamResult:
        current().asks(query)
        return _streamed(
            self._create_execution_context(
                query,
                tuple(allowed_operation_types or DEFAULT_ALLOWED_OPERATION_TYPES),
                variable_values,
                context_value,
                root_value,
                operation_name,
            )
        )


async def _streamed(execution: ExecutionContext) -> AsyncGenerator[StreamExecutionResult, None]:
    """Each event of a subscription, or the one answer to anything else."""
    try:
        await read(execution)
        if check_kind(execution) is not OperationType.SUBSCRIPTION:
            yield await answer(execution)
            return
    except Exception as error:
        yield failed(error, execution)
        return
    async with aclosing(follow(execution)) as events:
        async for event in events:
            yield event


schema = NzcSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    # An item of a bulk request alone is refused so, and payloads have no items of their own.
    types=(*node_types(), ItemsConflict),
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=False),
    execution_context_class=Executor,
)

let_core_check_one_of(schema)
find_all()
