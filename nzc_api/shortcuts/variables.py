"""Variables are coerced by functions that are made once for each input type.

graphql-core asks of every value anew what its type is, which was an eighth of a bulk request. What these
functions make of a value is what it would make. Where they raise, whatever it is, graphql-core coerces
the variables itself, and says what is wrong.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import strawberry
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value

from nzc_api.shortcuts.executors import let_execute
from nzc_api.shortcuts.handles import StockExecutor

Coerce = Callable[[Any], Any]


class NotTaken(Exception):
    """These functions make nothing of a value."""


class CoercedVariables(StockExecutor):
    """An executor whose variables are coerced here, where that can be done."""

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


def coerce_by_type(schema: strawberry.Schema) -> None:
    """Let variables of operations of ``schema`` be coerced here."""
    let_execute(schema, CoercedVariables)


def coerce_variables(
    schema: GraphQLSchema, definitions: Iterable[VariableDefinitionNode], given: Mapping[str, Any]
) -> VariableValues | None:
    """The values of variables; None where graphql-core is to say what they are, or are not."""
    sources: dict[str, VariableValueSource] = {}
    coerced: dict[str, Any] = {}
    for definition in definitions:
        signature = get_variable_signature(schema, definition)
        if isinstance(signature, GraphQLError) or signature.name not in given:
            return None
        value = given[signature.name]
        try:
            coerced[signature.name] = coercer_of(signature.type)(value)
        except Exception:  # Also what a scalar says of a value, which graphql-core tells better.
            return None
        sources[signature.name] = VariableValueSource(signature, value)
    return VariableValues(sources, coerced)


def coercer_of(kind: GraphQLInputType) -> Coerce:
    """What makes of a value what the type says, or raises."""
    nullable, coerce = _parts(kind)

    def coerce_or_null(value: Any) -> Any:
        if value is not None:
            return coerce(value)
        if nullable:
            return None
        raise NotTaken

    return coerce_or_null


def _parts(kind: Any) -> tuple[bool, Coerce]:
    """Whether the type takes null, and what makes what it says of any other value."""
    nullable = not isinstance(kind, GraphQLNonNull)
    kind = kind if nullable else kind.of_type
    if isinstance(kind, GraphQLList):
        return nullable, _of_list(coercer_of(kind.of_type))
    if isinstance(kind, GraphQLInputObjectType):
        return nullable, _input(kind).coerce
    return nullable, kind.coerce_input_value


def _of_list(coerce_item: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if type(value) is not list:  # One may stand for a list of one; that is not often so.
            raise NotTaken
        return [coerce_item(item) for item in value]

    return coerce


class _Field(NamedTuple):
    out_name: str
    nullable: bool
    coerce: Coerce


class _Input:
    """Makes the inputs of one type."""

    def __init__(self, kind: GraphQLInputObjectType) -> None:
        self._make = kind.out_type
        self._one_of = kind.is_one_of
        self._fields: dict[str, _Field] = {}
        self._absent: dict[str, Any] = {}
        self._required: set[str] = set()

    def know_fields(self, kind: GraphQLInputObjectType) -> None:
        """Apart from making it, because a field may be of its own type."""
        for name, field in kind.fields.items():
            out_name = field.out_name or name
            self._fields[name] = _Field(out_name, *_parts(field.type))
            if is_required_input_field(field):
                self._required.add(name)
            default = coerce_default_value(field)
            if default is not Undefined:
                self._absent[out_name] = default

    def coerce(self, value: Any) -> Any:
        if type(value) is not dict or not self._required <= value.keys():
            raise NotTaken
        made = self._absent.copy()
        for name, given in value.items():
            out_name, nullable, coerce = self._fields[name]
            if given is not None:
                made[out_name] = coerce(given)
            elif nullable:
                made[out_name] = None
            else:
                raise NotTaken
        if self._one_of and (len(made) != 1 or None in made.values()):
            raise NotTaken
        return self._make(made)


_inputs: dict[GraphQLInputObjectType, _Input] = {}


def _input(kind: GraphQLInputObjectType) -> _Input:
    if kind not in _inputs:
        _inputs[kind] = _Input(kind)
        _inputs[kind].know_fields(kind)
    return _inputs[kind]


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
