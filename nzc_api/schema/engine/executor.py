"""graphql-core's executor, with short ways for what operations are mostly made of.

A short way is taken only where it ends where the long one would; with anything else, graphql-core does it all.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLLeafType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import Path, Undefined
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from nzc_api.schema.engine.coercion import coerce_variables
from nzc_api.schema.engine.encoding import LARGEST_ANSWER, too_large
from nzc_api.schema.engine.inputs import STRAWBERRY

# Of such values there is nothing to await, and none is an error.
_SHOWN = (str, int, Decimal, date, Enum)

_LET_GO: Any = None

# Around a name or a text, with what parts it from the next.
QUOTES = 4


class _Plain(NamedTuple):
    """A field that is an attribute, shown as a scalar or an enum."""

    attribute: str
    show: Callable[[Any], Any]
    nullable: bool


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By their ids; the lists are kept, so that no other gets the id of one.
        self._plain: dict[int, tuple[list[FieldDetails], _Plain | None]] = {}
        self._room = LARGEST_ANSWER

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
        executor._plain = {}
        executor._room = LARGEST_ANSWER
        return executor

    def build_response(self, data: dict[str, Any] | None) -> Any:
        """The response. With it the executor lets go of what holds it in turn: else all of the request
        would stay until the garbage collector comes."""
        response = super().build_response(data)
        self.async_helpers = _LET_GO
        if self._room < 0:
            return ExecutionResult(None, [too_large()])
        return response

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> Any:
        if self._room < 0:
            return None  # What would be there is not sent any more.
        self._room -= len(path.key) + QUOTES  # type: ignore[arg-type]
        plain = self._plain_field(parent_type, field_details_list)
        if plain is not None:
            value = getattr(source, plain.attribute, Undefined)
            if value is None and plain.nullable:
                return None
            if isinstance(value, _SHOWN):
                try:
                    shown = plain.show(value)
                except Exception:
                    shown = None
                if shown is not None and shown is not Undefined:
                    self._room -= _size(shown)
                    return shown
        return super().execute_field(
            parent_type, source, field_details_list, path, position_context
        )

    def complete_leaf_value(  # type: ignore[override]
        self, return_type: GraphQLLeafType, result: Any
    ) -> Any:
        shown = super().complete_leaf_value(return_type, result)
        self._room -= _size(shown)
        return shown

    def _plain_field(
        self, parent_type: GraphQLObjectType, field_details_list: list[FieldDetails]
    ) -> _Plain | None:
        key = id(field_details_list)
        known = self._plain.get(key)
        if known is None:
            name = field_details_list[0].node.name.value
            known = field_details_list, _plain(self.schema, parent_type, name)
            self._plain[key] = known
        return known[1]


def _size(shown: Any) -> int:
    """How many bytes a leaf takes in the answer, escapes aside."""
    if isinstance(shown, str):
        return len(shown) + QUOTES if shown.isascii() else 3 * len(shown)
    return QUOTES


def _plain(schema: GraphQLSchema, parent: GraphQLObjectType, name: str) -> _Plain | None:
    field = parent.fields.get(name)
    made_of = None if field is None else field.extensions.get(STRAWBERRY)
    if field is None or made_of is None or not made_of.is_basic_field or field.args:
        return None
    nullable = not isinstance(field.type, GraphQLNonNull)
    kind = field.type if nullable else field.type.of_type
    if not is_leaf_type(kind):
        return None
    return _Plain(made_of.python_name, kind.coerce_output_value, nullable)


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
