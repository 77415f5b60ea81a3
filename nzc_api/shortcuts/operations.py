"""An operation that comes again is made out once: its executor is copied for each request, and what is selected of
what is found out once.

graphql-core would look for the operation, read the types of its variables and collect its fields anew each time, which
was a tenth of what a small answer cost.
"""

from collections import OrderedDict
from typing import Any, NamedTuple

import strawberry
from graphql import DocumentNode, GraphQLError, GraphQLObjectType, GraphQLSchema, OperationType
from graphql import OperationDefinitionNode as Operation
from graphql.execution.collect_fields import FieldDetails, collect_fields
from graphql.execution.executor import CollectedErrors
from graphql.execution.values import VariableValues

from nzc_api.shortcuts.executors import let_execute
from nzc_api.shortcuts.handles import StockExecutor, forget_fields
from nzc_api.shortcuts.variables import Variable, coerce_variables, variables_of

# Those not seen for long are made out anew.
MOST_OPERATIONS = 256

# A type, and what is selected of it.
Selection = tuple[GraphQLObjectType, dict[str, list[FieldDetails]]]


class MadeOut(NamedTuple):
    """The only operation of a document, which is kept, so that no other has its id; ``options`` are those of its
    executor."""

    document: DocumentNode
    options: tuple[Any, ...]
    executor: Any
    variables: list[Variable]


class Copied(StockExecutor):
    """An executor that is a copy of the one that was made for the operation."""

    # What is selected of the root; None where that may be something else each time.
    _root: Selection | None = None

    @classmethod
    def build(
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        root_value: Any = None,
        context_value: Any = None,
        raw_variable_values: dict[str, Any] | None = None,
        *args: Any,
        **options: Any,
    ) -> Any:
        """An executor, or what is wrong with the request, which graphql-core says."""
        variables = raw_variable_values or {}
        made = cls._made_out(schema, document, (args, options))
        coerced = None if made is None else coerce_variables(made.variables, variables)
        if made is None or coerced is None:
            return super().build(
                schema, document, root_value, context_value, variables, *args, **options
            )
        return made.executor._copy(root_value, context_value, coerced)

    @classmethod
    def _made_out(
        cls, schema: GraphQLSchema, document: DocumentNode, options: tuple[Any, ...]
    ) -> MadeOut | None:
        """The operation of a document, with options; None where graphql-core is to say what it is."""
        key = cls, id(schema), id(document)
        made = _made_out.pop(key, None)
        if made is None or made.options != options:
            made = cls._make_out(schema, document, options)
        if made is not None:
            _made_out[key] = made
            if len(_made_out) > MOST_OPERATIONS:
                _made_out.popitem(last=False)
        return made

    @classmethod
    def _make_out(
        cls, schema: GraphQLSchema, document: DocumentNode, options: tuple[Any, ...]
    ) -> MadeOut | None:
        operation = _only_operation(document)
        if operation is None or operation.operation is OperationType.SUBSCRIPTION:
            return None
        variables = variables_of(schema, operation.variable_definitions or ())
        args, named = options
        bare = _without_variables(document, operation)
        executor = super().build(schema, bare, None, None, None, *args, **named)
        if variables is None or not isinstance(executor, cls):
            return None
        executor.operation = operation
        executor._root = executor._selected(document)
        return MadeOut(document, options, executor, variables)

    def _selected(self, document: DocumentNode) -> Selection | None:
        """What is selected of the root, where no directive lets variables have a say in it."""
        kind = self.schema.get_root_type(self.operation.operation)
        if kind is None or document.loc is None or "@" in document.loc.source.body:
            return None
        values = self.variable_values
        found = collect_fields(self.schema, self.fragments, values, kind, self.operation)
        return kind, found[0]

    def _copy(self, root_value: Any, context_value: Any, variables: VariableValues) -> Any:
        """An executor of one request. What was found out of fields is shared, where it is the same for all."""
        made: Any = object.__new__(type(self))
        vars(made).update(vars(self))
        made.async_helpers = (
            None  # They would hold the executor, as it holds them, and nobody asks for them.
        )
        made.root_value, made.context_value, made.variable_values = (
            root_value,
            context_value,
            variables,
        )
        made.collected_errors = CollectedErrors()
        made.pending_incremental_futures, made.background_futures = set(), set()
        if self._root is None:
            forget_fields(made)
        return made

    def execute_operation(self, serially: bool | None = None) -> Any:
        return super().execute_operation(serially) if self._root is None else self._respond()

    async def _respond(self) -> Any:
        assert self._root is not None
        kind, fields = self._root
        one_by_one = self.operation.operation is OperationType.MUTATION
        execute = self.execute_fields_serially if one_by_one else self.execute_fields
        try:
            data: Any = execute(kind, self.root_value, None, fields, None)
            if self.is_awaitable(data):
                data = await data
        except GraphQLError as error:
            self.collected_errors.add(error, None)
            data = None
        return self.build_response(data)


def copy_executors(schema: strawberry.Schema) -> None:
    """Let executors of operations of ``schema`` be copied."""
    let_execute(schema, Copied)


# The one seen last at the end. Threads share them.
_made_out: OrderedDict[tuple[type, int, int], MadeOut] = OrderedDict()


def _only_operation(document: DocumentNode) -> Operation | None:
    """The operation of a document that has no other."""
    operations = [d for d in document.definitions if isinstance(d, Operation)]
    return operations[0] if len(operations) == 1 else None


def _without_variables(document: DocumentNode, operation: Operation) -> DocumentNode:
    bare = Operation(
        operation=operation.operation,
        name=operation.name,
        directives=operation.directives,
        selection_set=operation.selection_set,
        loc=operation.loc,
    )
    return DocumentNode(
        definitions=tuple(bare if d is operation else d for d in document.definitions)
    )
