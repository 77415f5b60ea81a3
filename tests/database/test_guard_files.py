"""Each function of the guards stands whole in a file (migrations/guards), as it is in a migrated database; a
file that is missing, one too many, and a changed word are told."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from tests.conftest import Server, TestDatabase, fresh_database
from tools.guard_files import FOLDER, TRIGGERS_FILE, Connection, differences, write

# What a migration could do, and of which files it is told.
DEEDS = {
    "CREATE FUNCTION nzc_refuse(guard text) RETURNS void LANGUAGE sql AS ''": {"nzc_refuse"},
    "ALTER FUNCTION nzc_spent(bigint, bigint) ROWS 10": {"nzc_spent"},
    "DROP TRIGGER lot_spent_posted ON lot_spent": {"nzc_posted", TRIGGERS_FILE},
}

LOTS = Path("lots", "nzc_check_lots.sql")


@pytest_asyncio.fixture(scope="module")
async def connection(server: Server, template: str) -> AsyncIterator[Connection]:
    """To a database that was migrated from nothing, and stays as it is."""
    async with fresh_database(server, template) as database:
        connected = await asyncpg.connect(database.owner_url)
        yield connected
        await connected.close()


@pytest_asyncio.fixture
async def own_connection(database: TestDatabase) -> AsyncIterator[Connection]:
    connected = await asyncpg.connect(database.owner_url)
    yield connected
    await connected.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files, to be tampered with."""
    return shutil.copytree(FOLDER, tmp_path / "guards")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


async def test_the_files_are_what_the_migrations_make(connection: Connection) -> None:
    """`make guards` writes them anew; test_migrations asks of a database that went through every version."""
    assert await differences(connection) == {}


def test_a_migration_states_a_function_whole() -> None:
    """Those up to 0021 patched what they found in the database; what they made stood nowhere."""
    migrations = (FOLDER.parent / "versions").glob("[0-9]*.py")
    patching = {path.name[:4] for path in migrations if "pg_get_functiondef" in path.read_text()}
    assert patching == {"0004", "0006", "0015", "0016", "0017", "0019"}


class TestAFileThatIsOtherwise:
    """It is told of, and no other is."""

    async def test_missing(self, connection: Connection, folder: Path) -> None:
        (folder / LOTS).unlink()
        assert await differences(connection, folder) == {"nzc_check_lots": "has no file"}

    async def test_too_many(self, connection: Connection, folder: Path) -> None:
        shutil.copy(folder / LOTS, folder / LOTS.with_stem("old"))
        assert await differences(connection, folder) == {"old": "is made by no migration"}

    async def test_twice(self, connection: Connection, folder: Path) -> None:
        shutil.copy(folder / LOTS, folder / "log")
        told = await differences(connection, folder)
        assert told == {"nzc_check_lots": "has more than one file"}

    @pytest.mark.parametrize(("old", "new"), [
        ("made.lo < made.before", "made.lo <= made.before"),
        ("SET enable_nestloop TO 'off'", "SET enable_nestloop TO 'on'"),
        ("LANGUAGE plpgsql", "LANGUAGE plpgsql STABLE"),
        ("RETURNS void", "RETURNS bigint"),
        ("first bigint", "first integer"),
        ("first bigint", "start bigint"),
        ("public.nzc_check_lots", "public.nzc_check_lot"),
        ("INTO overlapping, unfounded", "INTO overlapping,  unfounded"),
        ("Called by nzc_check_postings, nzc_posted", "Called by nzc_posted"),
    ])  # fmt: skip
    async def test_in_a_word(
        self, connection: Connection, folder: Path, old: str, new: str
    ) -> None:
        replace(folder / LOTS, old, new)
        assert list(await differences(connection, folder)) == ["nzc_check_lots"]

    async def test_the_word_is_shown(self, connection: Connection, folder: Path) -> None:
        replace(folder / LOTS, "made.lo < made.before", "made.lo <= made.before")
        how = (await differences(connection, folder))["nzc_check_lots"]
        assert "\n-    SELECT min(made.position) FILTER (WHERE made.lo <= made.before),\n" in how
        assert "\n+    SELECT min(made.position) FILTER (WHERE made.lo < made.before),\n" in how

    async def test_empty(self, connection: Connection, folder: Path) -> None:
        (folder / LOTS).write_text("", "utf-8")
        assert list(await differences(connection, folder)) == ["nzc_check_lots"]

    async def test_without_a_reason(self, connection: Connection, folder: Path) -> None:
        text = (folder / LOTS).read_text("utf-8")
        (folder / LOTS).write_text("\n--\n" + text.partition("\n--\n")[2], "utf-8")
        told = await differences(connection, folder)
        assert told == {"nzc_check_lots": "does not say why it is there"}

    async def test_in_no_folder(self, connection: Connection, folder: Path) -> None:
        (folder / LOTS).rename(folder / LOTS.name)
        assert await differences(connection, folder) == {"nzc_check_lots": "lies in no folder"}

    async def test_the_triggers(self, connection: Connection, folder: Path) -> None:
        replace(folder / TRIGGERS_FILE, "TRIGGER lot_posted AFTER", "TRIGGER lot_posted BEFORE")
        assert list(await differences(connection, folder)) == [TRIGGERS_FILE]


class TestADatabaseThatIsOtherwise:
    """As a migration leaves it that forgets something; `write` writes what is there, and keeps the reasons."""

    @pytest.mark.parametrize("deed", DEEDS)
    async def test_is_told(self, own_connection: Connection, deed: str) -> None:
        await own_connection.execute(deed)
        assert (await differences(own_connection)).keys() == DEEDS[deed]

    async def test_is_written(self, own_connection: Connection, folder: Path) -> None:
        before = (folder / LOTS).read_text("utf-8")
        await own_connection.execute(
            "CREATE FUNCTION nzc_new() RETURNS void LANGUAGE sql AS '';"
            "ALTER FUNCTION nzc_check_lots(bigint, bigint) STABLE"
        )
        await write(own_connection, folder)
        after = before.replace(" LANGUAGE plpgsql\n", " LANGUAGE plpgsql\n STABLE\n")
        assert (folder / LOTS).read_text("utf-8") == after
        assert await differences(own_connection, folder) == {"nzc_new": "lies in no folder"}
        assert (
            (folder / "nzc_new.sql").read_text("utf-8").startswith("-- Why?\n--\n-- Called by no")
        )
