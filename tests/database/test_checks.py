"""NZC serves only from a database that is durable, migrated and append-only for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
import pytest_asyncio

from nzc_api.database.checks import check_database, check_sessions
from nzc_api.database.embedded import APP_LOGIN
from nzc_api.database.engine import API_ROLE, Database, UnfitDatabase
from nzc_api.database.metadata import Access, metadata
from tests.conftest import Server, TestDatabase, administer

APPEND_ONLY = sorted(
    name for name, table in metadata.tables.items() if table.info["access"] is Access.APPEND
)


async def fitness(url: str) -> str:
    """Why NZC would not serve from the database; nothing where it would."""
    database = Database(url, pool_size=1)
    try:
        return await fitness_of(database)
    finally:
        await database.close()


async def fitness_of(database: Database) -> str:
    try:
        await check_database(database)
    except UnfitDatabase as unfit:
        return str(unfit)
    return ""


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def shown(server: Server, setting: str) -> str:
    connection = await asyncpg.connect(server.url("superuser", "postgres"))
    try:
        return str(await connection.fetchval(f"SHOW {setting}"))
    finally:
        await connection.close()


@asynccontextmanager
async def switched_off(server: Server, setting: str) -> AsyncIterator[None]:
    """The whole server with a setting off, for a moment: only ever one of our own."""

    async def change(how: str, expected: str) -> None:
        await administer(server, f"ALTER SYSTEM {how}")
        await administer(server, "SELECT pg_reload_conf()")
        async with asyncio.timeout(10):
            while await shown(server, setting) != expected:  # noqa: ASYNC110  (no event to wait for)
                await asyncio.sleep(0.02)

    try:
        await change(f"SET {setting} = off", "off")
        yield
    finally:
        await change(f"RESET {setting}", "on")


@pytest.fixture
def our_server(server: Server) -> Server:
    if server.owner == server.superuser:
        pytest.skip("a server of somebody else's: its settings are not ours to change")
    return server


@pytest_asyncio.fixture
async def bystander(database: TestDatabase, our_server: Server) -> AsyncIterator[str]:
    """A role that owns nothing, has nothing and is a member of nothing."""
    name = "nzc_bystander"
    await administer(our_server, f"DROP ROLE IF EXISTS {name}")
    await administer(our_server, f"CREATE ROLE {name}")
    yield name
    await execute(database.superuser_url, f"DROP OWNED BY {name}")
    await administer(our_server, f"DROP ROLE {name}")


class TestGood:
    """What it accepts."""

    async def test_a_migrated_database(self, database: TestDatabase) -> None:
        assert await fitness(database.api_url) == ""

    @pytest.mark.parametrize("url", ["owner_url", "superuser_url"])
    async def test_one_login_for_owner_and_api(self, database: TestDatabase, url: str) -> None:
        """Such a login acts as the API's role while it serves, and that role may only append."""
        assert await fitness(getattr(database, url)) == ""

    @pytest.mark.parametrize("level", ["local", "remote_apply"])
    async def test_other_ways_to_commit_durably(self, database: TestDatabase, level: str) -> None:
        await execute(
            database.owner_url,
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = "
            f"{level}', current_database()); END $$",
        )
        assert await fitness(database.api_url) == ""


async def test_as_many_connections_as_postgresql_has_for_us(
    database: TestDatabase, our_server: Server
) -> None:
    """It keeps three of its hundred for superusers."""
    assert await shown(our_server, "max_connections") == "100"
    ours = Database(database.api_url, pool_size=1)
    try:
        await check_sessions(ours, 97)
        with pytest.raises(UnfitDatabase, match="97"):
            await check_sessions(ours, 98)
    finally:
        await ours.close()


class TestDurable:
    """What a crash could lose is refused, whoever switched it off and wherever."""

    @pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
    async def test_off_in_the_server(
        self, database: TestDatabase, our_server: Server, setting: str
    ) -> None:
        async with switched_off(our_server, setting):
            assert f"{setting} = off" in await fitness(database.api_url)
        assert await fitness(database.api_url) == ""

    async def test_off_in_the_database(self, database: TestDatabase) -> None:
        await execute(
            database.owner_url,
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', "
            "current_database()); END $$",
        )
        assert "synchronous_commit = off" in await fitness(database.api_url)

    async def test_off_for_the_login(self, database: TestDatabase, our_server: Server) -> None:
        await administer(our_server, f"ALTER ROLE {APP_LOGIN} SET synchronous_commit = off")
        try:
            assert "synchronous_commit = off" in await fitness(database.api_url)
        finally:
            await administer(our_server, f"ALTER ROLE {APP_LOGIN} RESET synchronous_commit")


class TestMigrated:
    """A database without our tables is refused, with the way out."""

    async def test_an_empty_database(self, server: Server) -> None:
        unfit = await fitness(server.url("api", "postgres"))
        assert "revision none" in unfit
        assert "`nzc migrate`" in unfit


class TestAppendOnly:
    """A role that may change what was appended is refused, whichever way it came by that."""

    @pytest.mark.parametrize("grantee", [API_ROLE, "PUBLIC"])
    async def test_granted(self, database: TestDatabase, grantee: str) -> None:
        ours = Database(database.api_url, pool_size=1)
        owner = await asyncpg.connect(database.owner_url)
        try:
            for table in APPEND_ONLY:
                for privilege in ("UPDATE", "DELETE", "TRUNCATE"):
                    await owner.execute(f"GRANT {privilege} ON {table} TO {grantee}")
                    assert f"may {privilege} {table}" in await fitness_of(ours)
                    await owner.execute(f"REVOKE {privilege} ON {table} FROM {grantee}")
            assert await fitness_of(ours) == ""
        finally:
            await owner.close()
            await ours.close()

    async def test_inherited_from_another_role(
        self, database: TestDatabase, our_server: Server, bystander: str
    ) -> None:
        await execute(database.owner_url, f"GRANT DELETE ON lot_spent TO {bystander}")
        await administer(our_server, f"GRANT {bystander} TO {API_ROLE}")
        assert "may DELETE lot_spent" in await fitness(database.api_url)

    async def test_the_role_owns_the_table(self, database: TestDatabase) -> None:
        await execute(database.superuser_url, f"ALTER TABLE lot OWNER TO {API_ROLE}")
        assert "lot, which is append-only" in await fitness(database.api_url)

    async def test_granted_for_one_column(self, database: TestDatabase) -> None:
        await execute(database.owner_url, f"GRANT UPDATE (hi) ON lot TO {API_ROLE}")
        assert "may UPDATE lot" in await fitness(database.api_url)
