"""Inputs are coerced exactly as by graphql-core."""

from functools import cache
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    build_schema,
    parse,
)
from graphql.execution.values import VariableValues, get_variable_values
from graphql.utilities import coerce_input_value
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.schema.schema import schema as nzc
from nzc_api.shortcuts.install import install
from nzc_api.shortcuts.variables import coerce_variables, coercer_of, variables_of

install(nzc)
SCHEMA = nzc._schema

INPUTS = sorted(
    name for name, kind in SCHEMA.type_map.items() if isinstance(kind, GraphQLInputObjectType)
)

# What is right for some scalar, and what is for none.
VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [
        "1",
        "12.5",
        "2024-07-01",
        "2024-07-01T08:00:00Z",
        "CCER",
        "文",
        "",
        7,
        2.5,
        True,
        "x y",
        {},
        [],
    ]
)

ENOUGH = 6  # levels, for an input that holds its own kind


@cache  # Hypothesis looks at a strategy once; at a new one for each value it would take minutes.
def values_of(kind: Any, levels: int = ENOUGH) -> st.SearchStrategy[Any]:
    """Values of a type, mostly of the right shape."""
    if isinstance(kind, GraphQLNonNull):
        return st.one_of(*[values_of(kind.of_type, levels)] * 12, st.none())
    if isinstance(kind, GraphQLList):
        items = values_of(kind.of_type, levels)
        return st.lists(items, max_size=2) | items | st.none()
    if isinstance(kind, GraphQLEnumType):
        return st.sampled_from([*kind.values, "NONE_OF_THEM", None])
    if isinstance(kind, GraphQLInputObjectType) and levels:
        return fields_of(kind, levels - 1)
    return VALUES | st.none()


@st.composite
def fields_of(draw: st.DrawFn, kind: GraphQLInputObjectType, levels: int) -> dict[str, Any]:
    names = list(kind.fields)
    left_out = draw(st.sets(st.sampled_from(names), max_size=1))
    if kind.is_one_of and draw(st.integers(0, 4)):
        left_out = set(names) - {draw(st.sampled_from(names))}
    made = {
        name: draw(values_of(field.type, levels))
        for name, field in kind.fields.items()
        if name not in left_out
    }
    if not draw(st.integers(0, 9)):
        made["noSuchField"] = "1"
    return made


@pytest.mark.parametrize("name", INPUTS)
@given(st.data())
def test_as_by_graphql_core(name: str, data: st.DataObject) -> None:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    value = data.draw(values_of(kind))
    try:
        made = coercer_of(kind)(value)
    except Exception:
        return
    assert made == coerce_input_value(value, kind)


def coerced(schema: GraphQLSchema, nodes: Any, given: dict[str, Any]) -> VariableValues | None:
    known = variables_of(schema, nodes)
    return None if known is None else coerce_variables(known, given)


def variables(schema: GraphQLSchema, operation: str, given: dict[str, Any]) -> Any:
    """What graphql-core makes of variables, and what we do."""
    [definition] = parse(operation).definitions
    nodes = definition.variable_definitions  # type: ignore[attr-defined]
    return get_variable_values(schema, nodes, given), coerced(schema, nodes, given)


def told(values: VariableValues) -> tuple[dict[str, Any], dict[str, Any]]:
    """What can be compared of variables: a type in a list is another one each time it is read."""
    return values.coerced, {name: source.value for name, source in values.sources.items()}


RETIRE = "mutation ($input: RetireCreditsInput!) { retireCredits(input: $input) { __typename } }"


def retirement(**changes: Any) -> dict[str, Any]:
    return {
        "idempotencyKey": "k",
        "programme": "CCER",
        "serials": {"range": {"prefix": "A", "first": "1", "last": "9"}},
        "pilot": "p",
        "accountingPeriod": "a",
        "retiredOn": "2024-07-01",
    } | changes


def test_what_is_right_is_not_left_to_graphql_core() -> None:
    stock, ours = variables(SCHEMA, RETIRE, {"input": retirement(), "unasked": 1})
    assert told(ours) == told(stock)
    assert ours.coerced["input"].serials.range.last == 9


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"input": None},
        {"input": []},
        {"input": retirement(retiredOn="tomorrow")},
        {"input": retirement(pilot=None)},
        {"input": retirement(pilots="p")},
        {"input": retirement(programme="VCS")},
        {"input": retirement(serials={})},
        {"input": retirement(serials={"range": None})},
        {"input": retirement(serials={"range": {"prefix": "A", "first": 1, "last": "9"}})},
    ],
)
def test_what_is_wrong_is_left_to_graphql_core(given: dict[str, Any]) -> None:
    stock, ours = variables(SCHEMA, RETIRE, given)
    assert ours is None
    assert isinstance(stock, list)


PLAIN = build_schema("""
    type Query { a(i: I, n: Int, l: [Int!]): Int }
    input I { own: I, n: Int! = 3, l: [[Int]], word: String }
""")


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        ("I", {}, {"n": 3}),
        ("I", {"word": None}, {"n": 3, "word": None}),
        ("I", {"own": {"own": {"n": 4}}}, {"own": {"own": {"n": 4}, "n": 3}, "n": 3}),
        ("I", {"l": [[1, None], None]}, {"n": 3, "l": [[1, None], None]}),
        ("I", None, None),
        ("Int", None, None),
        ("[Int!]", [], []),
        ("[Int!]", [1], [1]),
    ],
)
def test_what_is_made(kind: str, value: Any, made: Any) -> None:
    stock, ours = variables(PLAIN, f"query ($v: {kind}) {{ a }}", {"v": value})
    assert told(ours) == told(stock)
    assert ours.coerced == {"v": made}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("I", {"n": None}),
        ("I", {"own": {"n": "4"}}),
        ("Int!", None),
        ("[Int!]", [1, None]),
        ("[Int!]", 1),
        ("Query", {}),
        ("Unknown", {}),
    ],
)
def test_what_is_not(kind: str, value: Any) -> None:
    _, ours = variables(PLAIN, f"query ($v: {kind}) {{ a }}", {"v": value})
    assert ours is None
