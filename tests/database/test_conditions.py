"""Every state that PostgreSQL is in for a while has its answer, and the same may be sent again."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from nzc_api.database.conditions import CONDITIONS, condition_of
from tests.conftest import TestDatabase, client_of
from tests.served import told
from tests.world import Caller, World, key, mutation

# A state of each class that the table names as a whole.
ONE_OF = {"08": "08006", "53": "53400", "57P": "57P01", "58": "58000"}
STATES = sorted({ONE_OF.get(state, state) for state in CONDITIONS} | {"08000", "08P01", "53000"})

# How often each test sends something at most.
MOST = 20


@dataclass(frozen=True)
class Room:
    """A mutation of a room, with inputs that are all accepted."""

    world: World
    caller: Caller
    verb: str
    inputs: Iterator[dict[str, Any]]

    def given(self) -> dict[str, Any]:
        return next(self.inputs) | {"idempotencyKey": key()}

    async def send(self, values: dict[str, Any]) -> httpx.Response:
        return await self.caller.post(mutation(self.verb, ""), input=values)

    async def succeeds(self, values: dict[str, Any]) -> None:
        """Send the same again: it is done, now and not before."""
        payload = (await self.send(values)).json()["data"][self.verb]
        assert payload["__typename"].endswith("Success"), payload
        assert payload["replayed"] is False


@pytest_asyncio.fixture
async def rooms(world: World) -> list[Room]:
    """A room that writes by itself, and the ledger, which posts together."""
    organisation = {"name": {"zh": "甲", "en": "A"}, "role": "VERIFIER"}
    pilot = await world.pilot()
    await world.issue(await world.project(), "GD-S", 1, MOST)
    retirements = [world.retirement(pilot, "GD-S", n, n) for n in range(1, MOST + 1)]
    return [
        Room(
            world=world,
            caller=world.administrator,
            verb="registerOrganisation",
            inputs=repeat(organisation),
        ),
        Room(world=world, caller=world.registry, verb="retireCredits", inputs=iter(retirements)),
    ]


def answered(response: httpx.Response, code: str) -> str:
    """Check that a response says, in every way it has, to try again: the message in English."""
    assert response.status_code == 503, response.text
    assert int(response.headers["retry-after"]) > 0
    (error,) = response.json()["errors"]
    assert told(error, code)["retryAfterSeconds"] > 0
    return str(error["message"])


@asynccontextmanager
async def failing(database: TestDatabase, state: str) -> AsyncIterator[None]:
    """Let PostgreSQL say a state where an entry is appended."""
    superuser = await asyncpg.connect(database.superuser_url)
    try:
        await superuser.execute(f"""
            CREATE OR REPLACE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'it is so' USING ERRCODE = '{state}'; END $$;
            CREATE TRIGGER fails BEFORE INSERT ON log_entry
                FOR EACH STATEMENT EXECUTE FUNCTION fails()
        """)
        yield
    finally:
        await superuser.execute("DROP TRIGGER IF EXISTS fails ON log_entry")
        await superuser.close()


@asynccontextmanager
async def head_locked(database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """Somebody looks at the head in psql, `FOR UPDATE`, and goes to lunch."""
    somebody = await asyncpg.connect(database.superuser_url)
    try:
        await somebody.execute("BEGIN; SELECT FROM log_head FOR UPDATE")
        yield somebody
    finally:
        await somebody.close()


@pytest.mark.parametrize("state", STATES)
async def test_each_state_has_its_answer_and_nothing_is_done(
    world: World, rooms: list[Room], database: TestDatabase, state: str
) -> None:
    condition = condition_of(state)
    assert condition is not None
    assert condition.reason.zh
    code = "DATABASE_UNAVAILABLE" if condition.away else "TRY_AGAIN"
    before = await world.head()
    for room in rooms:
        values = room.given()
        async with failing(database, state):
            said = answered(await room.send(values), code)
        assert condition.away or condition.reason.en in said
        assert await world.head() == before
        await room.succeeds(values)
        before += 1


async def test_what_is_no_such_state_is_our_fault(
    rooms: list[Room], database: TestDatabase
) -> None:
    for state in ("23505", "42P01", "XX000", "P0001"):
        assert condition_of(state) is None
        async with failing(database, state):
            response = await rooms[0].send(rooms[0].given())
        assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"


async def test_a_head_that_somebody_locks_is_told_in_time(
    rooms: list[Room], database: TestDatabase
) -> None:
    asked = [(room, room.given()) for room in rooms * 3]
    async with head_locked(database):
        for _ in range(2):
            responses = await asyncio.gather(*(room.send(values) for room, values in asked))
            for response in responses:
                assert "holds a lock" in answered(response, "TRY_AGAIN")
        # Who only reads waits for nobody.
        assert (await rooms[0].world.http.get("/health/ready")).status_code == 200
        await rooms[0].world.anyone.ask("{ log { position } }")
    for room, values in asked:
        await room.succeeds(values)


async def test_a_statement_that_somebody_cancels_is_told(
    rooms: list[Room], database: TestDatabase
) -> None:
    for room in rooms:
        values = room.given()
        async with head_locked(database) as somebody:
            sent = asyncio.create_task(room.send(values))
            while not await somebody.fetchval(  # noqa: ASYNC110  (no event to wait for)
                "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'nzc' AND wait_event_type = 'Lock'"
                "   AND datname = current_database()"
            ):
                await asyncio.sleep(0.02)
            assert "cancelled" in answered(await sent, "TRY_AGAIN")
        await room.succeeds(values)


async def test_a_database_that_can_only_be_read_is_told(
    rooms: list[Room], database: TestDatabase
) -> None:
    """As a standby can, and one that was fenced."""
    superuser = await asyncpg.connect(database.superuser_url)
    name = await superuser.fetchval("SELECT current_database()")
    try:
        await superuser.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        async with client_of(database.api_url) as http:
            rooms[0].caller.http = rooms[1].caller.http = http
            for room in rooms:
                answered(await room.send(room.given()), "DATABASE_UNAVAILABLE")
    finally:
        await superuser.execute(
            f"SET default_transaction_read_only = off;"
            f"ALTER DATABASE {name} RESET default_transaction_read_only"
        )
        await superuser.close()
