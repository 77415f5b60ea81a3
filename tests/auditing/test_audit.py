"""The audit: it passes what the ledger wrote, and names what was changed behind its back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import asyncpg
import pytest
import pytest_asyncio

from nzc_api.database.engine import API_ROLE, Database, DatabaseUnavailable
from nzc_api.demo import load_demo
from nzc_api.ledger.auditing import audit as auditing
from nzc_api.ledger.auditing import audit_store
from nzc_api.ledger.auditing.audit import CHECKS, MOST_ROWS, Check, Progress, audit
from nzc_api.ledger.auditing.audit_store import SETTINGS, Snapshot
from nzc_api.services import Nzc
from tests.auditing import changing
from tests.auditing.audited import broken, corrupt
from tests.auditing.corruptions import CORRUPTIONS
from tests.auditing.corruptions.log import GUARDED
from tests.auditing.history import write_history
from tests.conftest import Server, TestDatabase, named_database, unguarded
from tests.served import ROOT


@pytest_asyncio.fixture(scope="module")
async def lawless_session(server: Server, lawless: str) -> AsyncIterator[asyncpg.Connection]:
    """A superuser's session on such a copy, for what is rolled back."""
    async with (
        named_database(server, "nzc_audit_rolled_back", lawless) as made,
        unguarded(made.superuser_url) as connection,
    ):
        yield connection


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """A transaction of which nothing stays."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def test_what_the_ledger_wrote_is_in_order(copy: TestDatabase) -> None:
    assert await broken(copy.api_url) == {}


async def test_a_bulk_history_is_in_order(database: TestDatabase) -> None:
    await write_history(database.superuser_url, 1_000)
    assert await broken(database.api_url) == {}


async def test_the_demo_is_in_order(database: TestDatabase, tmp_path: Path) -> None:
    async with Nzc.on(Database(database.api_url)).running() as nzc:
        await load_demo(nzc.services, tmp_path)
    assert await broken(database.api_url) == {}


async def test_an_empty_ledger_is_in_order(database: TestDatabase) -> None:
    assert await broken(database.api_url) == {}


@pytest.mark.parametrize("name", CORRUPTIONS)
async def test_what_was_changed_is_found_and_named(
    lawless_session: asyncpg.Connection,
    sample: tuple[str, dict[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """The audit asks, as the API, in the transaction in which it was changed: to copy the sample for each and to
    connect to that takes as long again."""

    @asynccontextmanager
    async def snapshots(_database: Database, _many: int) -> AsyncIterator[list[Snapshot]]:
        await lawless_session.execute(f"SET LOCAL ROLE {API_ROLE}; {SETTINGS.text}")
        yield [Snapshot(lawless_session)]

    monkeypatch.setattr(audit_store, "snapshots", snapshots)
    statement, check = CORRUPTIONS[name]
    async with rolled_back(lawless_session):
        await corrupt(lawless_session, statement.format(**sample[1]))
        found = await broken("postgresql://nobody.is.asked")
    assert check in found, found
    assert 0 < len(found[check]) <= MOST_ROWS


async def test_no_value_is_changed_unnoticed(lawless_copy: TestDatabase) -> None:
    """One of each column, of all tables; but for those of which nothing is said (`LEFT_OUT`)."""
    async with unguarded(lawless_copy.superuser_url) as connection:
        noticed, unnoticed = await changing.each_column(connection)
    assert noticed > 400
    assert not unnoticed, " ".join(unnoticed)


def test_every_check_finds_something() -> None:
    assert {check for _, check in CORRUPTIONS.values()} == {check.name.en for check in CHECKS}


async def test_a_server_that_goes_away_is_said_to(database: TestDatabase) -> None:
    """As of everything else: connections that ask side by side make no other error of it."""

    def told(done: int, _total: int, _check: Check) -> None:
        if done == 2:
            thread = Thread(target=asyncio.run, args=[cut_off(database)])
            thread.start()
            thread.join()

    with pytest.raises(DatabaseUnavailable):
        await audited(database, told)


async def test_an_audit_fails_with_what_failed(database: TestDatabase) -> None:
    def told(_done: int, _total: int, _check: Check) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await audited(database, told)


async def audited(database: TestDatabase, told: Progress) -> None:
    whole = Database(database.api_url)
    try:
        await audit(whole, told)
    finally:
        await whole.close()


async def cut_off(database: TestDatabase) -> None:
    """End every other connection to the database."""
    connection = await asyncpg.connect(database.superuser_url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


@pytest.mark.parametrize("size", [1, 7])
async def test_slices_leave_nothing_out(
    copy: TestDatabase,
    lawless_copy: TestDatabase,
    sample: tuple[str, dict[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    for name in ("SLICE_POSITIONS", "SLICE_BATCHES"):
        monkeypatch.setattr(auditing, name, size)
    assert await broken(copy.api_url) == {}
    async with unguarded(lawless_copy.superuser_url) as connection:
        await corrupt(connection, CORRUPTIONS["a time put back"][0].format(**sample[1]))
    assert set(await broken(lawless_copy.api_url)) == {
        "times never run backwards",
        "each entry's digest follows",
        GUARDED,
    }


def test_names_are_in_both_languages_and_once() -> None:
    assert (
        len({check.name.zh for check in CHECKS}) == len({c.name.en for c in CHECKS}) == len(CHECKS)
    )
    guide = (ROOT / "docs/how-to/auditor.md").read_text("utf-8")
    assert "nzc audit" in guide
