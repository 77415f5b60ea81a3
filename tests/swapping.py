"""A database that becomes another one under whoever uses it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from nzc_api.database.engine import Database
from nzc_api.log.adopting import CannotAdopt, adopt
from tests.conftest import Server, TestDatabase, administer, create_database

TRIES = 20


@asynccontextmanager
async def put_back(database: TestDatabase, server: Server, *users: Database) -> AsyncIterator[None]:
    """Afterwards, the database is what it was before."""
    name = name_of(database)
    await copied(server, name, f"{name}_kept", *users)
    yield
    await replaced(server, name, f"{name}_kept", *users)


async def replaced(server: Server, name: str, by: str, *users: Database) -> None:
    """Put another database in the place of one, which goes by that name from now on."""
    await cut_off(server, name, *users)
    await administer(server, f"DROP DATABASE {name} WITH (FORCE)")
    await administer(server, f"ALTER DATABASE {by} RENAME TO {name}")


async def copied(server: Server, name: str, copy: str, *users: Database) -> None:
    """Make a copy of a database; what NZC does by itself, every second, comes back after it."""
    await administer(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await cut_off(server, name, *users)
    await create_database(server, copy, name)
    await administer(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


async def adopted(database: TestDatabase, server: Server, *users: Database) -> None:
    """Let an operator adopt the history, while nobody uses it."""
    for _ in range(TRIES):
        await cut_off(server, name_of(database), *users)
        with suppress(CannotAdopt):  # Somebody was there again already.
            await adopt(database.owner_url)
            return
    raise AssertionError("somebody always used it")


async def cut_off(server: Server, name: str, *users: Database) -> None:
    for user in users:
        await user.pool.close()
    await administer(
        server,
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'",
    )


def name_of(database: TestDatabase) -> str:
    return urlsplit(database.api_url).path[1:]
