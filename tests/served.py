"""The real thing: `nzc` as a process of its own, spoken to over HTTP, SSE and WebSocket."""

import asyncio
import json
import os
import pwd
import random
import re
import shutil
import signal
import socket as sockets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from nzc_api.app import create_app
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.migrate import migrate
from nzc_api.serving import address_of, listening
from nzc_api.settings import Settings
from tests.forked import Forked

NZC = Path(sys.executable).with_name("nzc")
ROOT = Path(__file__).parents[1]

TRANSPORT_WS = "graphql-transport-ws"

# How many seconds anything may take that is waited for, on a busy machine.
PATIENCE = 180

# Words of our own insides; no client may ever read one. (A factor's source is a file of another package.)
INSIDES = re.compile(
    r"Traceback|File \"|(?<!data/mixtures)\.py\b|log_head|SELECT |INSERT "
    r"|(?i:site-packages|nzc_api|asyncpg|sqlalche|strawberry|starlette|uvicorn|pydantic)"
)

_numbers = count(1)


class Process:
    """A process whose output goes to files, so that nothing waits for a reader."""

    def __init__(
        self,
        arguments: list[str | Path],
        environment: Mapping[str, str],
        folder: Path,
        account: pwd.struct_passwd | None = None,
    ) -> None:
        number = next(_numbers)
        self._out = folder / f"out-{number}"
        self._err = folder / f"err-{number}"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("NZC_")}
        self._process = self._start(arguments, inherited | dict(environment), account)

    def _start(
        self,
        arguments: list[str | Path],
        environment: Mapping[str, str],
        account: pwd.struct_passwd | None,
    ) -> subprocess.Popen[bytes] | Forked:
        with self._out.open("wb") as out, self._err.open("wb") as err:
            # In a group of its own, as a shell would have it: Ctrl-C goes to the whole group.
            return subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=environment,
                cwd=ROOT,
                process_group=0,
                user=account and account.pw_uid,
                group=account and account.pw_gid,
                extra_groups=[] if account else None,
            )

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text("utf-8")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        return self._process.poll()

    async def says(self, pattern: str) -> str:
        """Wait until standard output matches; its first group."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = re.search(pattern, self.out)
            if found:
                return found[1] if found.groups() else found[0]
            assert self.alive, f"it ended with {self._process.returncode}:\n{self.out}\n{self.err}"
            await asyncio.sleep(0.05)
        raise AssertionError(f"it never said {pattern}:\n{self.out}\n{self.err}")

    async def ended(self, within: float = PATIENCE) -> int:
        """Wait until it ends: its exit code."""
        return await asyncio.to_thread(self._process.wait, within)

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def press_ctrl_c(self) -> None:
        os.killpg(self.pid, signal.SIGINT)

    def close_terminal(self) -> None:
        os.killpg(self.pid, signal.SIGHUP)

    def kill_all(self) -> None:
        """Kill it and all that it started, at one blow."""
        os.killpg(self.pid, signal.SIGKILL)

    async def stop(self) -> int:
        """Stop it kindly, and if that does not help, for good."""
        if self.alive:
            self.press_ctrl_c()
        try:
            return await self.ended()
        except subprocess.TimeoutExpired:
            self._process.kill()
            return await self.ended()


class Loaded(Process):
    """`nzc` as a process of its own that need not load first."""

    def _start(
        self,
        arguments: list[str | Path],
        environment: Mapping[str, str],
        account: pwd.struct_passwd | None,
    ) -> Forked:
        assert account is None
        return Forked(
            arguments=[str(each) for each in arguments],
            environment=environment,
            out=self._out,
            err=self._err,
        )


@dataclass(frozen=True)
class Nearby:
    """The application at an address, in the test's own process: it starts at once."""

    address: str

    def client(self, **options: Any) -> httpx.AsyncClient:
        # It speaks to this machine only; to read the list of authorities would take longer than that.
        return httpx.AsyncClient(base_url=self.address, timeout=30, verify=False, **options)


@dataclass(frozen=True)
class Served(Nearby):
    """A server at work, a process of its own."""

    process: Process


@asynccontextmanager
async def served(database_url: str, **settings: str) -> AsyncIterator[Served]:
    """`nzc serve` on a database, at a free port, until the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "NZC_DATABASE_URL": database_url,
            "NZC_PORT": "0",
            "NZC_REQUESTS_PER_SECOND": "0",
        } | settings
        process = Loaded([NZC, "serve"], environment, Path(folder))
        try:
            address = await process.says(r"(http://\S+)/graphql")
            yield Served(address, process)
        finally:
            await process.stop()


@asynccontextmanager
async def nearby(database_url: str, **settings: Any) -> AsyncIterator[Nearby]:
    """The application on a database, at a free port, until the end of the block."""
    app = create_app(database_url, Settings(pool_size=5, requests_per_second=0, **settings))
    config = uvicorn.Config(app, log_config=None, access_log=False)
    async with running(uvicorn.Server(config)) as address:
        yield Nearby(address)


@asynccontextmanager
async def running(server: uvicorn.Server) -> AsyncIterator[str]:
    """A server at work in the test's own process until the end of the block: its address."""
    with listening("127.0.0.1", 0) as (listener,):
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110  (uvicorn tells nobody)
            await asyncio.sleep(0.01)
        try:
            yield address_of(listener)
        finally:
            server.should_exit = True
            await serving


async def run(folder: Path, *arguments: str, **settings: str) -> Process:
    """Run `nzc` to its end."""
    return await _to_its_end(Loaded([NZC, *arguments], settings, folder))


async def run_from_nothing(folder: Path, *arguments: str, **settings: str) -> Process:
    """Run `nzc` to its end as a shell would: it loads first."""
    return await _to_its_end(Process([NZC, *arguments], settings, folder))


async def _to_its_end(process: Process) -> Process:
    try:
        await process.ended()
    finally:
        await process.stop()
    return process


def free_ports(number: int = 1) -> int:
    """The first of some ports in a row that nobody listens at.

    None that the system itself hands out: one of those may be a connection's before it is listened at.
    """
    handed_out = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()
    while True:
        # Not by the common numbers, which Hypothesis sets back: two workers would try the same.
        first = random.SystemRandom().randrange(10_000, int(handed_out[0]) - number)
        with ExitStack() as taken, suppress(OSError):
            for port in range(first, first + number):
                taken.enter_context(sockets.create_server(("127.0.0.1", port)))
            return first


class OwnPostgres:
    """A PostgreSQL that a test may stop, kill and freeze."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._embedded = EmbeddedPostgres(folder)

    @property
    def api_url(self) -> str:
        return self._embedded.url()

    def url(self, database: str) -> str:
        return self._embedded.url(database=database)

    @property
    def superuser_url(self) -> str:
        return self._embedded.url(SUPERUSER)

    async def start(self) -> None:
        await asyncio.to_thread(self._embedded.start)

    async def migrate(self) -> None:
        await migrate(self._embedded.url(OWNER_LOGIN))

    async def stop(self) -> None:
        await asyncio.to_thread(self._embedded.stop)

    @property
    def postmaster(self) -> int | None:
        """The postmaster's process, if it is alive."""
        return postmaster(self.folder)

    async def kill(self) -> None:
        """Kill -9 the postmaster, no goodbye and no checkpoint, and wait until it is gone."""
        await kill_postmaster(self.folder)

    @asynccontextmanager
    async def frozen(self) -> AsyncIterator[None]:
        """Let it hang: it keeps its connections and answers nothing."""
        pid = self.postmaster
        assert pid is not None
        stopped = [pid, *children(pid)]
        for each in stopped:
            os.kill(each, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in stopped:
                # A child whose end was under way as it was stopped is gone.
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGCONT)


def postmaster(folder: Path) -> int | None:
    """The process that runs the cluster in ``folder``, if it is alive."""
    written = folder / "cluster" / "postmaster.pid"
    if not written.exists():
        return None
    pid = int(written.read_text().split()[0])
    state = Path(f"/proc/{pid}/stat")
    alive = state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
    return pid if alive else None


async def kill_postmaster(folder: Path) -> None:
    """Kill -9 the postmaster of a cluster, and wait until the kernel has cleared it away."""
    pid = postmaster(folder)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await gone(pid)


async def gone(pid: int) -> None:
    """Wait until no process has this number, not even a dead one that nobody has buried."""
    end = time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{pid}"):  # noqa: PTH110, ASYNC240  (no disk is asked)
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


def children(pid: int) -> list[int]:
    found = []
    for state in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = state.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(state.parent.name))
    return found


@asynccontextmanager
async def own_postgres() -> AsyncIterator[OwnPostgres]:
    """A migrated PostgreSQL of the test's own, which runs at the start of the block."""
    folder = Path(tempfile.mkdtemp(prefix="nzc-own-"))
    postgres = OwnPostgres(folder)
    try:
        await postgres.start()
        await postgres.migrate()
        yield postgres
    finally:
        await postgres.stop()
        shutil.rmtree(folder)


class Socket:
    """A client of graphql-transport-ws that hides nothing."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, kind: str, **fields: Any) -> None:
        await self.connection.send(json.dumps({"type": kind} | fields))

    async def receive(self, within: float = PATIENCE) -> dict[str, Any]:
        # Not by `wait_for`, which in Python 3.11 may swallow a cancellation.
        async with asyncio.timeout(within):
            message: dict[str, Any] = json.loads(await self.connection.recv())
        return message

    async def initialise(self, **payload: Any) -> None:
        await self.send("connection_init", payload=payload)
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, name: str, query: str, **variables: Any) -> None:
        payload = {"query": query, "variables": variables}
        await self.send("subscribe", id=name, payload=payload)

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The result of an operation that has one."""
        await self.subscribe("one", query, **variables)
        message = await self.receive()
        assert (message["id"], message["type"]) == ("one", "next"), message
        assert await self.receive() == {"id": "one", "type": "complete"}
        payload: dict[str, Any] = message["payload"]
        return payload

    async def closed(self, within: float = PATIENCE) -> int | None:
        """The code that the server closes with, None if it just drops the connection; what it sends
        before is dropped."""
        try:
            async with asyncio.timeout(within):
                while True:
                    await self.connection.recv()
        except ConnectionClosed as closed:
            return None if closed.rcvd is None else closed.rcvd.code

    def cut(self) -> None:
        """Break the connection off, as a failing network would."""
        self.connection.transport.abort()


@asynccontextmanager
async def socket(
    address: str,
    *protocols: str,
    origin: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Socket]:
    """A WebSocket to a server; ``protocols`` default to graphql-transport-ws."""
    offered = [Subprotocol(name) for name in protocols or (TRANSPORT_WS,)]
    async with connect(
        address.replace("http", "ws", 1) + "/graphql",
        subprotocols=offered,
        origin=None if origin is None else Origin(origin),
        additional_headers=headers,
        close_timeout=2,
    ) as connection:
        yield Socket(connection)


async def sse(
    http: httpx.AsyncClient, query: str, *, get: bool = False, **variables: Any
) -> AsyncIterator[tuple[str, dict[str, Any] | None]]:
    """The events of a stream of server-sent events: each its name and its data."""
    headers = {"Accept": "text/event-stream"}
    if get:
        parameters = {"query": query, "variables": json.dumps(variables)}
        opened = http.stream("GET", "/graphql", params=parameters, headers=headers)
    else:
        body = {"query": query, "variables": variables}
        opened = http.stream("POST", "/graphql", json=body, headers=headers)
    async with opened as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                name = line.removeprefix("event:").strip()
            elif line.startswith("data:"):
                data = line.removeprefix("data:").strip()
                yield name, json.loads(data) if data else None


def told(error: Mapping[str, Any], *codes: str) -> Mapping[str, Any]:
    """Check that an error says what is wrong, in both languages, and nothing of our insides."""
    facts: dict[str, Any] = error["extensions"]
    shown = facts["localizedMessage"]
    assert error["message"]
    assert shown["en"]
    assert re.search("[\u4e00-\u9fff]", shown["zh"]), shown
    assert not INSIDES.search(json.dumps(error, ensure_ascii=False)), error
    assert re.fullmatch("[A-Z][A-Z_]+", facts["code"])
    if codes:
        assert facts["code"] in codes, error
    return facts
