"""What an operator does with NZC: beside one that runs, after a crash, with a copy."""

import asyncio
import os
import re
import shlex
import socket as socket_module
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from nzc_api.database.embedded import SUPERUSER, EmbeddedPostgres
from nzc_api.database.migrate import head_revision
from nzc_api.release import RELEASE
from tests.cli.test_cli import Demo, invoke, open_folder
from tests.conftest import TestDatabase
from tests.documents import code_of
from tests.served import (
    PATIENCE,
    Process,
    kill_postmaster,
    own_postgres,
    run,
    served,
    socket,
    told,
)
from tests.world import Caller

PAGE = "docs/how-to/operator.md"


@pytest_asyncio.fixture(scope="module")
async def demo() -> AsyncIterator[Demo]:
    with open_folder() as folder:
        made = Demo(folder)
        try:
            await made.start()
            yield made
        finally:
            await made.process.stop()


async def beside(demo: Demo, *arguments: str) -> Process:
    """What a command does in the data folder of a demo."""
    return await run(demo.folder, *arguments, NZC_DATA_DIR=str(demo.data))


def test_it_says_which_release_it_is() -> None:
    assert invoke("--version").stdout == f"NZC {RELEASE} (tables {head_revision()})\n"


async def test_it_says_so_when_it_is_ready_too(demo: Demo) -> None:
    async with demo.client() as http:
        ready = (await http.get("/health/ready")).json()
    assert (ready["release"], ready["revision"]) == (RELEASE, head_revision())


# Beside one that runs.


async def test_an_audit_runs_beside_it(demo: Demo) -> None:
    found = await beside(demo, "audit")
    assert found.returncode == 0, found.err
    assert "checks hold" in found.out
    assert await demo.ask("{ log { position } }")


async def test_an_organisation_is_registered_beside_it(demo: Demo) -> None:
    made = await beside(demo, "organisation", "VERIFIER", "核查机构", "A verifier")
    assert made.returncode == 0, made.err
    async with demo.client() as http:
        viewer = await Caller(http, made.out.split()[-1]).ask("{ viewer { name { en } } }")
    assert viewer == {"viewer": {"name": {"en": "A verifier"}}}


async def test_a_list_is_compared_beside_it(demo: Demo) -> None:
    path = demo.folder / "units.csv"
    path.write_text("serials,status\n", "utf-8")
    found = await beside(demo, "reconcile", "CCER", str(path))
    assert "MISSING_THERE" in found.out, found.err


async def test_a_copy_is_not_adopted_beside_it(demo: Demo) -> None:
    before = await demo.ask("{ log { logId } }")
    found = await beside(demo, "adopt")
    assert (found.returncode, found.out) == (1, "")
    assert "running already" in found.err
    assert await demo.ask("{ log { logId } }") == before


# Keys.


def rows(text: str) -> dict[str, dict[str, str]]:
    heading, *lines = [line.split("\t") for line in text.splitlines()]
    return {line[0]: dict(zip(heading, line, strict=True)) for line in lines}


async def keys_of(demo: Demo) -> dict[str, dict[str, str]]:
    listed = await beside(demo, "keys", "list")
    assert (listed.returncode, listed.err) == (0, "")
    assert "nzc_" not in listed.out
    return rows(listed.out)


async def test_keys_are_listed_expired_and_revoked(demo: Demo) -> None:
    made = await beside(demo, "organisation", "VERIFIER", "甲", "Keyholder")
    async with demo.client() as http:
        caller = Caller(http, made.out.split()[-1])
        assert (await caller.ask("{ viewer { id } }"))["viewer"]
        (mine,) = [
            number
            for number, row in (await keys_of(demo)).items()
            if "Keyholder" in row["organisation"]
        ]
        future = await beside(demo, "keys", "expire", mine, "--at", "2099-01-31T00:00:00+08:00")
        assert future.returncode == 0, future.err
        listed = (await keys_of(demo))[mine]
        assert listed["expires"] == "2099-01-30T16:00:00Z"
        assert listed["state"].startswith("in force")
        assert listed["label"] == "first key"

        assert (await beside(demo, "keys", "expire", mine)).returncode == 0
        error = await caller.fail("{ viewer { id } }")
        assert "expired" in told(error, "UNAUTHENTICATED")["localizedMessage"]["en"]
        assert (await keys_of(demo))[mine]["state"].startswith("expired")

        for _ in range(2):
            assert (await beside(demo, "keys", "revoke", mine)).returncode == 0
        assert (await keys_of(demo))[mine]["state"].startswith("revoked")
        kinds = [event["kind"] for event in await last_events(demo, 3)]
        assert kinds == ["API_KEY_EXPIRY_SET", "API_KEY_EXPIRY_SET", "API_KEY_REVOKED"]


async def last_events(demo: Demo, many: int) -> list[dict[str, Any]]:
    head = int((await demo.ask("{ log { position } }"))["log"]["position"])
    found = await demo.ask(f'{{ events(after: "{head - many}") {{ kind }} }}')
    return list(found["events"])


async def test_a_key_that_is_none_is_explained(demo: Demo) -> None:
    for verb in ("expire", "revoke"):
        found = await beside(demo, "keys", verb, "1")
        assert found.returncode == 2
        assert "API key" in found.err
        assert "API密钥" in found.err


@pytest.mark.parametrize("at", ["tomorrow", "2027-01-31", "2027-01-31T00:00:00"])
def test_a_time_that_is_none_is_explained(database: TestDatabase, at: str) -> None:
    found = invoke("keys", "expire", "1", "--at", at, NZC_DATABASE_URL=database.api_url)
    assert found.exit_code == 2
    assert at in found.stderr


async def test_it_is_known_when_a_key_was_last_used(database: TestDatabase, tmp_path: Path) -> None:
    url = {"NZC_DATABASE_URL": database.api_url}
    made = await run(tmp_path, "organisation", "ADMINISTRATOR", "甲", "A", **url)
    (before,) = rows((await run(tmp_path, "keys", "list", **url)).out).values()
    async with served(database.api_url) as api, api.client() as http:
        assert await Caller(http, made.out.split()[-1]).ask("{ viewer { id } }")
    (after,) = rows((await run(tmp_path, "keys", "list", **url)).out).values()
    assert before["last used"] == "-"
    assert after["last used"] >= after["issued"]


# The database goes away, and comes back.


async def test_the_embedded_postgresql_that_dies_is_started_again(demo: Demo) -> None:
    before = await demo.ask("{ log { position } }")
    said = len(demo.process.err)
    await kill_postmaster(demo.data)
    async with demo.client() as http, asyncio.timeout(PATIENCE):
        while (await http.get("/health/ready")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        while "postgresql_started_again" not in demo.process.err:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert await demo.ask("{ log { position } }") == before
    events = re.findall(r"event=(\w+)", demo.process.err[said:])
    assert events.count("postgresql_ended") == 1
    assert events.count("postgresql_started_again") == 1
    assert "Traceback" not in demo.process.err[said:]


async def test_it_is_told_once_that_the_database_is_away_and_once_that_it_is_back() -> None:
    async with own_postgres() as postgres, served(postgres.api_url) as api, api.client() as http:
        await postgres.stop()
        await asyncio.gather(*(ask_for_head(http) for _ in range(20)))
        await asyncio.gather(*(ask_for_head(http) for _ in range(20)))
        await postgres.start()
        async with asyncio.timeout(PATIENCE):
            while "errors" in (await ask_for_head(http)).json():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await asyncio.gather(*(ask_for_head(http) for _ in range(20)))
        events = re.findall(r"event=(database_\w+)", api.process.err)
    assert events == ["database_away", "database_back"]


async def ask_for_head(http: httpx.AsyncClient) -> httpx.Response:
    return await http.post("/graphql", json={"query": "{ log { position } }"})


# A wrong address.


@pytest.mark.parametrize("command", ["serve", "demo", "migrate", "audit"])
def test_a_host_that_nobody_knows_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Even where the resolver never answers."""
    never = threading.Event()
    monkeypatch.setattr(socket_module, "getaddrinfo", lambda *_given: never.wait(60))
    try:
        found = invoke(command, NZC_DATABASE_URL="postgresql://x:secret@db.nowhere.example:5433/x")
        assert not never.is_set()
    finally:
        never.set()
    assert (found.exit_code, found.stdout) == (1, "")
    (line,) = found.stderr.splitlines()
    assert "db.nowhere.example" in line
    assert "找不到" in line
    assert "secret" not in line


async def test_a_database_that_is_not_there_is_told_of_when_nzc_begins_to_serve() -> None:
    async with served("postgresql://x:secret@127.0.0.1:1/x") as api:
        async with asyncio.timeout(PATIENCE):
            while "event=database_not_reached" not in api.process.err:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert "127.0.0.1" in api.process.err
        assert "secret" not in api.process.err


# An old release, and a new database.


async def test_an_old_release_says_that_the_database_is_newer(
    database: TestDatabase, tmp_path: Path
) -> None:
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("UPDATE alembic_version SET version_num = '9999'")
    await owner.close()
    for command, url in (("serve", database.api_url), ("migrate", database.owner_url)):
        found = await run(tmp_path, command, NZC_DATABASE_URL=url)
        assert (found.returncode, found.out) == (1, "")
        (line,) = found.err.splitlines()
        assert "9999" in line
        assert "newer" in line
        assert "新" in line
        assert "nzc migrate" not in line


# Backup, and what comes of it.


@pytest.fixture
def copied() -> Iterator[Path]:
    """Where a copy is restored; none that runs in it outlives it."""
    with open_folder() as folder:
        (folder / "data").mkdir(mode=0o700)
        yield folder


def shown(setting: str, archive: Path) -> str:
    """The settings that the page shows beside this one, for another archive."""
    (found,) = [code for code in code_of(PAGE) if f"\n{setting} = " in code]
    return found.replace("/var/backups/nzc/wal", str(archive)) + "\n"


def back_up(running: EmbeddedPostgres, to: Path) -> None:
    """A base backup of a server that is at work, to be started by its own user."""
    url = running.url(SUPERUSER, "postgres")
    (words,) = [shlex.split(code) for code in code_of(PAGE) if code.startswith("pg_basebackup")]
    given = {"-d": url, "-D": str(to)}
    options = [given.get(before, word) for before, word in pairwise(words)]
    command: list[str | Path] = [running.program("pg_basebackup"), *options]
    subprocess.run(command, check=True, capture_output=True)
    owner = running.folder.joinpath("cluster").stat()
    for path in (to.parent, to, *to.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


async def test_a_restored_copy_goes_on_as_a_log_of_its_own(demo: Demo, copied: Path) -> None:
    head = (await demo.ask("{ log { logId position } }"))["log"]
    pilot = (await demo.ask('{ pilot(by: {code: "DEMO-BUILDING"}) { id } }'))["pilot"]["id"]
    copy = Demo(copied)
    await asyncio.to_thread(back_up, EmbeddedPostgres(demo.data), copy.data / "cluster")
    adopted = await run(copied, "adopt", NZC_DATA_DIR=str(copy.data))
    assert adopted.returncode == 0, adopted.err
    await copy.start()
    try:
        found = (await copy.ask("{ log { logId position } }"))["log"]
        assert found["logId"] != head["logId"]
        assert f"was {head['logId']} and is {found['logId']}." in adopted.out
        # A follower of the other history is told, and what it knows by id is known as foreign.
        await a_follower_is_told(copy, head, found)
        assert await copy.ask(f'{{ node(id: "{pilot}") {{ id }} }}') == {"node": None}
        audited = await run(copied, "audit", NZC_DATA_DIR=str(copy.data))
        assert audited.returncode == 0, audited.out + audited.err
        assert (await demo.ask("{ log { logId } }"))["log"]["logId"] == head["logId"]
    finally:
        await copy.process.stop()


async def test_a_copy_is_restored_as_of_a_time(copied: Path) -> None:
    """From a base backup and the log that was archived since, up to a moment between two changes."""
    async with own_postgres() as postgres:
        archive = copied / "archive"
        archive.mkdir(mode=0o777)
        archive.chmod(0o777)
        with (postgres.folder / "cluster" / "postgresql.conf").open("a") as configuration:
            configuration.write(shown("archive_command", archive))
        await postgres.stop()
        await postgres.start()
        settings = {"NZC_DATABASE_URL": postgres.api_url}
        cluster = copied / "data" / "cluster"
        await asyncio.to_thread(back_up, EmbeddedPostgres(postgres.folder), cluster)
        assert (
            await run(copied, "organisation", "VERIFIER", "先", "Before", **settings)
        ).returncode == 0
        moment = await value(postgres.superuser_url, "SELECT clock_timestamp()::text")
        assert (
            await run(copied, "organisation", "VERIFIER", "后", "After", **settings)
        ).returncode == 0
        query = "SELECT pg_walfile_name(pg_current_wal_lsn())"
        last = archive / await value(postgres.superuser_url, query)
        await execute(postgres.superuser_url, "SELECT pg_switch_wal()")
        async with asyncio.timeout(PATIENCE):
            while not last.exists():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    recovery = shown("restore_command", archive).replace("2026-11-28 12:00:00+08", moment)
    with (cluster / "postgresql.auto.conf").open("a") as configuration:
        configuration.write(recovery)
    (cluster / "recovery.signal").touch()
    listed = await run(copied, "keys", "list", NZC_DATA_DIR=str(copied / "data"))
    assert listed.returncode == 0, listed.err
    assert "Before" in listed.out
    assert "After" not in listed.out


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def value(url: str, query: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def a_follower_is_told(copy: Demo, before: dict[str, Any], found: dict[str, Any]) -> None:
    query = (
        "query ($after: BigInt!, $log: String) { events(after: $after, logId: $log) { position } }"
    )
    async with copy.client() as http:
        caller = Caller(http)
        error = await caller.fail(query, after=before["position"], log=before["logId"])
        assert found["logId"] in told(error, "LOG_REPLACED")["localizedMessage"]["en"]
        data = await caller.ask(query, after=found["position"], log=found["logId"])
        assert data == {"events": []}
    async with socket(copy.address) as client:
        await client.initialise()
        subscription = (
            "subscription ($after: BigInt, $log: String) "
            "{ events(after: $after, logId: $log) { position } }"
        )
        await client.subscribe("one", subscription, after=before["position"], log=before["logId"])
        message = await client.receive()
        payload = message["payload"]
        errors = payload if isinstance(payload, list) else payload["errors"]
        told(errors[0], "LOG_REPLACED")


async def test_the_log_of_a_database_in_use_keeps_its_id(
    database: TestDatabase, tmp_path: Path
) -> None:
    async with served(database.api_url) as api, api.client() as http:
        caller = Caller(http)
        before = await caller.ask("{ log { logId } }")
        settings = {
            "NZC_DATABASE_URL": database.api_url, "NZC_MIGRATION_DATABASE_URL": database.owner_url,
        }  # fmt: skip
        found = await run(tmp_path, "adopt", **settings)
        assert found.returncode == 1
        (line,) = found.err.splitlines()
        assert "stop it first" in line
        assert await caller.ask("{ log { logId } }") == before
