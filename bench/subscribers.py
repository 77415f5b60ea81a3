"""How soon many subscribers hear of what was committed, against a bare WebSocket server that says as much to as many.

``python -m bench.subscribers [SUBSCRIBERS [EVENTS [SECONDS]]]``: subscribers of one process (default 1,000), events a
second (default 200; five a commit). Entries are committed by SQL, as by another process. The bare one is uvicorn with
a socket at which each message that comes is sent to all the others: what it takes is counted from when that was sent.
Both are heard by a process of its own, at every twentieth subscriber; the others' bytes are thrown away.
"""

import asyncio
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

import asyncpg
import uvicorn
import uvloop

from bench.stage import MORE_ENTRIES, PORT, own_postgres
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.migrate import migrate

HEAR, BARE = "--hear", "--bare"

# Of so many subscribers one is timed; so many events are one commit.
ONE_OF = 20
TOGETHER = 5

# For how long is waited, after the last event, for those that have not heard it.
LATEST_SECONDS = 60

SUBSCRIBE = "subscription { events { position at kind } }"
# As long as an event is.
SAID = (
    '{{"type":"next","id":"1","payload":{{"data":{{"events":{{"position":"{}",'
    '"at":"2026-11-30T03:30:00.123456Z","kind":"API_KEY_REVOKED"}}}}}}}}'
)
# uvicorn's ping, of which the answer has the same four bytes; in what is followed there are no such signs.
PING = re.compile(rb"\x89\x04(.{4})", re.DOTALL)
POSITION = re.compile(rb'"position":"(\d+)"')


# The one who hears.


class Subscriber(asyncio.Protocol):
    """A socket that says what it follows, and notes when each event came, if it is timed."""

    def __init__(
        self, path: str, frames: Sequence[bytes], heard: list[tuple[int, float]] | None
    ) -> None:
        self._path, self._frames, self._heard = path, frames, heard
        self._rest = b""
        self.begun = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if not self.begun.done():
            self.begun.set_result(None)
            for frame in self._frames:
                self.say(frame)
            return
        for ping in PING.findall(data):
            self.say(ping, b"\x8a")
        if self._heard is not None:
            now = time.monotonic()
            found = list(POSITION.finditer(self._rest + data))
            self._heard += [(int(stamp[1]), now) for stamp in found]
            # What may be the beginning of one that is cut in two.
            whole = self._rest + data
            self._rest = whole[max(found[-1].end() if found else 0, len(whole) - 40) :]

    def say(self, text: bytes, kind: bytes = b"\x81") -> None:
        """Send a message; a mask of zeros leaves it as it is."""
        size = len(text)
        length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2)
        self.transport.write(kind + length + bytes(4) + text)


async def hear(port: int, path: str, many: int) -> None:
    """Subscribe, say that one has, and until a line comes hear; then tell what was heard when."""
    loop = asyncio.get_running_loop()
    heard: list[tuple[int, float]] = []
    frames = () if path == "/hear" else tuple(
        json.dumps(subscriber).encode()
        for subscriber in (
            {"type": "connection_init"},
            {"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIBE}},
        )
    )  # fmt: skip
    for number in range(many):
        timed = heard if number % ONE_OF == 0 else None
        _, one = await loop.create_connection(
            partial(Subscriber, path, frames, timed), "127.0.0.1", port
        )
        await one.begun
    await asyncio.sleep(2)
    print("heard", flush=True)
    while (line := await asyncio.to_thread(sys.stdin.readline)).strip():
        wanted = int(line) * len(range(0, many, ONE_OF))
        end = time.monotonic() + LATEST_SECONDS
        while len(heard) < wanted and time.monotonic() < end:
            await asyncio.sleep(0.1)
        print(json.dumps(heard), flush=True)


# The bare server.


def bare(port: int) -> None:
    sends: list[Callable[[dict[str, Any]], Awaitable[None]]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
        if scope["path"] == "/hear":
            sends.append(send)
        while (message := await receive())["type"] == "websocket.receive":
            for to in sends:
                await to({"type": "websocket.send", "text": message["text"]})

    uvicorn.run(
        app, port=port, lifespan="off", log_level="warning", ws_per_message_deflate=False, access_log=False
    )  # fmt: skip


# What is measured.


@asynccontextmanager
async def subscribed(port: int, path: str, many: int) -> AsyncIterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.subscribers", HEAR, str(port), path, str(many)]
    hearing = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert hearing.stdout is not None
        assert await asyncio.to_thread(hearing.stdout.readline)
        yield hearing
    finally:
        hearing.terminate()
        hearing.wait()


Say = Callable[[], Awaitable[Sequence[int]]]


async def delays(
    hearing: subprocess.Popen[str], say: Say, events: int, seconds: float
) -> list[float]:
    """How long after it was said each timed subscriber heard each event."""
    # The first is not timed: then everybody knows where the log stands.
    first = await say()
    await asyncio.sleep(1)
    said: dict[int, float] = {}
    began = time.monotonic()
    for number in range(int(events * seconds) // TOGETHER):
        await asyncio.sleep(max(began + number * TOGETHER / events - time.monotonic(), 0))
        positions = await say()
        said |= dict.fromkeys(positions, time.monotonic())
    took = time.monotonic() - began
    print(f"  {len(said) / took:.0f} events a second were said")
    assert hearing.stdin is not None
    assert hearing.stdout is not None
    print(len(first) + len(said), file=hearing.stdin, flush=True)
    heard = json.loads(await asyncio.to_thread(hearing.stdout.readline))
    return [at - said[position] for position, at in heard if position in said]


async def of_nzc(postgres: EmbeddedPostgres, many: int, events: int, seconds: float) -> list[float]:
    connection = await asyncpg.connect(postgres.url(SUPERUSER))

    async def commit() -> Sequence[int]:
        last = await connection.fetchval(MORE_ENTRIES, TOGETHER)
        return range(last - TOGETHER + 1, last + 1)

    environment = {
        "NZC_DATABASE_URL": postgres.url(), "NZC_PORT": str(PORT), "NZC_REQUESTS_PER_SECOND": "0",
        "NZC_SUBSCRIPTIONS": str(many), "NZC_SUBSCRIPTIONS_OF_ONE": str(many), "NZC_LOG_LEVEL": "warning",
    }  # fmt: skip
    nzc = Path(sys.executable).with_name("nzc")
    process = subprocess.Popen([nzc, "serve"], env=os.environ | environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline)
        async with subscribed(PORT, "/graphql", many) as hearing:
            return await delays(hearing, commit, events, seconds)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)
        await connection.close()


async def of_bare(many: int, events: int, seconds: float) -> list[float]:
    process = subprocess.Popen([sys.executable, "-m", "bench.subscribers", BARE, str(PORT + 1)])
    try:
        await reached(PORT + 1)
        async with subscribed(PORT + 1, "/hear", many) as hearing:
            _, speaker = await asyncio.get_running_loop().create_connection(
                lambda: Subscriber("/say", (), None), "127.0.0.1", PORT + 1
            )
            await speaker.begun
            count = 0

            async def say() -> Sequence[int]:
                nonlocal count
                for number in range(count, count + TOGETHER):
                    speaker.say(SAID.format(number).encode())
                count += TOGETHER
                return range(count - TOGETHER, count)

            return await delays(hearing, say, events, seconds)
    finally:
        process.terminate()
        process.wait()


async def reached(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return


async def main(many: int, events: int, seconds: float) -> None:
    async with own_postgres() as postgres:
        await migrate(postgres.url(OWNER_LOGIN))
        medians = {}
        for name, measured in (
            ("a bare WebSocket", of_bare(many, events, seconds)),
            ("NZC", of_nzc(postgres, many, events, seconds)),
        ):
            found = await measured
            medians[name] = statistics.median(found)
            late = statistics.quantiles(found, n=100)[98]
            print(
                f"{name:20} {medians[name] * 1000:10.1f} ms   (p99 {late * 1000:.1f} ms; {len(found)} heard)"
            )
    print(
        f"{'NZC / bare':20} {medians['NZC'] / medians['a bare WebSocket']:10.2f}      (ceiling 4)"
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--hear", port, path, many]:
            uvloop.run(hear(int(port), path, int(many)))
        case ["--bare", port]:
            bare(int(port))
        case given:
            numbers = [float(number) for number in given]
            asked = numbers + [1000.0, 200.0, 10.0][len(numbers) :]
            uvloop.run(main(int(asked[0]), int(asked[1]), asked[2]))
