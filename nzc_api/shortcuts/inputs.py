"""Inputs are made by graphql-core, while it coerces them.

Strawberry would make them afterwards: it resolves every field's type anew for every value, which was
a third of what a bulk request cost.
"""

from typing import Any

import strawberry
from graphql import GraphQLInputObjectType
from strawberry.types.base import StrawberryObjectDefinition

from nzc_api.shortcuts.handles import STRAWBERRY, core_schema


def let_core_make_inputs(schema: strawberry.Schema) -> None:
    """Tell graphql-core what it needs to know of every input type of Strawberry's."""
    for kind in core_schema(schema).type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            _let_core_make(kind, kind.extensions[STRAWBERRY])


def _let_core_make(kind: GraphQLInputObjectType, definition: StrawberryObjectDefinition) -> None:
    for field in kind.fields.values():
        field.out_name = field.extensions[STRAWBERRY].python_name
    kind.out_type = lambda value: definition.origin(**value)  # type: ignore[method-assign]
    definition.from_input = _as_made


def _as_made(_kind: type, made: Any, _context: object) -> Any:
    return made
