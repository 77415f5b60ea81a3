"""What NZC needs of Strawberry that Strawberry does not offer, short ways or not: here, and nowhere else."""

from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.execution import ExecutionContext

# Under which name a type or a field of graphql-core's knows what Strawberry made it of.
STRAWBERRY = GraphQLCoreConverter.DEFINITION_BACKREF

StockExecutor = StrawberryGraphQLCoreExecutionContext


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return schema._schema


def let_core_check_one_of(schema: strawberry.Schema) -> None:
    """Let graphql-core find a wrong @oneOf while it coerces; Strawberry would find it late, and without a path."""
    for kind in core_schema(schema).type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            kind.is_one_of = bool(kind.extensions[STRAWBERRY].is_one_of)


def forget_fields(executor: Any) -> None:
    """Let an executor forget what it found out about the fields that are selected, for they are others."""
    executor._relevant_sub_fields, executor.plans = {}, {}


def names_operation(execution: ExecutionContext) -> bool:
    """Whether the request says which operation of its document is meant."""
    return execution._provided_operation_name is not None


def resolve_info(info: strawberry.Info[Any, Any]) -> GraphQLResolveInfo[Any]:
    """What graphql-core tells a resolver of its field: Strawberry would make all that is selected below it anew."""
    return info._raw_info
