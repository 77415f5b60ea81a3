"""Variables are coerced by functions that are made once for each input type.

graphql-core asks of every value anew what its type is, which was an eighth of a bulk request. What these
functions make of a value is what it would make. Where they raise, whatever it is, graphql-core coerces
the variables itself, and says what is wrong.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value

Coerce = Callable[[Any], Any]


class NotTaken(Exception):
    """These functions make nothing of a value."""


class Variable(NamedTuple):
    """A variable of an operation, and what makes of a value what its type says."""

    signature: GraphQLVariableSignature
    coerce: Coerce


def variables_of(
    schema: GraphQLSchema, definitions: Iterable[VariableDefinitionNode]
) -> list[Variable] | None:
    """The variables of an operation; None where graphql-core is to say what is wrong with one."""
    signatures = [get_variable_signature(schema, definition) for definition in definitions]
    found = [each for each in signatures if not isinstance(each, GraphQLError)]
    if len(found) < len(signatures):
        return None
    return [Variable(signature, coercer_of(signature.type)) for signature in found]


def coerce_variables(
    variables: Iterable[Variable], given: Mapping[str, Any]
) -> VariableValues | None:
    """The values of variables; None where graphql-core is to say what they are, or are not."""
    sources: dict[str, VariableValueSource] = {}
    coerced: dict[str, Any] = {}
    for signature, coerce in variables:
        name = signature.name
        if name not in given:
            return None
        value = given[name]
        try:
            coerced[name] = coerce(value)
        except Exception:  # Also what a scalar says of a value, which graphql-core tells better.
            return None
        sources[name] = VariableValueSource(signature, value)
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
