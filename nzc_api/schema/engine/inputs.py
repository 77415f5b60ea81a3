"""Inputs are checked and made by graphql-core, while it coerces them.

Strawberry would do both afterwards: it resolves every field's type anew for every value, which was
a third of what a bulk request cost, and it finds a wrong @oneOf late and without a path.
"""

from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition

STRAWBERRY = GraphQLCoreConverter.DEFINITION_BACKREF


def let_core_make_inputs(schema: GraphQLSchema) -> None:
    """Tell graphql-core what it needs to know of every input type of Strawberry's."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            _let_core_make(kind, kind.extensions[STRAWBERRY])


def _let_core_make(kind: GraphQLInputObjectType, definition: StrawberryObjectDefinition) -> None:
    kind.is_one_of = bool(definition.is_one_of)
    for field in kind.fields.values():
        field.out_name = field.extensions[STRAWBERRY].python_name
    kind.out_type = lambda value: definition.origin(**value)  # type: ignore[method-assign]
    definition.from_input = _as_made


def _as_made(_kind: type, made: Any, _context: object) -> Any:
    return made
