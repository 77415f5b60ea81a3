"""Inputs are coerced exactly as by graphql-core."""

from random import Random
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    build_schema,
    is_required_input_field,
    parse,
)
from graphql.execution.values import VariableValues, get_variable_values
from graphql.utilities import coerce_input_value

from nzc_api.schema.schema import schema as nzc
from nzc_api.shortcuts.handles import core_schema
from nzc_api.shortcuts.install import install
from nzc_api.shortcuts.variables import coerce_variables, coercer_of, variables_of

install(nzc)
SCHEMA = core_schema(nzc)

INPUTS = sorted(
    name for name, kind in SCHEMA.type_map.items() if isinstance(kind, GraphQLInputObjectType)
)

RIGHT: dict[str, tuple[Any, ...]] = {
    "ID": ("p", ""), "String": ("CCER", "文", ""), "Boolean": (True, False), "Int": (0, 7),
    "BigInt": ("1", "-1"), "Decimal": ("12.5", "7"), "Date": ("2024-07-01",),
    "DateTime": ("2024-07-01T08:00:00Z",),
}  # fmt: skip

# What is wrong for most kinds.
WRONG: tuple[Any, ...] = ("x y", "12.5", "2024-07-01", 7, 2.5, True, {}, [])

ENOUGH = 6  # levels, for an input that holds its own kind


class Dice(Random):
    """What throws values; how often they are wrong is one in ``odds``."""

    odds = 1

    def goes_wrong(self) -> bool:
        return not self.randrange(self.odds)


def value_of(kind: Any, dice: Dice, levels: int = ENOUGH) -> Any:
    """A value of a type, mostly a right one."""
    if isinstance(kind, GraphQLNonNull):
        return None if dice.goes_wrong() else set_value_of(kind.of_type, dice, levels)
    return set_value_of(kind, dice, levels) if dice.randrange(6) else None


def set_value_of(kind: Any, dice: Dice, levels: int) -> Any:
    if dice.goes_wrong():
        return dice.choice(WRONG)
    if isinstance(kind, GraphQLList):
        items = [value_of(kind.of_type, dice, levels) for _ in range(dice.randrange(3))]
        return value_of(kind.of_type, dice, levels) if dice.goes_wrong() else items
    if isinstance(kind, GraphQLEnumType):
        return "NONE_OF_THEM" if dice.goes_wrong() else dice.choice([*kind.values])
    if isinstance(kind, GraphQLInputObjectType):
        return fields_of(kind, dice, levels - 1) if levels else {}
    return dice.choice(RIGHT[kind.name])


def fields_of(kind: GraphQLInputObjectType, dice: Dice, levels: int) -> dict[str, Any]:
    names = list(kind.fields)
    if kind.is_one_of and not dice.goes_wrong():
        name = dice.choice(names)
        return {name: set_value_of(kind.fields[name].type, dice, levels)}
    made = {name: value_of(field.type, dice, levels) for name, field in kind.fields.items()}
    for name in names:
        required = is_required_input_field(kind.fields[name])
        if dice.goes_wrong() if required else dice.randrange(2):
            del made[name]
    return made | {"noSuchField": "1"} if dice.goes_wrong() else made


@pytest.mark.parametrize("name", INPUTS)
def test_as_by_graphql_core(name: str) -> None:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    coerce, dice, coerced = coercer_of(kind), Dice(name), 0
    for number in range(100):
        dice.odds = (10, 100, 1000)[number % 3]
        value = fields_of(kind, dice, ENOUGH)
        try:
            made = coerce(value)
        except Exception:
            continue
        assert made == coerce_input_value(value, kind), value
        coerced += 1
    assert coerced > 20, "too much was left to graphql-core"


def coerced(schema: GraphQLSchema, nodes: Any, given: dict[str, Any]) -> VariableValues | None:
    coercers = variables_of(schema, nodes)
    return None if coercers is None else coerce_variables(coercers, given)


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
