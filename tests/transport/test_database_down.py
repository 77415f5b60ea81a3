"""PostgreSQL goes away, in every way it can, and comes back; the API stays up all the while."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from nzc_api.app import create_app
from nzc_api.settings import Settings
from tests.served import (
    INSIDES,
    PATIENCE,
    OwnPostgres,
    Served,
    gone,
    own_postgres,
    served,
    socket,
    sse,
    told,
)
from tests.world import Caller, World, key

POSITION = "{ log { position } }"
REGISTER = """mutation ($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) {
    __typename ... on RegisterOrganisationSuccess { replayed organisation { id } } } }"""
RETIRE = """mutation ($input: RetireCreditsInput!) { retireCredits(input: $input) {
    __typename ... on RetireCreditsSuccess { replayed retirement { id } }
    ... on UserError { code } } }"""

# How soon a request must be answered while the database is away, and served when it is back.


@dataclass
class Away:
    """A server whose PostgreSQL a test may take away."""

    postgres: OwnPostgres
    api: Served
    world: World
    http: httpx.AsyncClient


@pytest_asyncio.fixture(scope="module")
async def running() -> AsyncIterator[Away]:
    async with (
        own_postgres() as postgres,
        served(postgres.api_url) as api,
        api.client() as http,
    ):
        yield Away(
            postgres=postgres, api=api, world=await World.make(http, postgres.api_url), http=http
        )


@pytest_asyncio.fixture
async def away(running: Away) -> AsyncIterator[Away]:
    """The server with its database at work; whatever the test does, it runs again at the end."""
    yield running
    await running.postgres.start()
    await ready(running.http)


async def ready(http: httpx.AsyncClient) -> None:
    """Wait until the API says that it is ready, which must be soon."""
    end = time.monotonic() + PATIENCE
    while (await http.get("/health/ready")).status_code != 200:
        assert time.monotonic() < end, "it did not become ready"
        await asyncio.sleep(0.1)


async def take_away(postgres: OwnPostgres, how: str) -> None:
    if how == "stopped":
        await postgres.stop()
    else:
        await postgres.kill()


def organisation() -> dict[str, Any]:
    name = {"zh": "甲", "en": "A"}
    return {"idempotencyKey": key(), "name": name, "role": "VERIFIER"}


def unavailable(response: httpx.Response) -> None:
    """Check that a response says, in every way it has, that the database is away."""
    assert response.status_code == 503, response.text
    assert int(response.headers["retry-after"]) > 0
    assert response.headers["content-type"].endswith("json; charset=utf-8")
    answer = response.json()
    assert not answer.get("data")
    assert answer["errors"]
    for error in answer["errors"]:
        assert told(error, "DATABASE_UNAVAILABLE")["retryAfterSeconds"] > 0


async def not_ready(http: httpx.AsyncClient) -> str:
    """Check that the API says that it lives and is not ready: the reason."""
    assert (await http.get("/health/live")).json() == {"status": "live"}
    response = await http.get("/health/ready")
    assert response.status_code == 503
    assert response.headers["content-type"].startswith("application/json")
    assert not INSIDES.search(response.text)
    answer = response.json()
    assert answer["status"] == "unavailable"
    assert answer["reason"]
    return str(answer["reason"])


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_while_it_is_away_everybody_is_told_and_afterwards_all_is_well(
    away: Away, how: str
) -> None:
    world, http = away.world, away.http
    assert (await http.get("/health/ready")).json()["status"] == "ready"
    before = await world.head()
    given = organisation()
    async with socket(away.api.address) as opened:
        await opened.initialise(Authorization=f"Bearer {world.administrator.secret}")
        assert (await opened.answer(POSITION))["data"]

        await take_away(away.postgres, how)

        assert "database" in await not_ready(http)
        for accept in ("application/json", "application/graphql-response+json"):
            answered = await http.post(
                "/graphql", json={"query": POSITION}, headers={"Accept": accept}
            )
            unavailable(answered)
            assert answered.headers["content-type"].startswith(accept)
        unavailable(await http.get("/graphql", params={"query": POSITION}))
        unavailable(await world.administrator.post(REGISTER, input=given))
        unavailable(await world.registry.post(RETIRE, input=retirement()))

        for client_headers in ({}, {"Authorization": f"Bearer {world.administrator.secret}"}):
            async with socket(away.api.address, headers=client_headers) as new:
                await new.initialise()
                answer = await new.answer(POSITION)
                told(answer["errors"][0], "DATABASE_UNAVAILABLE")
        answer = await opened.answer(REGISTER, input=given)
        assert answer["data"] is None
        told(answer["errors"][0], "DATABASE_UNAVAILABLE")
        events = [event async for event in sse(http, POSITION)]
        assert events[0][1] is not None
        told(events[0][1]["errors"][0], "DATABASE_UNAVAILABLE")
        page = await http.get("/graphql", headers={"Accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")

        await away.postgres.start()
        await ready(http)

        assert await world.head() == before
        made = await opened.answer(REGISTER, input=given)
        assert made["data"]["registerOrganisation"]["replayed"] is False
        again = await world.administrator.ask(REGISTER, input=given)
        assert again["registerOrganisation"]["replayed"] is True
        assert await world.head() == before + 1


def retirement() -> dict[str, Any]:
    """The form of a retirement; it is never read as far as what it names."""
    return {
        "idempotencyKey": key(),
        "programme": "CCER",
        "serials": {"range": {"prefix": "GD-NONE", "first": "1", "last": "1"}},
        "pilot": "cGlsb3Q",
        "accountingPeriod": "cGVyaW9k",
        "retiredOn": "2024-07-01",
    }


async def test_nobody_waits_long_while_it_is_away(away: Away) -> None:
    await away.postgres.stop()
    callers = [away.world.anyone, away.world.administrator] * 20
    answers = await asyncio.gather(
        *(caller.post(REGISTER, input=organisation()) for caller in callers[1::2]),
        *(caller.post(POSITION) for caller in callers[::2]),
    )
    for answer in answers:
        unavailable(answer)


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_what_was_being_written_is_written_once(away: Away, how: str) -> None:
    world = away.world
    pilot = await world.pilot()
    prefix = f"GD-{how.upper()}"
    await world.issue(await world.project(), prefix, 1, 400)
    before = await world.head()
    asked: list[tuple[Caller, str, dict[str, Any]]] = []
    accepted = 0
    enough = asyncio.Event()

    async def post(writer: int) -> None:
        nonlocal accepted
        for number in range(20):
            serial = writer * 20 + number + 1
            if writer % 2:
                caller, query, given = world.administrator, REGISTER, organisation()
            else:
                caller, query = world.registry, RETIRE
                given = {"idempotencyKey": key()} | world.retirement(pilot, prefix, serial, serial)
            asked.append((caller, query, given))
            response = await caller.post(query, input=given)
            answer = response.json()
            if "errors" in answer:
                unavailable(response)
                return
            assert next(iter(answer["data"].values()))["__typename"].endswith("Success"), answer
            accepted += 1
            if accepted == 20:
                enough.set()

    async def interrupt() -> None:
        await enough.wait()
        await take_away(away.postgres, how)

    await asyncio.gather(interrupt(), *(post(writer) for writer in range(20)))
    assert accepted < 400, "it was all written before the database went away"
    await away.postgres.start()
    await ready(away.http)
    replayed = 0
    for caller, query, given in asked:
        data = await caller.ask(query, input=given)
        outcome = next(iter(data.values()))
        assert outcome["__typename"].endswith("Success"), outcome
        replayed += outcome["replayed"]
    assert replayed >= accepted
    assert await world.head() == before + len(asked)


async def test_it_may_go_away_again_and_again(away: Away) -> None:
    for _ in range(3):
        await away.postgres.stop()
        unavailable(await away.world.anyone.post(POSITION))
        await away.postgres.start()
        await ready(away.http)
        answers = await asyncio.gather(*(away.world.anyone.post(POSITION) for _ in range(30)))
        assert all(answer.status_code == 200 for answer in answers)


async def test_connections_that_were_cut_are_replaced(away: Away) -> None:
    await asyncio.gather(*(away.world.anyone.ask(POSITION) for _ in range(20)))
    superuser = await asyncpg.connect(away.postgres.superuser_url)
    try:
        cut = await superuser.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'nzc'"
        )
        assert cut >= 1
    finally:
        await superuser.close()
    await asyncio.gather(*(away.world.anyone.ask(POSITION) for _ in range(30)))
    await away.world.administrator.made(
        "registerOrganisation", "organisation { id }", **organisation()
    )


async def test_a_database_that_takes_no_more_connections_is_unavailable(away: Away) -> None:
    held: list[asyncpg.Connection[asyncpg.Record]] = []
    try:
        while True:
            held.append(await asyncpg.connect(away.postgres.api_url))
    except asyncpg.TooManyConnectionsError:
        pass
    # It starts where it gets no session, and serves as soon as it does.
    async with unfit(away.postgres.api_url) as http:
        try:
            await not_ready(http)
            unavailable(await http.post("/graphql", json={"query": POSITION}))
        finally:
            for connection in held:
                await connection.close()
        await ready(http)


async def test_a_database_that_hangs_is_not_ready(away: Away) -> None:
    # As when its machine loses power, or a firewall drops the packets: nobody says goodbye.
    async with away.api.client() as http:
        http.timeout = httpx.Timeout(PATIENCE)
        await ready(http)
        async with away.postgres.frozen():
            assert (await http.get("/health/live")).json() == {"status": "live"}
            try:
                await not_ready(http)
            except httpx.TimeoutException:
                pytest.fail(f"/health/ready did not answer within {PATIENCE} s")
    await ready(away.http)


async def test_postgresql_starts_again_at_once_after_a_kill(away: Away) -> None:
    pid = away.postgres.postmaster
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    # Nobody waited until the kernel had cleared it away.
    try:
        await away.postgres.start()
    except OSError as error:
        pytest.fail(f"it was taken for alive: {error}")
    finally:
        if away.postgres.postmaster is None:
            await gone(pid)
    await ready(away.http)
    assert (await away.world.anyone.post(POSITION)).status_code == 200


# Servers that start before their database.


async def test_a_server_that_starts_first_becomes_ready(away: Away) -> None:
    await away.postgres.stop()
    async with served(away.postgres.api_url) as early, early.client() as http:
        assert "database" in await not_ready(http)
        unavailable(await http.post("/graphql", json={"query": POSITION}))
        async with socket(early.address) as client:
            # 1013: try again later.
            assert await client.closed() == 1013
        await away.postgres.start()
        await ready(http)
        caller = Caller(http, away.world.administrator.secret)
        await caller.made("registerOrganisation", "organisation { id }", **organisation())


@asynccontextmanager
async def unfit(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application on a database that it cannot use."""
    app = create_app(url, Settings(pool_size=2))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://nzc.test") as http:
            yield http


async def explained(http: httpx.AsyncClient, word: str) -> None:
    """Check that it is said what is wrong, as JSON, to whoever asks."""
    assert word in await not_ready(http)
    response = await http.post("/graphql", json={"query": POSITION})
    assert not INSIDES.search(response.text), response.text
    assert response.headers["content-type"].startswith("application/json"), response.text
    assert response.status_code == 503
    told(response.json()["errors"][0])


async def test_a_database_that_was_never_migrated_is_unfit(away: Away) -> None:
    async with unfit(away.postgres.url("postgres")) as http:
        await explained(http, "nzc migrate")


async def test_a_database_that_does_not_exist_is_told_so(away: Away) -> None:
    async with unfit(away.postgres.url("nothing")) as http:
        await explained(http, "database")


async def test_a_login_that_does_not_exist_is_told_so(away: Away) -> None:
    async with unfit(away.postgres.api_url.replace("nzc_app@", "nobody_at_all@")) as http:
        await explained(http, "database")
