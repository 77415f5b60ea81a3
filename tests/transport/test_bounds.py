"""One request cannot stop NZC: each has a size, a cost, a time and a rate, and others are answered beside it."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
import pytest_asyncio
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from nzc_api.schema.engine import encoding, executor
from nzc_api.schema.engine.execution import LONGEST_READ_HERE
from nzc_api.schema.engine.limits import GIVEN_OF_A_DEAR_ONE, MOST_POINTS
from nzc_api.transport import arrival
from nzc_api.transport.arrival import LARGEST_HEAD, LARGEST_REST, LONGEST_BODY, BoundedArrival
from nzc_api.transport.requests import LARGEST_BODY, MOST_MARKS
from tests.conftest import Server, TestDatabase, fresh_database
from tests.served import PATIENCE, Served, own_postgres, running, served, socket, told
from tests.world import World

POSITION = "{ log { position } }"
PILOTS = "{ pilots { nodes { code } } }"
# More statements than an operation has that is executed beside others.
DEAR = "{ " + " ".join(f"a{n}: pilots {{ nodes {{ code }} }}" for n in range(60)) + " }"
FOLLOW = "subscription ($after: BigInt) { events(after: $after) { position kind } }"

RUNNING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'nzc' AND state = 'active'
"""


@pytest_asyncio.fixture(scope="module")
async def database(server: Server, template: str) -> AsyncIterator[TestDatabase]:
    async with fresh_database(server, template) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def short(database: TestDatabase) -> AsyncIterator[Served]:
    """A server whose operations have a second, and which executes one dear one at a time."""
    limits = {
        "NZC_OPERATION_SECONDS": "1",
        "NZC_DEAR_OPERATIONS": "1",
        "NZC_DEAR_OPERATIONS_WAITING": "0",
        "NZC_SUBSCRIPTIONS": "3",
        "NZC_SUBSCRIPTIONS_OF_ONE": "2",
    }
    async with served(database.api_url, **limits) as running:
        yield running


@asynccontextmanager
async def blocked(database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """Nobody can read pilots during the block; a connection that sees what runs meanwhile."""
    locking = await asyncpg.connect(database.owner_url)
    watching = await asyncpg.connect(database.superuser_url)
    try:
        async with locking.transaction():
            await locking.execute("LOCK TABLE pilot IN ACCESS EXCLUSIVE MODE")
            yield watching
    finally:
        await locking.close()
        await watching.close()


async def nothing_runs(connection: asyncpg.Connection) -> None:
    """Wait until no statement of NZC's runs any more."""
    await until(connection, running=False)


async def something_runs(connection: asyncpg.Connection) -> None:
    await until(connection, running=True)


async def until(connection: asyncpg.Connection, *, running: bool) -> None:
    async with asyncio.timeout(PATIENCE):
        while bool(await connection.fetchval(RUNNING)) is not running:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def post(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers=headers)


def code_of(response: httpx.Response) -> Any:
    (error,) = response.json()["errors"]
    assert error["extensions"]["localizedMessage"]["zh"]
    return error["extensions"]["code"]


async def test_what_an_operation_costs_is_told_to_whoever_asks(http: httpx.AsyncClient) -> None:
    answer = (await post(http, POSITION)).json()
    assert "extensions" not in answer
    answer = (await post(http, POSITION, **{"X-Request-Cost": "1"})).json()
    cost = answer["extensions"]["cost"]
    assert cost["mostPoints"] == MOST_POINTS
    assert cost["points"] == cost["values"] + 500 * cost["statements"]
    assert (cost["values"], cost["statements"], cost["levels"]) == (2, 1, 2)


async def test_lists_within_lists_cost_what_they_hold(http: httpx.AsyncClient) -> None:
    query = "code"
    for _ in range(3):
        query = f"factors(first: 100) {{ nodes {{ lists {{ nodes {{ {query} }} }} }} }}"
    query = f"{{ factorLists {{ nodes {{ {query} }} }} }}"
    error = (await post(http, query)).json()["errors"][0]
    assert error["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert error["extensions"]["cost"]["points"] > MOST_POINTS


async def test_an_operation_ends_in_time_and_its_sql_with_it(
    short: Served, database: TestDatabase
) -> None:
    async with blocked(database) as connection, short.client() as client:
        for query in (PILOTS, DEAR):
            response = await post(client, query)
            assert (response.status_code, code_of(response)) == (504, "TIMED_OUT")
            await nothing_runs(connection)
        async with socket(short.address) as other:
            await other.initialise()
            (error,) = (await other.answer(PILOTS))["errors"]
            assert told(error, "TIMED_OUT")
    async with short.client() as client, asyncio.timeout(PATIENCE):
        while (await post(client, DEAR)).status_code != 200:
            pass  # A busy machine may take longer than it has.


async def test_who_goes_away_ends_what_it_asked_for(server: Server, template: str) -> None:
    async with (
        fresh_database(server, template) as database,
        served(database.api_url, NZC_OPERATION_SECONDS="60") as api,
        blocked(database) as connection,
    ):
        for query in (PILOTS, DEAR):
            address = urlsplit(api.address)
            _, writer = await asyncio.open_connection(address.hostname, address.port)
            body = f'{{"query": "{query}"}}'.encode()
            writer.write(
                b"POST /graphql HTTP/1.1\r\nHost: nzc\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body) + body
            )
            await something_runs(connection)
            writer.close()
            await nothing_runs(connection)


async def test_dear_operations_wait_apart_and_others_are_answered(
    short: Served, database: TestDatabase
) -> None:
    async with blocked(database), short.client() as client:
        both = asyncio.gather(post(client, DEAR), post(client, DEAR))
        assert (await post(client, POSITION)).json()["data"]["log"]
        waited, refused = sorted(await both, key=lambda response: -response.status_code)
        assert (waited.status_code, code_of(waited)) == (504, "TIMED_OUT")
        assert (refused.status_code, code_of(refused)) == (503, "TRY_AGAIN")
        # The header says what the answer says.
        [error] = refused.json()["errors"]
        assert refused.headers["Retry-After"] == str(error["extensions"]["retryAfterSeconds"])


@pytest.mark.parametrize("what", ["read", "given"])
async def test_what_takes_long_to_read_waits_with_the_dear_ones(
    short: Served, database: TestDatabase, what: str
) -> None:
    """A long document of which nothing is known, and a short one that is given much."""
    query, variables = f"{POSITION} #{what}", dict[str, Any]()
    if what == "read":
        query += " " * LONGEST_READ_HERE
    else:
        variables = {"unknown": [1] * GIVEN_OF_A_DEAR_ONE}
    async with blocked(database), short.client() as client:

        async def keep_busy() -> None:
            while True:
                await post(client, DEAR)

        busy = asyncio.create_task(keep_busy())
        try:
            async with asyncio.timeout(PATIENCE):
                while True:  # Until it comes while the dear one has the only place.
                    body = {"query": query, "variables": variables}
                    response = await client.post("/graphql", json=body)
                    if response.status_code == 503:
                        break
                    query += " "  # Else it would be known.
            assert code_of(response) == "TRY_AGAIN"
        finally:
            busy.cancel()


async def test_connections_that_are_all_busy_are_no_database_that_is_away(
    server: Server, template: str
) -> None:
    async with (
        fresh_database(server, template) as database,
        served(database.api_url, NZC_POOL_SIZE="2", NZC_OPERATION_SECONDS="30") as api,
        api.client() as client,
    ):
        async with blocked(database):
            waiting = [asyncio.create_task(post(client, PILOTS)) for _ in range(3)]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            (gave_up,) = [task.result() for task in waiting if task.done()]
            assert code_of(gave_up) == "TRY_AGAIN"
        for task in waiting:
            await task


async def test_a_database_that_hangs_is_not_waited_for() -> None:
    async with (
        own_postgres() as postgres,
        served(postgres.api_url, NZC_OPERATION_SECONDS="2") as api,
        api.client() as client,
    ):
        assert (await post(client, POSITION)).status_code == 200
        async with postgres.frozen():
            response = await post(client, POSITION)
            assert code_of(response) in {"TIMED_OUT", "DATABASE_UNAVAILABLE"}


async def test_an_answer_has_a_size(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "{ guide { title { zh en } kinds { name { zh en } note { zh en } } } }"
    whole = await post(http, query)
    assert whole.json()["data"]["guide"]
    size = len(whole.content)
    for module in (executor, encoding):
        monkeypatch.setattr(module, "LARGEST_ANSWER", size // 2)
    answer = (await post(http, query)).json()
    assert answer.get("data") is None
    assert answer["errors"][0]["extensions"]["code"] == "ANSWER_TOO_LARGE"


async def test_a_head_has_a_size(short: Served) -> None:
    async with short.client() as client:
        fits = await client.get("/health/live", headers={"X": "x" * (LARGEST_HEAD - 500)})
        assert fits.status_code == 200
        refused = await client.get("/health/live", headers={"X": "x" * LARGEST_HEAD})
        assert (refused.status_code, code_of(refused)) == (431, "HEAD_TOO_LARGE")
        # A head may come in pieces, and several on one connection.
        assert (await client.get("/health/live")).status_code == 200


async def test_a_head_that_never_ends_is_not_waited_for(short: Served) -> None:
    address = urlsplit(short.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"GET /health/live HTTP/1.1\r\nHost: nzc\r\n")
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    writer.close()


@pytest.mark.slow
async def test_a_body_that_never_ends_is_not_waited_for(short: Served) -> None:
    address = urlsplit(short.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        b"POST /graphql HTTP/1.1\r\nHost: nzc\r\nContent-Type: application/json\r\n"
        b'Content-Length: 99\r\n\r\n{"query": '
    )
    async with asyncio.timeout(2 * LONGEST_BODY):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    writer.close()


CHUNKED = (
    b"POST /graphql HTTP/1.1\r\nHost: nzc\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


async def test_what_comes_after_a_body_has_a_size(short: Served) -> None:
    """A hundred megabytes of it held a process for half a minute."""
    address = urlsplit(short.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(CHUNKED + b"1\r\n{\r\n0\r\nX: " + b"x" * (LARGEST_HEAD + LARGEST_REST))
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert str(LARGEST_BODY).encode() in answer
    writer.close()


async def test_who_was_answered_before_the_end_is_told_nothing_more(short: Served) -> None:
    address = urlsplit(short.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(CHUNKED.replace(b"json", b"xml"))
    async with asyncio.timeout(PATIENCE):
        answer = await reader.readuntil(b"}]}")
        assert answer.startswith(b"HTTP/1.1 415 ")
        writer.write(b"1\r\n{\r\n0\r\nX: " + b"x" * LARGEST_REST)
        assert await reader.read() == b""
    writer.close()


async def test_nothing_is_kept_of_what_comes_after_a_body() -> None:
    arrivals: list[BoundedArrival] = []

    class Arrival(BoundedArrival):
        def on_message_complete(self) -> None:
            arrivals.append(self)
            super().on_message_complete()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        names = b" ".join(name for name, _ in scope["headers"])
        await PlainTextResponse(names)(scope, receive, send)

    config = uvicorn.Config(app, http=Arrival, log_config=None, lifespan="off")
    async with running(uvicorn.Server(config)) as address:
        there = urlsplit(address)
        reader, writer = await asyncio.open_connection(there.hostname, there.port)
        close = b"Connection: close\r\n\r\n"
        writer.write(CHUNKED.removesuffix(b"\r\n") + close + b"1\r\n{\r\n0\r\nX: y\r\n\r\n")
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read()
        writer.close()
    assert answer.endswith(b"host content-type transfer-encoding connection")
    assert b"x" not in dict(arrivals[0].headers)


@pytest.mark.parametrize(
    "begun", [b"GET /slow HTTP/1.1\r\nHost: nzc\r\n", CHUNKED + b"1\r\n{\r\n"], ids=["head", "body"]
)
async def test_each_request_of_a_connection_comes_in_time(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is timed while nothing is on its way, and what began is, however many came before it."""
    for name in ("LONGEST_HEAD", "LONGEST_BODY"):
        monkeypatch.setattr(arrival, name, 0.3)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await PlainTextResponse("well")(scope, receive, send)

    config = uvicorn.Config(app, http=BoundedArrival, log_config=None, lifespan="off")
    async with running(uvicorn.Server(config)) as address, asyncio.timeout(PATIENCE):
        there = urlsplit(address)
        reader, writer = await asyncio.open_connection(there.hostname, there.port)
        for _ in range(2):
            writer.write(b"GET /once HTTP/1.1\r\nHost: nzc\r\n\r\n")
            assert (await reader.readuntil(b"well")).startswith(b"HTTP/1.1 200 ")
            await asyncio.sleep(0.5)
        writer.write(begun)
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_a_body_has_so_many_values(http: httpx.AsyncClient) -> None:
    body = {"query": "{ __typename }", "variables": {"a": [1] * MOST_MARKS}}
    response = await http.post("/graphql", json=body)
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_client_asks_so_often(database: TestDatabase) -> None:
    async with served(database.api_url, NZC_REQUESTS_PER_SECOND="2") as api, api.client() as client:
        # The burst is two seconds' worth.
        statuses = [(await post(client, POSITION)).status_code for _ in range(20)]
        assert statuses[:4] == [200] * 4
        assert 429 in statuses
        refused = await post(client, POSITION)
        if refused.status_code == 429:
            assert code_of(refused) == "RATE_LIMITED"
            assert int(refused.headers["Retry-After"]) >= 1
        # A client with a key is another one.
        assert (await post(client, POSITION, Authorization="Bearer x")).status_code == 200


async def test_a_socket_asks_so_often_too(database: TestDatabase) -> None:
    async with (
        served(database.api_url, NZC_REQUESTS_PER_SECOND="2") as api,
        socket(api.address) as client,
    ):
        await client.initialise()
        answers = []
        for number in range(20):
            await client.subscribe(str(number), POSITION)
            answers.append(await client.receive())
            if answers[-1]["type"] == "next":
                assert (await client.receive())["type"] == "complete"
        kinds = [answer["type"] for answer in answers]
        assert kinds[:4] == ["next"] * 4  # The burst is two seconds' worth.
        assert "error" in kinds
        refused = next(answer for answer in answers if answer["type"] == "error")
        assert told(refused["payload"][0], "RATE_LIMITED")


async def test_a_frame_has_so_many_values(short: Served) -> None:
    async with socket(short.address) as client:
        await client.initialise()
        await client.subscribe("1", POSITION, a=[1] * MOST_MARKS)
        assert await client.closed() == 4400


async def test_a_process_has_so_many_subscriptions(short: Served, database: TestDatabase) -> None:
    async with short.client() as client:
        secret = (await World.make(client, database.api_url)).registry.secret
    async with socket(short.address) as one, socket(short.address) as other:
        await one.initialise(authorization="Bearer made-up")  # An address may make keys up.
        await other.initialise(authorization=f"Bearer {secret}")
        names = {"a", "b", "c"}
        for name in sorted(names):
            await one.subscribe(name, FOLLOW)
        # Whose key is looked up first is first.
        refused = await one.receive()
        assert refused["type"] == "error"
        assert told(refused["payload"][0], "TOO_MANY_SUBSCRIPTIONS")
        followed = min(names - {refused["id"]})
        async with socket(short.address) as same:
            await same.initialise(authorization="Bearer another")
            await same.subscribe("a", FOLLOW)
            refused = await same.receive()
            assert told(refused["payload"][0], "TOO_MANY_SUBSCRIPTIONS")
        await other.subscribe("a", FOLLOW)
        await other.subscribe("b", FOLLOW)
        refused = await other.receive()
        assert refused["id"] in {"a", "b"}
        assert told(refused["payload"][0], "TOO_MANY_SUBSCRIPTIONS")
        await one.send("complete", id=followed)
        answered: dict[str, Any] = {"type": "error"}
        async with asyncio.timeout(PATIENCE):
            while answered["type"] == "error":  # Until the one that ended is counted no more.
                await other.subscribe(refused["id"], FOLLOW, after="0")
                answered = await other.receive()
        assert answered["payload"]["data"]["events"]


async def test_it_stops_soon_whatever_runs(server: Server, template: str) -> None:
    async with (
        fresh_database(server, template) as database,
        served(database.api_url, NZC_OPERATION_SECONDS="600") as api,
        blocked(database) as connection,
        api.client() as client,
    ):
        asked = [asyncio.create_task(post(client, query)) for query in (PILOTS, DEAR)]
        await something_runs(connection)
        api.process.send(signal.SIGTERM)
        assert await api.process.ended() == 0  # Ten times sooner than what runs.
        await asyncio.gather(*asked, return_exceptions=True)
