"""Sessions: which one is lent, and which never again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement, Session
from nzc_api.database.engine import Database, DatabaseUnavailable
from tests.conftest import TestDatabase

WHO = DriverStatement("SELECT pg_backend_pid(), CAST(:word AS text)")

NUMBER = DriverStatement("SELECT CAST(CAST(:word AS text) AS int)")


async def session_of(connection: AsyncConnection) -> int:
    (row,) = await WHO.rows(connection, {"word": "me"})
    assert row[1] == "me"
    return int(row[0])


@pytest.fixture
def unrolled(monkeypatch: pytest.MonkeyPatch) -> None:
    """No session can be rolled back: the driver still waits for an answer of what was before."""
    execute = asyncpg.Connection.execute

    async def execute_else(self: Session, query: str, *args: Any, **given: Any) -> str:
        if query == "ROLLBACK":
            raise asyncpg.InternalClientError("cannot switch to state 12; another is in progress")
        return await execute(self, query, *args, **given)

    monkeypatch.setattr(asyncpg.Connection, "execute", execute_else)


async def test_a_statement_past_sqlalchemy_needs_a_session_that_begins_by_itself(
    sessions: Database,
) -> None:
    """It would else be outside of the transaction that SQLAlchemy has yet to begin."""
    async with sessions.engine.connect() as connection:
        with pytest.raises(AssertionError):
            await session_of(connection)


@pytest_asyncio.fixture
async def sessions(database: TestDatabase) -> AsyncIterator[Database]:
    made = Database(database.api_url, pool_size=3)
    yield made
    await made.close()


async def test_the_session_used_last_is_used_next(sessions: Database) -> None:
    """What is prepared in one session is not prepared again in every other."""
    async with sessions.read() as one, sessions.read() as other:
        assert await session_of(one) != await session_of(other)
    seen = set()
    for _ in range(4):
        async with sessions.read() as connection:
            seen.add(await session_of(connection))
    assert len(seen) == 1


@pytest.mark.parametrize(
    "lost",
    [
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation is in progress"),
        asyncpg.IdleInTransactionSessionTimeoutError("terminating connection due to a timeout"),
        ConnectionResetError("Connection lost"),
    ],
    ids=lambda lost: type(lost).__name__,
)
@pytest.mark.parametrize("way", ["read", "write"])
async def test_a_lost_session_is_not_lent_again(
    sessions: Database, way: str, lost: Exception
) -> None:
    """Not even where its socket has not heard of it yet."""
    with pytest.raises(DatabaseUnavailable):  # noqa: PT012
        async with getattr(sessions, way)() as connection:
            await connection.execute(text("SELECT 1"))
            before = await session_of(connection)
            raise lost
    async with sessions.write() as connection:
        assert await session_of(connection) != before


async def test_a_session_that_cannot_be_rolled_back_is_not_lent_again(
    sessions: Database, unrolled: None
) -> None:
    """And who was refused hears of that."""
    with pytest.raises(LookupError):  # noqa: PT012
        async with sessions.write() as connection:
            before = await session_of(connection)
            raise LookupError
    async with sessions.read() as connection:
        assert await session_of(connection) != before


async def test_what_was_read_is_told_though_its_session_cannot_be_rolled_back(
    sessions: Database, unrolled: None
) -> None:
    async def first(connection: AsyncConnection) -> int:
        return await session_of(connection)

    async with sessions.shared(first):
        assert sessions.reading is not None
        before = await sessions.reading.found()
    assert sessions.in_use == 0
    async with sessions.read() as connection:
        assert await session_of(connection) != before


async def test_a_refused_statement_loses_no_session(sessions: Database) -> None:
    with pytest.raises(asyncpg.InvalidTextRepresentationError):  # noqa: PT012
        async with sessions.write() as connection:
            await connection.execute(text("SELECT 1"))
            before = await session_of(connection)
            await NUMBER.rows(connection, {"word": "one"})
    async with sessions.read() as connection:
        assert await session_of(connection) == before


async def test_a_cancelled_session_is_not_lent_again(sessions: Database) -> None:
    """PostgreSQL may hear of it late, and break off what comes next."""
    pid: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def wait() -> None:
        async with sessions.read() as connection:
            pid.set_result(await session_of(connection))
            await DriverStatement("SELECT pg_sleep(60)").rows(connection, {})

    waiting = asyncio.create_task(wait())
    before = await pid
    await asyncio.sleep(0)  # So that it waits.
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with sessions.read() as connection:
        assert await session_of(connection) != before
