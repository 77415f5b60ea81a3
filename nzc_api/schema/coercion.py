"""Variables are coerced by functions that are made once for each input type.

graphql-core asks of every value anew what its type is, which was an eighth of a bulk request. What these
functions make of a value is what it would make; what they do not take (``Undefined``), it is asked to
coerce itself, and says what is wrong.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value

Coerce = Callable[[Any], Any]

_of_inputs: dict[GraphQLInputObjectType, Coerce] = {}


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
        made = coercer_of(signature.type)(value)
        if made is Undefined:
            return None
        sources[signature.name] = VariableValueSource(signature, value)
        coerced[signature.name] = made
    return VariableValues(sources, coerced)


def coercer_of(kind: GraphQLInputType) -> Coerce:
    """What makes of a value what the type says, or ``Undefined``."""
    absent = None
    if isinstance(kind, GraphQLNonNull):
        kind, absent = kind.of_type, Undefined
    coerce = _coercer_of_values(kind)
    return lambda value: absent if value is None else coerce(value)


def _coercer_of_values(kind: Any) -> Coerce:
    """The same, of values that are not null."""
    if isinstance(kind, GraphQLList):
        return _of_list(coercer_of(kind.of_type))
    if not isinstance(kind, GraphQLInputObjectType):
        return _of_leaf(kind)
    if kind not in _of_inputs:
        fields: list[_Field] = []
        _of_inputs[kind] = _of_input(kind, fields)  # Before its fields: one may be of its own type.
        fields += [_Field.of(name, field) for name, field in kind.fields.items()]
    return _of_inputs[kind]


def _of_leaf(kind: GraphQLScalarType | GraphQLEnumType) -> Coerce:
    parse = kind.coerce_input_value

    def coerce(value: Any) -> Any:
        try:
            return parse(value)
        except Exception:  # Whatever is wrong, graphql-core will say.
            return Undefined

    return coerce


def _of_list(coerce_item: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if type(value) is not list:  # One may stand for a list of one; that is not often so.
            return Undefined
        made = []
        for given in value:
            item = coerce_item(given)
            if item is Undefined:
                return Undefined
            made.append(item)
        return made

    return coerce


class _Field(NamedTuple):
    name: str
    out_name: str
    coerce: Coerce
    required: bool
    given: GraphQLInputField

    @classmethod
    def of(cls, name: str, field: GraphQLInputField) -> "_Field":
        required = is_required_input_field(field)
        return cls(name, field.out_name or name, coercer_of(field.type), required, field)


def _of_input(kind: GraphQLInputObjectType, fields: list[_Field]) -> Coerce:
    def coerce(value: Any) -> Any:
        if type(value) is not dict:
            return Undefined
        made = {}
        met = 0
        for name, out_name, coerce_field, required, field in fields:
            if name in value:
                met += 1
                item = coerce_field(value[name])
                if item is Undefined:
                    return Undefined
                made[out_name] = item
            elif required:
                return Undefined
            else:
                item = coerce_default_value(field)
                if item is not Undefined:
                    made[out_name] = item
        if met != len(value):  # There is a name that is no field's.
            return Undefined
        if kind.is_one_of and (met != 1 or len(made) != 1 or None in made.values()):
            return Undefined
        return kind.out_type(made)

    return coerce
