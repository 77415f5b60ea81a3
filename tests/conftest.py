"""What tests stand on: one PostgreSQL a run, a fresh copy of the migrated database a test."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import pytest
import pytest_asyncio

from nzc_api.app import create_app
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.engine import Database
from nzc_api.database.migrate import migrate
from nzc_api.garbage import spare_the_collector
from nzc_api.services import Nzc
from nzc_api.settings import Settings
from tests import without
from tests.memory import keep_files_in_memory
from tests.world import World

TEMPLATE, PEOPLED = "nzc_template", "nzc_peopled"

_numbers = count(1)

keep_files_in_memory()
without.take_rule_away()

# A suite run with `nohup` ignores hang-ups, and so would the processes that it starts: what ignores
# is inherited, what handles is not.
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda _number, _frame: None)


# Files that take long for how many tests they have, since these wait for processes that start, end or lock, or try
# very much each.
LONG = {
    "tests/auditing/test_commands.py", "tests/cli/test_cli.py", "tests/cli/test_operating.py",
    "tests/cli/test_processes.py", "tests/database/test_conditions.py", "tests/database/test_replication.py",
    "tests/feed/test_events.py", "tests/importing/test_again.py", "tests/importing/test_other_files.py",
    "tests/importing/test_real_file.py", "tests/importing/test_retirements.py", "tests/ledger/test_api_machine.py",
    "tests/ledger/test_bulk_machine.py", "tests/ledger/test_concurrency.py", "tests/ledger/test_crashes.py",
    "tests/ledger/test_decide.py", "tests/ledger/test_exhaustive.py", "tests/ledger/test_histories.py",
    "tests/ledger/test_in_force.py", "tests/ledger/test_one_story.py", "tests/ledger/test_replay_car.py",
    "tests/packing/test_pack.py", "tests/schema/test_costs.py", "tests/test_demo.py", "tests/transport/test_bounds.py",
    "tests/transport/test_database_down.py", "tests/transport/test_observed.py", "tests/working_papers/test_story.py",
}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long first, then those of many tests, so that no worker waits for another's last file."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (_name(item) not in LONG, -tests[item.path], _name(item)))


def _name(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def pytest_collection_finish() -> None:
    """What was loaded by then stays to the end: to look there for garbage takes a tenth of the time."""
    spare_the_collector()


@dataclass(frozen=True)
class TestDatabase:
    """How to reach a database as the API, its owner, a superuser."""

    __test__ = False

    api_url: str
    owner_url: str
    superuser_url: str


@dataclass(frozen=True)
class Server:
    """A PostgreSQL for tests: how to reach a database of it as the API, its owner, a superuser."""

    api: str
    owner: str
    superuser: str

    def url(self, login: str, database: str) -> str:
        parts = urlsplit(getattr(self, login))
        return str(urlunsplit(parts._replace(path=f"/{database}")))

    def database(self, name: str) -> TestDatabase:
        return TestDatabase(
            self.url("api", name), self.url("owner", name), self.url("superuser", name)
        )


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    given = os.environ.get("NZC_TEST_DATABASE_URL")
    if given:
        yield Server(given, given, given)
        return
    folder = Path(tempfile.mkdtemp(prefix="nzc-test-"))
    postgres = EmbeddedPostgres(folder)
    postgres.start()
    try:
        yield Server(postgres.url(), postgres.url(OWNER_LOGIN), postgres.url(SUPERUSER))
    finally:
        postgres.stop()
        shutil.rmtree(folder)


@asynccontextmanager
async def unguarded(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection for writing what no guard would let through."""
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute("SET session_replication_role = replica")
        yield connection
    finally:
        await connection.close()


async def administer(server: Server, statement: str) -> None:
    """Run a statement that no transaction may hold, as the superuser."""
    connection = await asyncpg.connect(server.url("superuser", "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def create_database(server: Server, name: str, template: str = "template1") -> None:
    """Create a database of the owner's, in the place of any that has the name."""
    owner = f"OWNER {OWNER_LOGIN}" if server.owner != server.superuser else ""
    await administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    # Files are copied as they are: to write each page to the log as well takes twice as long.
    made = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY {owner}"
    await administer(server, made)


@asynccontextmanager
async def named_database(
    server: Server, name: str, template: str = "template1"
) -> AsyncIterator[TestDatabase]:
    """A database of that name, until the end of the block."""
    await create_database(server, name, template)
    try:
        yield server.database(name)
    finally:
        await administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def fresh_database(server: Server, template: str) -> AbstractAsyncContextManager[TestDatabase]:
    """A database that no other test has."""
    return named_database(server, f"nzc_test_{os.getpid()}_{next(_numbers)}", template)


@asynccontextmanager
async def client_of(api_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application on a database."""
    app = create_app(api_url, Settings(pool_size=5, requests_per_second=0))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://nzc.test") as client:
            yield client


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a migrated, empty database."""

    async def prepare() -> None:
        await create_database(server, TEMPLATE)
        await migrate(server.url("owner", TEMPLATE))

    asyncio.run(prepare())
    return TEMPLATE


@pytest.fixture(scope="session")
def people(server: Server, template: str) -> World:
    """An organisation of each role, as they are in the database ``PEOPLED``."""

    async def prepare() -> World:
        await create_database(server, PEOPLED, template)
        url = server.database(PEOPLED).api_url
        async with client_of(url) as http:
            return await World.make(http, url)

    return asyncio.run(prepare())


@pytest.fixture
def origin(request: pytest.FixtureRequest, template: str) -> str:
    """Which database a test's own is a copy of."""
    if "own_world" not in request.fixturenames:
        return template
    request.getfixturevalue("people")
    return PEOPLED


@pytest_asyncio.fixture
async def database(server: Server, origin: str) -> AsyncIterator[TestDatabase]:
    """A database of the test's own."""
    async with fresh_database(server, origin) as made:
        yield made


@pytest_asyncio.fixture
async def nzc(database: TestDatabase) -> AsyncIterator[Nzc]:
    """NZC at work on a fresh database, without a transport."""
    async with Nzc.on(Database(database.api_url, pool_size=5)).running() as running:
        yield running


@pytest_asyncio.fixture
async def http(database: TestDatabase) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application on a fresh database."""
    async with client_of(database.api_url) as client:
        yield client


@pytest_asyncio.fixture
async def own_world(database: TestDatabase, http: httpx.AsyncClient, people: World) -> World:
    """The application with an organisation of each role, reached over GraphQL."""
    world = people.reached_by(http)
    answer = (await world.administrator.post("{ viewer { id } }")).json()
    # Where a file's tests share a database of their own, nobody is in it.
    return world if answer.get("data") else await World.make(http, database.api_url)


@pytest.fixture
def world(own_world: World) -> World:
    """The test's own; files whose tests leave each other alone share one instead."""
    return own_world


@pytest_asyncio.fixture(scope="module")
async def shared_world(server: Server, people: World) -> AsyncIterator[World]:
    """One world for all tests of a file: for those that leave nothing behind."""
    async with fresh_database(server, PEOPLED) as database, client_of(database.api_url) as http:
        yield people.reached_by(http)
