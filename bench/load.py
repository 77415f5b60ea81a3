"""A load generator that costs little: requests are made before the clock runs, over raw sockets.

Run as a process of its own, so that it can be pinned and its CPU told:
``python -m bench.load FILE CONNECTIONS SECONDS``; FILE holds pickled bodies. It prints JSON.
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


async def _client(
    requests: list[bytes], take: "list[int]", until: float, counts: list[int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    while time.perf_counter() < until and take[0] < len(requests):
        number = take[0]
        take[0] += 1
        writer.write(requests[number])
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if b'"errors"' in body or b'"code"' in body:
            raise SystemExit(f"refused: {body[:500]!r}")
        counts[0] += 1
    writer.close()


async def run(path: str, connections: int, seconds: float) -> dict[str, float]:
    requests: list[bytes] = pickle.loads(Path(path).read_bytes())
    take, counts = [0], [0]
    started = time.perf_counter()
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    await asyncio.gather(
        *(_client(requests, take, started + seconds, counts) for _ in range(connections))
    )
    elapsed = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime - cpu.ru_utime - cpu.ru_stime
    return {
        "requests": counts[0], "seconds": elapsed, "cpu": spent / elapsed,
        "exhausted": float(take[0] >= len(requests)),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))))
