"""Resolvers are called by graphql-core itself, with what it made of their arguments.

Strawberry would convert the arguments once more, which finds nothing left to convert (see ``inputs``), and
look the resolver's parameters up for every call.
"""

from collections.abc import Callable, Mapping
from functools import partial
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


class FieldResolver:
    """A resolver: calls the method or the function of one value that a field has; ``asks`` is the parameter that it is
    told in what is asked, if it has one."""

    def __init__(
        self, call: Callable[..., Any], asks: str | None, made_of: StrawberryField
    ) -> None:
        self._call, self._asks, self._made_of = call, asks, made_of

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        return self.bound(lambda: info, given)(source)

    def bound(
        self, info: Callable[[], GraphQLResolveInfo[Any]], given: Mapping[str, Any]
    ) -> Callable[[Any], Any]:
        """The same of each source, of one selection with its arguments."""
        if self._asks is not None:
            asked = strawberry.Info(_raw_info=info(), _field=self._made_of)
            given = {**given, self._asks: asked}
        return partial(self._call, **given) if given else self._call


def _resolver(made_of: StrawberryField) -> FieldResolver | None:
    resolver = made_of.base_resolver
    if resolver is None or not (resolver.self_parameter or resolver.root_parameter):
        return None
    asks = resolver.info_parameter
    return FieldResolver(resolver.wrapped_func, None if asks is None else asks.name, made_of)  # type: ignore[arg-type]
