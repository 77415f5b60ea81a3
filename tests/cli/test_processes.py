"""Served from several processes: as from one (`tests/ledger` shows that), and all end together."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from tests.conftest import TestDatabase
from tests.served import PATIENCE, Process, children, gone, served

MANY = 3


def serving(process: Process) -> list[int]:
    """The processes that serve: those that listen, besides the first, which starts them."""
    listening = {
        fields[9]
        for fields in map(str.split, Path("/proc/net/tcp").read_text("ascii").splitlines()[1:])
        if fields[3] == "0A"
    }
    return [pid for pid in children(process.pid) if listening & sockets(pid)]


def sockets(pid: int) -> set[str]:
    links = [
        str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()
    ]
    return {link[8:-1] for link in links if link.startswith("socket:")}


async def test_connections_are_spread_among_them(database: TestDatabase) -> None:
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


@pytest.mark.parametrize("how", ["SIGTERM", "Ctrl-C"])
async def test_asked_to_stop_all_stop_without_a_word(database: TestDatabase, how: str) -> None:
    async with served(database.api_url, NZC_PROCESSES=str(MANY)) as server:
        pids = serving(server.process)
        if how == "SIGTERM":
            server.process.send(signal.SIGTERM)
        else:
            server.process.press_ctrl_c()
        assert await server.process.ended(within=20) == 0
        for pid in pids:
            await gone(pid)
        assert server.process.err == ""


async def test_where_one_ends_all_end_and_say_so(database: TestDatabase) -> None:
    async with served(database.api_url, NZC_PROCESSES=str(MANY)) as server:
        pids = serving(server.process)
        os.kill(pids[1], signal.SIGKILL)
        assert await server.process.ended(within=20) == 1
        for pid in pids:
            await gone(pid)
        (line,) = server.process.err.splitlines()
        assert str(pids[1]) in line
        assert "-9" in line


async def test_none_outlives_the_one_that_started_it(database: TestDatabase) -> None:
    async with served(database.api_url, NZC_PROCESSES=str(MANY)) as server:
        pids = serving(server.process)
        server.process.send(signal.SIGKILL)
        for pid in pids:
            await gone(pid)
