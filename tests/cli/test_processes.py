"""Served from several processes: as from one (`tests/ledger` shows that), and all end together."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.conftest import TestDatabase
from tests.served import NZC, PATIENCE, Loaded, Process, children, gone, served

MANY = 2


def serving(process: Process) -> list[int]:
    """The processes that serve: those that listen, besides the first, which starts them."""
    return [pid for pid in children(process.pid) if ports(pid)]


def ports(pid: int) -> set[int]:
    """Where a process listens."""
    lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    own = sockets(pid)
    return {
        int(fields[1].split(":")[1], 16)
        for fields in map(str.split, lines)
        if fields[3] == "0A" and fields[9] in own
    }


def sockets(pid: int) -> set[str]:
    links = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # It is closed by now.
            links.append(str(link.readlink()))
    return {link[8:-1] for link in links if link.startswith("socket:")}


async def test_connections_are_spread_among_them_until_they_are_asked_to_stop(
    database: TestDatabase,
) -> None:
    async with served(database.api_url, NZC_PROCESSES=str(MANY)) as server:
        pids = serving(server.process)
        assert len(pids) == MANY
        before = {pid: len(sockets(pid)) for pid in pids}
        host, port = server.address.removeprefix("http://").split(":")
        clients = []
        end = time.monotonic() + PATIENCE
        # On a busy machine one of them may sleep while the others take what comes.
        while not all(len(sockets(pid)) > before[pid] for pid in pids):
            assert time.monotonic() < end, {pid: len(sockets(pid)) - before[pid] for pid in pids}
            clients.append(await asyncio.open_connection(host, int(port)))
            await asyncio.sleep(0.02)
        for _, writer in clients:
            writer.close()
        await all_stop_without_a_word(server.process, lambda process: process.send(signal.SIGTERM))


@pytest.mark.parametrize(
    "ask",
    [
        # One process is asked in each of these ways in `test_cli.py`.
        pytest.param(Process.press_ctrl_c, id="Ctrl-C", marks=pytest.mark.slow),
        pytest.param(Process.close_terminal, id="terminal closed", marks=pytest.mark.slow),
    ],
)
async def test_asked_to_stop_all_stop_without_a_word(
    database: TestDatabase, ask: Callable[[Process], None]
) -> None:
    async with served(database.api_url, NZC_PROCESSES=str(MANY)) as server:
        await all_stop_without_a_word(server.process, ask)


async def all_stop_without_a_word(process: Process, ask: Callable[[Process], None]) -> None:
    pids = serving(process)
    ask(process)
    assert await process.ended() == 0
    for pid in pids:
        await gone(pid)
    assert process.err == ""


@pytest.mark.parametrize("seconds", [pytest.param(0.0, marks=pytest.mark.slow), 0.6])
async def test_asked_while_they_start_all_stop_without_a_word(
    database: TestDatabase, tmp_path: Path, seconds: float
) -> None:
    process = starting(database, tmp_path)
    try:
        pids = await spawned(process)
        await asyncio.sleep(seconds)
        process.press_ctrl_c()
        assert await process.ended() == 0
        for pid in pids:
            await gone(pid)
        assert process.err == ""
    finally:
        await process.stop()


async def test_where_one_cannot_start_none_serves_and_it_is_said(
    database: TestDatabase, tmp_path: Path
) -> None:
    process = starting(database, tmp_path)
    try:
        pids = await spawned(process)
        os.kill(pids[-1], signal.SIGKILL)
        assert await process.ended() == 1
        for pid in pids:
            await gone(pid)
        (line,) = process.err.splitlines()
        assert str(pids[-1]) in line
        assert "http://" not in process.out
    finally:
        await process.stop()


async def test_it_is_said_when_all_serve_and_where_one_ends_all_end_and_say_so(
    database: TestDatabase, tmp_path: Path
) -> None:
    process = starting(database, tmp_path)
    try:
        late = (await spawned(process))[-1]
        os.kill(late, signal.SIGSTOP)
        try:
            await another_answers(process)
            assert process.out == ""
        finally:
            os.kill(late, signal.SIGCONT)
        await process.says("NZC serves http://")
        pids = serving(process)
        os.kill(pids[-1], signal.SIGKILL)
        assert await process.ended() == 1
        for pid in pids:
            await gone(pid)
        (line,) = process.err.splitlines()
        assert str(pids[-1]) in line
        assert "-9" in line
    finally:
        await process.stop()


async def another_answers(process: Process) -> None:
    """Until a process answers, whichever; a connection may come to one that does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for port in {port for pid in children(process.pid) for port in ports(pid)}:
            with suppress(httpx.TransportError):
                await asyncio.to_thread(
                    httpx.get, f"http://127.0.0.1:{port}/health/live", timeout=1
                )
                return
        await asyncio.sleep(0.02)
    raise AssertionError(f"nobody answers:\n{process.out}\n{process.err}")


@pytest.mark.parametrize("command", ["serve", "demo"])
async def test_more_connections_than_postgresql_has_are_refused_at_the_start(
    database: TestDatabase, tmp_path: Path, command: str
) -> None:
    wanted = 64 * (200 + 4)  # with the connections of dear operations
    settings = {
        "NZC_DATABASE_URL": database.api_url, "NZC_PORT": "0", "NZC_PROCESSES": "64",
        "NZC_POOL_SIZE": "200", "NZC_MIGRATION_DATABASE_URL": database.owner_url,
    }  # fmt: skip
    process = Process([NZC, command], settings, tmp_path)  # From nothing, as a shell does.
    try:
        assert await process.ended() == 1
        (line,) = process.err.splitlines()
        assert str(wanted) in line
        assert "NZC_PROCESSES" in line
        assert "max_connections" in line
        assert "http://" not in process.out
    finally:
        await process.stop()


def starting(database: TestDatabase, folder: Path) -> Process:
    """What starts those that serve; these load from nothing."""
    settings = {
        "NZC_DATABASE_URL": database.api_url, "NZC_PORT": "0", "NZC_PROCESSES": str(MANY)
    }  # fmt: skip
    return Loaded([NZC, "serve"], settings, folder)


def is_to_serve(pid: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


async def spawned(process: Process) -> list[int]:
    """All that are to serve, as soon as they are there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = [pid for pid in children(process.pid) if is_to_serve(pid)]
        if len(found) == MANY:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(f"it never started them:\n{process.out}\n{process.err}")


async def test_none_outlives_the_one_that_started_it(database: TestDatabase) -> None:
    async with served(database.api_url, NZC_PROCESSES=str(MANY)) as server:
        pids = serving(server.process)
        server.process.send(signal.SIGKILL)
        for pid in pids:
            await gone(pid)
