"""A load generator that costs little: requests are made before the clock runs, over raw sockets.

Run as a process of its own, so that it can be pinned and its CPU told:
``python -m bench.load FILE CONNECTIONS SECONDS [PORT]``; FILE holds pickled requests. It prints JSON.
"""

import asyncio
import json
import pickle
import resource
import sys
import time
from pathlib import Path

import uvloop

from bench.stage import PORT

ENDED = b"\r\n\r\n"


async def _client(
    requests: list[bytes], take: "list[int]", until: float, counts: list[int], port: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until and take[0] < len(requests):
        number = take[0]
        take[0] += 1
        writer.write(requests[number])
        head = await reader.readuntil(ENDED)
        # An answer that says nothing new (304) has no length.
        _, _, length = head.lower().partition(b"content-length:")
        body = await reader.readexactly(int(length.partition(b"\r\n")[0])) if length else b""
        # A refusal says its code before all else.
        if b'"errors"' in body or b'{"code"' in body:
            raise SystemExit(f"refused: {body[:500]!r}")
        counts[0] += 1
    writer.close()


async def run(path: str, connections: int, seconds: float, port: int) -> dict[str, float]:
    requests: list[bytes] = pickle.loads(Path(path).read_bytes())
    take, counts = [0], [0]
    started = time.perf_counter()
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    await asyncio.gather(
        *(_client(requests, take, started + seconds, counts, port) for _ in range(connections))
    )
    elapsed = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime - cpu.ru_utime - cpu.ru_stime
    return {
        "requests": counts[0], "seconds": elapsed, "cpu": spent / elapsed,
        "exhausted": float(take[0] >= len(requests)),
    }  # fmt: skip


if __name__ == "__main__":
    path, connections, seconds, *port = sys.argv[1:]
    ran = run(path, int(connections), float(seconds), int(port[0]) if port else PORT)
    print(json.dumps(uvloop.run(ran)))
