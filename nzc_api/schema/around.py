"""What is done around every operation, from its document to its result."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import ExecutionContext, StreamExecutionResult
from strawberry.types.graphql import OperationType

from nzc_api.schema import known_documents
from nzc_api.schema.characters import check_characters
from nzc_api.schema.context import Context
from nzc_api.schema.limits import cost_of
from nzc_api.schema.operations import MOST_TOKENS, check_one_operation
from nzc_api.schema.present import present_errors
from nzc_api.schema.subscription import take_back_half


def prepare(execution: ExecutionContext) -> None:
    """What comes before a valid operation is executed; raises where it will not be."""
    if isinstance(execution.context, Context):
        # A context of its own: a WebSocket's would live as long as the socket.
        snapshot = execution.operation_type is OperationType.QUERY
        execution.context = execution.context.for_operation(snapshot=snapshot)
    cost_of(execution)
    check_characters(execution)


class AroundOperation(SchemaExtension):
    """One extension for all: an extension's hooks cost every request, whatever they do."""

    def __init__(self) -> None:
        self._streamed = False
        self._known = False

    def on_operation(self) -> Iterator[None]:
        execution = self.execution_context
        execution.parse_options["max_tokens"] = MOST_TOKENS
        yield
        if not self._streamed:
            self._present(execution.result)

    def on_parse(self) -> Iterator[None]:
        execution = self.execution_context
        execution.graphql_document = known_documents.find(execution.query or "")
        self._known = execution.graphql_document is not None
        yield
        check_one_operation(execution)

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        if self._known:
            execution.pre_execution_errors = []
        yield
        if not self._known and not execution.pre_execution_errors:
            assert execution.graphql_document is not None
            known_documents.remember(execution.query or "", execution.graphql_document)

    def on_execute(self) -> Iterator[None]:
        prepare(self.execution_context)
        yield

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        self._streamed = True
        take_back_half(result, self.execution_context)
        self._present(result)
        yield

    def _present(self, result: Any) -> None:
        errors: list[GraphQLError] | None = getattr(result, "errors", None)
        if errors:
            result.errors = present_errors(errors, self.execution_context)
