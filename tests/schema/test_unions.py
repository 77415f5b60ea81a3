"""A client can ask for any fields of the members of a union or interface side by side."""

from itertools import combinations
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLUnionType,
    is_leaf_type,
    parse,
    validate,
)

from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema

CORE = core_schema(schema)
ABSTRACT = [
    kind
    for kind in CORE.type_map.values()
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType)
]


def same_shape(one: Any, other: Any, seen: frozenset[tuple[str, str]] = frozenset()) -> bool:
    """Whether fields of these types can be asked for under one name, whatever is asked of what they
    hold: GraphQL's rule “field selection merging”."""
    for wrapper in (GraphQLNonNull, GraphQLList):
        if isinstance(one, wrapper) or isinstance(other, wrapper):
            if type(one) is not type(other):
                return False
            return same_shape(one.of_type, other.of_type, seen)
    if is_leaf_type(one) or is_leaf_type(other):
        return one is other
    if one is other or (one.name, other.name) in seen:
        return True
    seen |= {(one.name, other.name), (other.name, one.name)}
    return all(
        same_shape(a.fields[name].type, b.fields[name].type, seen)
        for a in members(one)
        for b in members(other)
        for name in a.fields.keys() & b.fields.keys()
    )


def members(kind: Any) -> list[Any]:
    """The types that a selection on the type may be of."""
    if isinstance(kind, GraphQLUnionType):
        return list(kind.types)
    return [kind, *CORE.get_possible_types(kind)] if kind in ABSTRACT else [kind]


@pytest.mark.parametrize("kind", ABSTRACT, ids=lambda kind: kind.name)
def test_members_can_be_asked_side_by_side(kind: Any) -> None:
    for one, other in combinations(CORE.get_possible_types(kind), 2):
        for name in one.fields.keys() & other.fields.keys():
            found = (one.fields[name].type, other.fields[name].type)
            assert same_shape(*found), (
                f"{one.name}.{name}: {found[0]}; {other.name}.{name}: {found[1]}"
            )


def test_graphql_agrees() -> None:
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
        ... on Project { pilot { code } administrativeDivision { code } }
        ... on Retirement { pilot { code } accountingPeriod { startsOn } }
        ... on Inventory { pilot { code } accountingPeriod { startsOn } }
        ... on Pilot { kind administrativeDivision { code } accountingPeriod(by: {year: 2022}) { id } }
        ... on EmissionFactor { factorKind gases { gas } }
        ... on EmissionSource { gases { gas } }
        ... on LedgerPosting { entryKind } } }"""
    assert validate(CORE, parse(query)) == []
