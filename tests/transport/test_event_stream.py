"""Server-sent events have the log's positions for ids, and go on after the last one that was got."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
import pytest
import pytest_asyncio

from tests.conftest import Server, fresh_database
from tests.served import Served, served, told
from tests.world import World, key

FOLLOW = "subscription ($after: BigInt) { events(after: $after) { at: position kind } }"
WITHOUT_POSITION = "subscription ($after: BigInt) { events(after: $after) { kind } }"


@pytest_asyncio.fixture(scope="module")
async def world(server: Server, template: str) -> AsyncIterator[tuple[Served, World]]:
    async with (
        fresh_database(server, template) as database,
        served(database.api_url) as api,
        api.client() as http,
    ):
        yield api, await World.make(http, database.api_url)


@pytest.fixture
def api(world: tuple[Served, World]) -> Served:
    return world[0]


async def blocks(
    http: httpx.AsyncClient, method: str, query: str, after: str | None, last: str | None
) -> AsyncIterator[dict[str, str]]:
    """The stream's blocks, each as its fields."""
    headers = {"Accept": "text/event-stream"} | ({} if last is None else {"Last-Event-ID": last})
    variables = {"after": after}
    body = {"query": query, "variables": variables}
    options = (
        {"json": body}
        if method == "POST"
        else {"params": {"query": query, "variables": json.dumps(variables)}}
    )
    async with http.stream(method, "/graphql", headers=headers, **options) as response:
        assert response.status_code == 200, await response.aread()
        fields: dict[str, str] = {}
        async for line in response.aiter_lines():
            if line:
                name, _, value = line.partition(":")
                fields[name] = value.strip()
            elif fields:
                yield fields
                fields = {}


async def first(
    api: Served,
    many: int,
    query: str = FOLLOW,
    after: str | None = None,
    last: str | None = None,
    method: str = "GET",
) -> list[dict[str, str]]:
    found = []
    async with api.client() as http:
        stream = blocks(http, method, query, after, last)
        async with aclosing(stream) as events:  # type: ignore[type-var]
            async for block in events:
                found.append(block)
                if len(found) == many:
                    break
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_id_of_an_event_is_its_position(api: Served, method: str) -> None:
    events = await first(api, 5, after="0", method=method)
    assert [event["event"] for event in events] == ["next"] * 5
    assert [event["id"] for event in events] == ["1", "2", "3", "4", "5"]
    positions = [json.loads(event["data"])["data"]["events"]["at"] for event in events]
    assert positions == ["1", "2", "3", "4", "5"]


async def test_it_is_there_where_the_position_is_not_asked_for(api: Served) -> None:
    events = await first(api, 3, WITHOUT_POSITION, after="1")
    assert [event["id"] for event in events] == ["2", "3", "4"]
    assert all("position" not in event["data"] for event in events)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("after", ["0", "1", None])
async def test_the_last_event_that_was_got_goes_before_the_argument(
    api: Served, method: str, after: str | None
) -> None:
    events = await first(api, 2, after=after, last="3", method=method)
    assert [event["id"] for event in events] == ["4", "5"]


async def test_one_may_begin_at_the_beginning(api: Served) -> None:
    assert (await first(api, 1, after="4", last="0"))[0]["id"] == "1"


async def test_an_empty_id_is_none(api: Served) -> None:
    assert (await first(api, 1, after="4", last=""))[0]["id"] == "5"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_client_that_comes_back_misses_nothing_and_gets_nothing_twice(
    world: tuple[Served, World], method: str
) -> None:
    api, there = world
    start = await there.head()
    heard: list[int] = []
    for _ in range(4):
        for _ in range(2):
            name = {"zh": "甲", "en": "A"}
            await there.administrator.made(
                "registerOrganisation", "organisation { id }",
                idempotencyKey=key(), name=name, role="VERIFIER",
            )  # fmt: skip
        last = str(heard[-1]) if heard else None
        events = await first(api, 2, after=str(start), last=last, method=method)
        heard += [int(event["id"]) for event in events]
    assert heard == list(range(start + 1, start + 9))


@pytest.mark.parametrize("last", ["-1", "x", "1.0", "9223372036854775808", "1" * 5000, "1 2"])
async def test_an_id_that_is_no_position_is_refused(api: Served, last: str) -> None:
    headers = {"Accept": "text/event-stream", "Last-Event-ID": last}
    async with api.client() as http:
        response = await http.get("/graphql", params={"query": FOLLOW}, headers=headers)
    assert response.status_code == 400
    told(response.json()["errors"][0], "BAD_REQUEST")


async def test_a_query_as_a_stream_has_no_id(api: Served) -> None:
    events = await first(api, 9, "query ($after: BigInt) { log { position } }", last="1")
    assert [event["event"] for event in events] == ["next", "complete"]
    assert not any("id" in event for event in events)
