"""Resolvers are called by graphql-core itself, with what it made of their arguments.

Strawberry would convert the arguments once more, which finds nothing left to convert (see ``inputs``), and
look the resolver's parameters up for every call.
"""

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import GraphQLObjectType, GraphQLResolveInfo
from strawberry.types.field import StrawberryField

from nzc_api.shortcuts.handles import STRAWBERRY, core_schema


def let_core_call_resolvers(schema: strawberry.Schema) -> None:
    """Put a short way in the place of Strawberry's, wherever that would do nothing more."""
    name_of = schema.config.name_converter.get_graphql_name
    for kind in core_schema(schema).type_map.values():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            made_of: StrawberryField | None = field.extensions.get(STRAWBERRY)
            if made_of is None or made_of.is_subscription or made_of.extensions:
                continue
            resolve = _resolver(made_of)
            if resolve is not None:
                field.resolve = resolve
                for argument in made_of.arguments:
                    field.args[name_of(argument)].out_name = argument.python_name


def _resolver(made_of: StrawberryField) -> Callable[..., Any] | None:
    """Calls the method or the function of one value that a field's resolver is."""
    resolver = made_of.base_resolver
    if resolver is None or not (resolver.self_parameter or resolver.root_parameter):
        return None
    call: Callable[..., Any] = resolver.wrapped_func  # type: ignore[assignment]
    asks = resolver.info_parameter
    if asks is None:
        return lambda source, _info, **given: call(source, **given)
    name = asks.name

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        given[name] = strawberry.Info(_raw_info=info, _field=made_of)
        return call(source, **given)

    return resolve
