"""Fields that are attributes, shown as scalars or enums, are read and shown directly.

graphql-core would make of each what a resolver may ask for, call one, and look whether it is to be awaited.
"""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

import strawberry
from graphql import (
    GraphQLLeafType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import Path, Undefined

from nzc_api.shortcuts.executors import let_execute
from nzc_api.shortcuts.handles import STRAWBERRY, StockExecutor

# Of such values there is nothing to await, and none is an error.
_SHOWN = (str, int, Decimal, date, Enum)


class _Plain(NamedTuple):
    """A field that is an attribute, shown as a scalar or an enum."""

    attribute: str
    kind: GraphQLLeafType
    nullable: bool


class PlainFields(StockExecutor):
    """Reads plain fields; anything else, a null where none may be or a value that cannot be shown, goes the long
    way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By their ids; the lists are kept, so that no other gets the id of one.
        self._plain: dict[int, tuple[list[FieldDetails], _Plain | None]] = {}

    def build_per_event_executor(self, payload: Any) -> Any:
        """An executor of one event. What it finds out about its fields dies with it: each event's are other lists,
        and a subscription may live for months."""
        executor: Any = super().build_per_event_executor(payload)
        executor._plain = {}
        return executor

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> Any:
        plain = self._plain_field(parent_type, field_details_list)
        if plain is not None:
            value = getattr(source, plain.attribute, Undefined)
            if value is None and plain.nullable:
                return None
            if isinstance(value, _SHOWN):
                try:
                    return self.complete_leaf_value(plain.kind, value)
                except Exception:  # noqa: S110  What is wrong, the long way says.
                    pass
        return super().execute_field(
            parent_type, source, field_details_list, path, position_context
        )

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


def read_plain_fields(schema: strawberry.Schema) -> None:
    """Let what executes operations of ``schema`` read their plain fields."""
    let_execute(schema, PlainFields)


def _plain(schema: GraphQLSchema, parent: GraphQLObjectType, name: str) -> _Plain | None:
    field = parent.fields.get(name)
    made_of = None if field is None else field.extensions.get(STRAWBERRY)
    if field is None or made_of is None or not made_of.is_basic_field or field.args:
        return None
    nullable = not isinstance(field.type, GraphQLNonNull)
    kind = field.type if nullable else field.type.of_type
    return _Plain(made_of.python_name, kind, nullable) if is_leaf_type(kind) else None
