"""graphql-core's executor, which shows what is selected level by level.

Variables are coerced by a short way, which is taken only where it ends where the long one would.
"""

from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from nzc_api.schema.engine.coercion import coerce_variables
from nzc_api.schema.engine.encoding import LARGEST_ANSWER, too_large
from nzc_api.schema.engine.levels import Fields, Levels, size_of

_LET_GO: Any = None


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # How many bytes more the answer may have.
        self.room = LARGEST_ANSWER

    @classmethod
    def build(
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        root_value: Any = None,
        context_value: Any = None,
        raw_variable_values: dict[str, Any] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """An executor, or what is wrong with the request.

        The variables are coerced here, and the executor is made for an operation that has none.
        """
        build = super().build
        variables = raw_variable_values or {}
        operation = _only_operation(document)
        if operation is not None and operation.variable_definitions:
            coerced = coerce_variables(schema, operation.variable_definitions, variables)
            if coerced is not None:
                bare = _without_variables(document, operation)
                executor = build(schema, bare, root_value, context_value, None, *args, **kwargs)
                if isinstance(executor, cls):
                    executor.operation, executor.variable_values = operation, coerced
                    return executor
        return build(schema, document, root_value, context_value, variables, *args, **kwargs)

    def build_per_event_executor(self, payload: Any) -> Any:
        """An executor of one event. What it finds out about its fields dies with it: each event's are
        other lists, and a subscription may live for months."""
        executor: Any = super().build_per_event_executor(payload)
        executor._relevant_sub_fields = {}
        executor.room = LARGEST_ANSWER
        return executor

    def build_response(self, data: dict[str, Any] | None) -> Any:
        """The response. With it the executor lets go of what holds it in turn: else all of the request
        would stay until the garbage collector comes."""
        response = super().build_response(data)
        self.async_helpers = _LET_GO
        if self.room < 0:
            return ExecutionResult(None, [too_large()])
        return response

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None,
        grouped_field_set: Fields, position_context: Any,
    ) -> Any:  # fmt: skip
        assert path is None  # Of a root: what is below is shown there.
        return self._by_levels(parent_type, source_value, grouped_field_set)

    def execute_fields_serially(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None,
        grouped_field_set: Fields, position_context: Any,
    ) -> Any:  # fmt: skip
        return self._one_by_one(parent_type, source_value, grouped_field_set)

    async def _by_levels(self, root: GraphQLObjectType, source: Any, fields: Fields) -> Any:
        return await Levels(self).run(root, source, fields)

    async def _one_by_one(self, root: GraphQLObjectType, source: Any, fields: Fields) -> Any:
        shown: dict[str, Any] = {}
        for name, details in fields.items():
            data = await self._by_levels(root, source, {name: details})
            if data is None:
                return None
            shown |= data
        return shown

    def complete_leaf_value(  # type: ignore[override]
        self, return_type: GraphQLLeafType, result: Any
    ) -> Any:
        shown = super().complete_leaf_value(return_type, result)
        self.room -= size_of(shown)
        return shown


def _only_operation(document: DocumentNode) -> OperationDefinitionNode | None:
    """The operation of a document that has no other."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return operations[0] if len(operations) == 1 else None


def _without_variables(document: DocumentNode, operation: OperationDefinitionNode) -> DocumentNode:
    bare = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        directives=operation.directives,
        selection_set=operation.selection_set,
        loc=operation.loc,
    )
    return DocumentNode(
        definitions=tuple(bare if d is operation else d for d in document.definitions)
    )
