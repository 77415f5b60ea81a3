"""Short ways of execution end where graphql-core's own does, also where something is wrong."""

import gc
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, create_source_event_stream, execute, parse
from graphql.execution.execute import map_source_to_response_event
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from nzc_api.schema.engine.executor import Executor as BoundedExecutor
from nzc_api.shortcuts.executors import with_way
from nzc_api.shortcuts.handles import core_schema
from nzc_api.shortcuts.levels import ByLevels
from nzc_api.shortcuts.operations import Copied
from tests.world import World

Executor: Any = with_way(with_way(BoundedExecutor, Copied), ByLevels)


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.type
class Thing:
    text: str | None
    number: int
    exact: Decimal | None = None
    day: date | None = None
    colour: Colour | None = None
    words: list[str] | None = None

    @strawberry.field
    def twice(self) -> int:
        return 2 * self.number

    @strawberry.field
    async def later(self) -> str | None:
        return self.text


async def _later() -> str:
    return "later"


def thing(**changes: Any) -> Thing:
    given: dict[str, Any] = {"text": "a", "number": 1}
    return Thing(**given | changes)


# Made anew each time: a coroutine can be awaited only once.
THINGS: dict[str, Callable[[], Any]] = {
    "plain": lambda: thing(
        exact=Decimal("1.50"), day=date(2024, 1, 2), colour=Colour.RED, words=["x"]
    ),
    "empty": lambda: thing(text=None, number=0),
    "null that must not be": lambda: thing(number=None),
    "no number": lambda: thing(number="many"),
    "too large a number": lambda: thing(number=1 << 40),
    "a truth for a number": lambda: thing(number=True),
    "a number for a text": lambda: thing(text=7),
    "an error": lambda: thing(text=ValueError("bad")),
    "something to await": lambda: thing(text=_later()),
    "no colour": lambda: thing(colour="blue"),
    "another thing": object,
}


@strawberry.type
class Query:
    @strawberry.field
    def thing(self, name: str) -> Thing | None:
        found: Thing = THINGS[name]()
        return found

    @strawberry.field
    def things(self, names: list[str], first: int = 9) -> list[Thing]:
        return [THINGS[name]() for name in names[:first]]


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def things(self) -> AsyncGenerator[Thing, None]:
        while True:
            yield thing()


SCHEMA = strawberry.Schema(Query, subscription=Subscription)

FIELDS = "__typename text number exact day colour words twice later"

ONE = f"query ($name: String!) {{ thing(name: $name) {{ {FIELDS} again: text text }} }}"
ALL = f"""query ($names: [String!]!, $first: Int! = 9, $no: Boolean = true) {{
    things(names: $names, first: $first) {{ ...f number @skip(if: $no) }} }}
    fragment f on Thing {{ {FIELDS} }}"""


# The same document each time, as known ones are: from the second time on its executor is a copy.
parsed = cache(parse)


async def done(executor: Any, query: str, variables: dict[str, Any]) -> tuple[Any, Any]:
    result = execute(
        core_schema(SCHEMA),
        parsed(query),
        variable_values=variables,
        executor_class=executor,
        context_value={},
    )
    if not isinstance(result, ExecutionResult):
        result = await result
    assert isinstance(result, ExecutionResult)
    return result.data, sorted(str(error.formatted) for error in result.errors or ())


@pytest.mark.parametrize("name", THINGS)
async def test_one_as_by_graphql_core(name: str) -> None:
    told = [
        await done(executor, ONE, {"name": name})
        for executor in (StrawberryGraphQLCoreExecutionContext, Executor)
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "variables",
    [
        {"names": ["plain", "empty", "plain"]},
        {"names": ["plain", "empty", "plain"], "first": 2, "no": False},
        {"names": []},
        {"names": "plain"},
        {"names": ["plain"], "first": None},
        {"names": None},
        {},
    ],
)
async def test_many_as_by_graphql_core(variables: dict[str, Any]) -> None:
    told = [
        await done(executor, ALL, variables)
        for executor in (StrawberryGraphQLCoreExecutionContext, Executor)
    ]
    assert told[0] == told[1]
    assert told[0][0] or told[0][1]


async def test_what_is_right_is_answered() -> None:
    data, errors = await done(Executor, ONE, {"name": "plain"})
    assert not errors
    assert data["thing"] == {
        "__typename": "Thing", "text": "a", "number": 1, "exact": "1.50", "day": "2024-01-02",
        "colour": "RED", "words": ["x"], "twice": 2, "later": "a", "again": "a",
    }  # fmt: skip


async def test_events_leave_nothing_behind() -> None:
    """A subscription lives long: what is remembered of each event would add up."""
    executor = Executor.build(
        core_schema(SCHEMA), parse("subscription { things { text number twice } }")
    )
    events = execute_subscription_events(executor)
    for _ in range(3):
        result = await anext(events)
        assert result.data == {"things": {"text": "a", "number": 1, "twice": 2}}
    remembered = len(executor._relevant_sub_fields)
    for _ in range(50):
        await anext(events)
    assert len(executor._relevant_sub_fields) == remembered
    await events.aclose()


async def execute_subscription_events(executor: Executor) -> AsyncGenerator[ExecutionResult, None]:
    stream = await create_source_event_stream(executor)  # type: ignore[misc]
    async for result in map_source_to_response_event(executor, stream):
        yield result


PILOT = "query($by: ByIdOrCode!) { pilot(by: $by) { code } }"


@pytest.fixture
def executors() -> Iterator[Callable[[], int]]:
    """How many there are, while the collector does not run."""
    gc.disable()
    yield lambda: sum(issubclass(type(found), BoundedExecutor) for found in gc.get_objects())
    gc.enable()


async def test_an_answered_request_is_gone_without_the_collector(
    world: World, executors: Callable[[], int]
) -> None:
    """Its executor, and with that all of its input, would else wait for a collection of everything."""
    pilot = await world.pilot()

    async def ask() -> None:
        await world.anyone.ask(PILOT, by={"code": pilot["code"]})
        await world.anyone.fail(PILOT, by={})
        await world.anyone.fail(
            "{ creditSerial(by: {programme: CCER, text: 7}) { sincePosition } }"
        )
        await world.registry.refused("retireCredits", **world.retirement(pilot, "NONE", 1, 1))

    await ask()
    before = executors()  # Those that are copied stay.
    for _ in range(3):
        await ask()
    assert executors() == before
