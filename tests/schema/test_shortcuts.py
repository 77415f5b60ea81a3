"""Short ways are taken where the setting says so, and answers are the same without them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from nzc_api.schema.engine.executor import Executor
from nzc_api.schema.schema import schema
from nzc_api.settings import Settings
from tests.conftest import PEOPLED, Server, client_of, fresh_database
from tests.served import served
from tests.world import Caller, World

PAGE = """query ($first: Int! = 2, $by: ByIdOrCode!, $no: Boolean = true) {
    organisations(first: $first) { totalCount nodes { id name { zh en } role registeredAt @skip(if: $no) } }
    pilot(by: $by) { code variant operationStartsOn name { ...both } } __typename }
    fragment both on LocalizedText { zh en }"""
RETIRE = """mutation ($input: RetireCreditsInput!) { retireCredits(input: $input) {
    __typename ... on UserError { code path message { zh en } } } }"""


def retirement(**changes: Any) -> dict[str, Any]:
    return {
        "idempotencyKey": "k",
        "programme": "CCER",
        "serials": {"range": {"prefix": "A", "first": "1", "last": "9"}},
        "pilot": "p",
        "accountingPeriod": "a",
        "retiredOn": "2024-07-01",
    } | changes


ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "a page": (PAGE, {"by": {"code": "P"}}),
    "defaults given": (PAGE, {"by": {"code": "P"}, "first": 1, "no": False}),
    "none of a one-of": (PAGE, {"by": {}}),
    "a variable missing": (PAGE, {}),
    "no number": (PAGE, {"by": {"code": "P"}, "first": "many"}),
    "no such pilot": (RETIRE, {"input": retirement()}),
    "an unknown field": (RETIRE, {"input": retirement(pilots="p")}),
    "no date": (RETIRE, {"input": retirement(retiredOn="tomorrow")}),
    "a null too many": (RETIRE, {"input": retirement(serials={"range": None})}),
}


@pytest_asyncio.fixture(scope="module")
async def both(server: Server, people: World) -> AsyncIterator[tuple[Caller, Caller]]:
    """The registry, answered as this process is set, and by the long ways from another."""
    async with (
        fresh_database(server, PEOPLED) as database,
        served(database.api_url, NZC_SHORTCUTS="false") as apart,
        apart.client() as long,
        client_of(database.api_url) as here,
    ):
        world = people.reached_by(here)
        await world.pilot(code="P")
        yield world.registry, people.reached_by(long).registry


@pytest.mark.parametrize("name", ASKED)
async def test_the_same_is_answered(name: str, both: tuple[Caller, Caller]) -> None:
    query, variables = ASKED[name]
    answers: list[httpx.Response] = [await who.post(query, **variables) for who in both]
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == answers[1].status_code


async def test_they_are_there_as_is_set(both: object) -> None:
    assert (schema.execution_context_class is not Executor) == Settings().shortcuts
