"""What one operation reads is as of one moment, in one session, which is taken at the first statement and given back
at the end, whatever became of it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.engine import Database
from nzc_api.log.service import Log
from nzc_api.overload import Overloaded
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import Pilot
from tests.conftest import TestDatabase
from tests.world import World

SESSION = DriverStatement("SELECT pg_backend_pid() AS pid")
POSITION = DriverStatement("SELECT position FROM log_head")
PLANS = DriverStatement(
    "SELECT current_setting('enable_bitmapscan') AS bitmaps, current_setting('enable_seqscan')"
)
WIDE = DriverStatement("SELECT * FROM log_head")
NOTHING = DriverStatement("SELECT 1 / CAST(:by AS int)")


@pytest_asyncio.fixture
async def sessions(database: TestDatabase) -> AsyncIterator[Database]:
    sessions = Database(database.api_url, pool_size=2)
    yield sessions
    await sessions.close()


async def first(connection: AsyncConnection) -> int:
    return int((await POSITION.rows(connection, {}))[0][0])


async def ask(
    sessions: Database, statement: DriverStatement, **given: object
) -> tuple[object, ...]:
    async with sessions.read() as connection:
        return tuple((await statement.rows(connection, given))[0])


async def test_statements_share_a_session_and_a_moment(sessions: Database, world: World) -> None:
    async with sessions.shared(first):
        assert sessions.in_use == 0, "it is taken late"
        found = await asyncio.gather(*(ask(sessions, SESSION) for _ in range(5)))
        assert len(set(found)) == 1
        assert sessions.in_use == 1
        before = await ask(sessions, POSITION)
        await world.pilot()
        assert await ask(sessions, POSITION) == before
        reading = sessions.reading
        assert reading is not None
        assert (await reading.found(),) == before
    assert sessions.in_use == 0
    assert await ask(sessions, POSITION) > before


async def test_some_statements_find_rows_by_index_alone(sessions: Database) -> None:
    async def plans(*, by_index: bool) -> tuple[object, ...]:
        async with sessions.read(by_index=by_index) as connection:
            return tuple((await PLANS.rows(connection, {}))[0])

    assert await plans(by_index=True) == ("off", "off")
    assert await plans(by_index=False) == ("on", "on")
    async with sessions.shared(first):
        for by_index in (False, True, True, False):
            assert await plans(by_index=by_index) == ("off" if by_index else "on", "off")


async def test_what_fails_spoils_nothing_else(sessions: Database) -> None:
    async with sessions.shared(first):
        session = await ask(sessions, SESSION)
        with pytest.raises(asyncpg.DivisionByZeroError):
            await ask(sessions, NOTHING, by=0)
        assert await ask(sessions, NOTHING, by=1) == (1,)
        assert await ask(sessions, SESSION) == session
    assert sessions.in_use == 0


class Held:
    """Somebody who has the session of ``sessions`` until told to give it back."""

    def __init__(self, sessions: Database) -> None:
        self._sessions = sessions
        self.taken, self.enough = asyncio.Event(), asyncio.Event()
        self.task = asyncio.create_task(self._hold())

    async def _hold(self) -> None:
        async with self._sessions.read():
            self.taken.set()
            await self.enough.wait()


async def test_what_is_cut_off_is_not_lent_again(sessions: Database) -> None:
    async with sessions.shared(first):
        session = await ask(sessions, SESSION)
        held = Held(sessions)
        waiting = asyncio.create_task(ask(sessions, SESSION))
        await held.taken.wait()
        held.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await held.task
        assert await waiting != session, "who waited for it begins anew"
    assert sessions.in_use == 0


async def test_what_is_under_way_at_the_end_gives_it_back(sessions: Database) -> None:
    async with sessions.shared(first):
        held = Held(sessions)
        await held.taken.wait()
    assert sessions.in_use == 1
    held.enough.set()
    await held.task
    assert sessions.in_use == 0


async def test_what_comes_after_the_end_gives_it_back_too(sessions: Database) -> None:
    ended = asyncio.Event()

    async def later() -> tuple[object, ...]:
        await ended.wait()
        return await ask(sessions, SESSION)

    async with sessions.shared(first):
        task = asyncio.create_task(later())
    ended.set()
    assert await task
    assert sessions.in_use == 0


async def test_the_head_is_that_of_the_moment(sessions: Database, world: World) -> None:
    """Though the process has seen later entries since, which the moment lacks."""
    log = Log(sessions)
    other = log.beside(sessions.beside(1))
    async with log.reading():
        before = await log.head()
        await world.pilot()
        seen = await other.head()
        assert seen.position > before.position
        assert await log.head() == before
    assert await log.head() == seen
    await other.database.close()


async def add_a_column(database: TestDatabase, table: str) -> None:
    """As a migration that only adds does, which may run while NZC serves."""
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(f"ALTER TABLE {table} ADD COLUMN more int")
    await owner.close()


async def test_a_pilot_is_found_whatever_its_table_has_besides(
    sessions: Database, database: TestDatabase, world: World
) -> None:
    async def find() -> Pilot | None:
        async with sessions.shared(first), sessions.read() as connection:
            return await pilots_store.find_pilot(connection, code)

    code = str((await world.pilot())["code"])
    before = await find()
    await add_a_column(database, "pilot")
    assert await find() == before is not None


@pytest.mark.parametrize("by_driver", [True, False])
async def test_what_has_another_column_is_read_when_asked_again(
    sessions: Database, database: TestDatabase, by_driver: bool
) -> None:
    async def width() -> int:
        async with sessions.shared(first), sessions.read() as connection:
            if by_driver:
                return len((await WIDE.rows(connection, {}))[0])
            return len((await connection.execute(text(WIDE.text))).keys())

    await width()  # From the first answer on it is known what its rows are.
    before = await width()
    await add_a_column(database, "log_head")
    with pytest.raises(Overloaded):
        await width()
    assert await width() == before + 1
