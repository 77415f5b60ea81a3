"""Every list has a size that is known before it is made: a page, or a bound that its description says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from nzc_api.accounting.factors import EMISSION_FACTORS, FACTOR_LISTS, LISTS_BY_CODE
from nzc_api.accounting.units import activity_units
from nzc_api.guide.terms import Category
from nzc_api.ids import BatchId, PilotId
from nzc_api.inventories.categories import factor_kinds, own_activity_dimensions
from nzc_api.inventories.model import LineRole
from nzc_api.ledger.errors.retiring import MOST_BATCHES, SerialRangeSpansBatches
from nzc_api.pilots.errors import (
    MOST_PERIODS,
    MOST_PILOTS,
    PeriodNotOfPilot,
    SurroundingPilotCycle,
)
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import Refusal
from nzc_api.schema.factors.errors import MOST_UNITS_OF_A_CATEGORY
from nzc_api.schema.kit.connections import DEFAULT_FIRST
from nzc_api.schema.kit.errors import DEEPEST_PATH, MOST_CODES
from nzc_api.schema.kit.fields import AT_MOST
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import STRAWBERRY, core_schema
from tests.world import World

TYPES: dict[str, Any] = core_schema(schema).type_map

# What is said of the items of a page, whose size its ``first`` says.
IN_PAGE = {"nodes", "edges", "events"}


def fields() -> Iterator[tuple[str, str, GraphQLField]]:
    for name, kind in TYPES.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and name[:2] != "__":
            for field, definition in kind.fields.items():
                yield name, field, definition


def is_list(definition: GraphQLField) -> bool:
    kind = definition.type
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def at_most(definition: GraphQLField) -> int | None:
    found: int | None = definition.extensions[STRAWBERRY].metadata.get(AT_MOST)
    return found


def test_every_list_is_a_page_or_says_how_long_it_is() -> None:
    lists = [(kind, name, field) for kind, name, field in fields() if is_list(field)]
    assert lists
    for kind, name, field in lists:
        if name in IN_PAGE and (kind.endswith("Connection") or kind == "EventPage"):
            continue
        most = at_most(field)
        paged = "first" in field.args or "ids" in field.args
        assert paged != (most is not None), f"{kind}.{name} must say how long it is, in one way"
        if most is not None:
            assert f"At most {most}." in (field.description or ""), f"{kind}.{name}"


def test_every_connection_is_asked_for_by_page() -> None:
    connections = [
        (kind, name, field)
        for kind, name, field in fields()
        if str(get_named_type(field.type)).endswith("Connection")
    ]
    assert connections
    for kind, name, field in connections:
        assert {"first", "after"} <= field.args.keys(), f"{kind}.{name}"
        assert field.args["first"].default_value == DEFAULT_FIRST


def everything(kind: Any, *, but: frozenset[str] = frozenset()) -> str:
    """A selection of all fields of a type, and of theirs, each type only once on a way down."""
    if is_leaf_type(get_named_type(kind)):
        return ""
    kind = get_named_type(kind)
    selected = [
        f"{name} {everything(field.type, but=but | {kind.name})}"
        for name, field in kind.fields.items()
        if get_named_type(field.type).name not in but
        and not any(isinstance(a.type, GraphQLNonNull) for a in field.args.values() if a.required)
    ] if hasattr(kind, "fields") else ["__typename"]  # fmt: skip
    return "{ " + " ".join(selected) + " }"


def lists_of(kind: Any, value: Any) -> Iterator[tuple[str, int, int]]:
    """The bounded lists of an answer: where, how long each is, and how long it may be."""
    if isinstance(value, list):
        for item in value:
            yield from lists_of(kind, item)
    elif isinstance(value, dict):
        for name, inside in value.items():
            field = get_named_type(kind).fields[name]
            most = at_most(field) if is_list(field) else None
            if most is not None and name not in IN_PAGE:
                yield f"{kind}.{name}", len(inside), most
            yield from lists_of(get_named_type(field.type), inside)


QUERY = TYPES["Query"]


@pytest.mark.parametrize(
    "query",
    [
        f"{{ guide {everything(TYPES['Guide'])} }}",
        f"{{ programmes {everything(TYPES['Programme'])} }}",
        f"{{ gwpTables {everything(TYPES['GwpTable'])} }}",
    ],
)
async def test_product_data_is_as_long_as_it_says(shared_world: World, query: str) -> None:
    found = list(lists_of(QUERY, await shared_world.anyone.ask(query)))
    assert found
    longest = {place: max(n for where, n, _ in found if where == place) for place, *_ in found}
    for place, _, most in found:
        assert longest[place] == most, place


async def test_factors_are_as_long_as_they_say(shared_world: World) -> None:
    query = """query ($after: String) { emissionFactors(first: 100, after: $after) {
        nodes { acceptedUnits gases { parts { unit } } sources { title } }
        pageInfo { hasNextPage endCursor } } }"""
    after, longest = None, dict[str, tuple[int, int]]()
    while True:
        data = await shared_world.anyone.ask(query, after=after)
        for place, length, most in lists_of(QUERY, data):
            longest[place] = max(longest.get(place, (0, 0)), (length, most))
        after = data["emissionFactors"]["pageInfo"]["endCursor"]
        if not data["emissionFactors"]["pageInfo"]["hasNextPage"]:
            break
    assert all(length <= most for length, most in longest.values()), longest
    # A factor of a pilot's own has more gases and parts, but no more units or sources.
    tight = [longest[f"EmissionFactor.{name}"] for name in ("acceptedUnits", "sources")]
    assert all(length == most for length, most in tight), tight


def depth(kind: Any) -> int:
    """How long a path inside an argument can be."""
    if isinstance(kind, GraphQLNonNull):
        return depth(kind.of_type)
    if isinstance(kind, GraphQLList):
        return 1 + depth(kind.of_type)
    if isinstance(kind, GraphQLInputObjectType):
        return max(1 + depth(field.type) for field in kind.fields.values())
    return 0


def test_no_path_is_longer_than_arguments_are_deep() -> None:
    arguments = [
        1 + depth(argument.type)
        for root in ("Query", "Mutation", "Subscription")
        for field in TYPES[root].fields.values()
        for argument in field.args.values()
    ]
    assert max(arguments) == DEEPEST_PATH


LINES = [(category, role) for category in Category for role in LineRole]


def test_refusals_of_a_line_name_as_much_as_they_say() -> None:
    units = [own_activity_dimensions(category, role) or () for category, role in LINES]
    assert max(sum(len(activity_units(factor)) for factor in each) for each in units) == (
        MOST_UNITS_OF_A_CATEGORY
    )
    fitting = [
        sum(factor.kind in factor_kinds(category, role) for factor in factor_list.factors)
        for category, role in LINES
        for factor_list in FACTOR_LISTS
    ]
    latest = LISTS_BY_CODE.values()
    having = [
        sum(factor_list.find(f.code) is not None for factor_list in latest)
        for f in EMISSION_FACTORS
    ]
    assert max(fitting) <= MOST_CODES
    assert max(having) <= MOST_CODES


def spans(count: int) -> list[DateSpan]:
    return [DateSpan(date(1990 + n, 1, 1), date(1990 + n, 12, 31)) for n in range(count)]


@pytest.mark.parametrize("more", [0, 1, 30])
def test_a_long_refusal_says_how_much_more_there_is(more: int) -> None:
    periods = PeriodNotOfPilot.of("TOWN", spans(MOST_PERIODS + more), "accountingPeriod")
    assert (len(periods.periods), periods.more) == (MOST_PERIODS, more)
    assert periods.periods[-1].startswith(str(1990 + MOST_PERIODS + more - 1))
    chain = [(PilotId(n), f"P-{n}") for n in range(MOST_PILOTS + more)]
    cycle = SurroundingPilotCycle.of(chain, "surroundingPilot")
    assert (len(cycle.pilot_ids), cycle.more) == (MOST_PILOTS, more)
    batches = SerialRangeSpansBatches.of(
        "A-1 to 9", [(BatchId(n), str(n)) for n in range(MOST_BATCHES + more)]
    )
    assert (len(batches.batch_ids), batches.more) == (MOST_BATCHES, more)
    for refusal in (periods, cycle, batches):
        assert ("…" in refusal.message.zh, "…" in refusal.message.en) == (more > 0, more > 0)
        assert Refusal.thaw(refusal.freeze()) == refusal


def test_a_refusal_that_was_kept_before_it_had_a_bound() -> None:
    kept = {"code": "PERIOD_NOT_OF_PILOT", "path": [], "pilot_code": "TOWN", "periods": ["a", "b"]}
    assert Refusal.thaw(kept).message.en.endswith("its periods are: a, b")
