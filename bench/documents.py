"""Legal documents that cost as much as they may, made at random over the schema."""

import random
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    parse,
)
from strawberry.types.graphql import OperationType

from nzc_api.schema.engine.limits import Cost, cost_of
from nzc_api.schema.engine.operations import MOST_TOKENS
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema

# What arguments are given, by their name and type; a field that requires another is not asked for.
Arguments = Mapping[str, str]

# How many root fields are tried for one document, how many fields each has at most, and how deep they go.
TRIED = 30
MOST_FIELDS = 80
DEEPEST = 8


class Documents:
    """Makes documents of queries, with what ``arguments`` say."""

    def __init__(self, arguments: Arguments, seed: int) -> None:
        self._arguments = arguments
        self._random = random.Random(seed)

    def dear(self) -> tuple[str, Cost]:
        """A document near the limit, and its cost: root fields are added for as long as it is within."""
        parts: list[str] = ["log { position }"]
        cost = Cost()
        for number in range(TRIED):
            part = self._root(f"a{number}")
            reckoned = None if part is None else _reckon([*parts, part])
            if part is not None and reckoned is not None:
                parts.append(part)
                cost = reckoned
        return _document(parts), cost

    def _root(self, alias: str) -> str | None:
        root = core_schema(schema).query_type
        assert root is not None
        self._left = self._random.randint(5, MOST_FIELDS)
        return self._field(alias, self._random.choice(list(root.fields)), root, DEEPEST)

    def _field(self, alias: str, name: str, parent: GraphQLObjectType, levels: int) -> str | None:
        field = parent.fields[name]
        given = self._given(field)
        if given is None or self._left <= 0:
            return None
        self._left -= 1
        kind = get_named_type(field.type)
        head = f"{alias}: {name}{given}"
        if is_leaf_type(kind):
            return head
        if not isinstance(kind, GraphQLObjectType) or levels == 0:
            return f"{head} {{ __typename }}"
        # Lists first: they are what makes an answer large.
        names = sorted(
            kind.fields, key=lambda n: (not _is_list(kind.fields[n]), self._random.random())
        )
        wanted = names[: self._random.randint(1, 6)]
        inside = [self._field(f"{n}_", n, kind, levels - 1) for n in wanted]
        return f"{head} {{ __typename {' '.join(filter(None, inside))} }}"

    def _given(self, field: GraphQLField) -> str | None:
        """The field's arguments; None where it requires one that nobody knows."""
        given = []
        for name, argument in field.args.items():
            value = self._arguments.get(f"{name}: {argument.type}")
            if value is not None:
                given.append(f"{name}: {value}")
            elif isinstance(argument.type, GraphQLNonNull):
                return None
        return f"({', '.join(given)})" if given else ""


def _is_list(field: GraphQLField) -> bool:
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(kind, GraphQLList) or "first" in field.args


def _document(parts: list[str]) -> str:
    return f"{{ {' '.join(parts)} }}"


def _reckon(parts: list[str]) -> Cost | None:
    """What the document would cost; None where it would be refused."""
    try:
        query = _document(parts)
        document = parse(query, max_tokens=MOST_TOKENS)
        (operation,) = document.definitions
        assert isinstance(operation, OperationDefinitionNode)
        asked: Any = SimpleNamespace(
            schema=schema,
            query=query,
            graphql_document=document,
            variables={},
            operation_name=None,
        )
        return cost_of(asked, OperationType.QUERY)
    except GraphQLError:
        return None
