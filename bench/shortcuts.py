"""What each short way through the libraries saves: processor time with all of them, beside that without the one.

``python -m bench.shortcuts [RUNS [WAY ...]]``: in each round a run with all of them and one without each (or each that
is named), on the same server and the same requests; the ratios are of runs of one round, and their median is shown. A
way stays where it saves 5 % of something.
"""

import asyncio
import json
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from bench.posting import BULK, SINGLE, bulk_input, inputs, over_http, request
from bench.shortened import WAYS
from bench.stage import PILOTS, PORT, Stage, stage

ALL = "none left out"
FOREVER = 1000.0  # seconds; it ends with its requests

PAGE = """query ($code: String!) { pilot(by: {code: $code}) { variant called: code name { zh en }
    accountingPeriod(by: {year: 2022}) { retirements(first: 50) { nodes { position retiredOn quantity
        movements { nodes { serials { first last } batch { vintage project { forestry called: code } } } } } } } } }"""
PILOT = """query ($code: String!) { pilot(by: {code: $code}) {
    variant called: code name { zh en } administrativeDivision { zh: name { zh } called: code } } }"""

Load = Callable[[Stage, int], list[bytes]]


def bulk(at: Stage, times: int) -> list[bytes]:
    items = inputs(at, hot=False)
    return [request(at.secret, BULK, {"input": bulk_input(items)}) for _ in range(times)]


def single(at: Stage, times: int) -> list[bytes]:
    items = inputs(at, hot=False)
    return [request(at.secret, SINGLE, {"input": one}) for one in islice(items, times)]


def asking(query: str) -> Load:
    return lambda at, times: [
        request(at.secret, query, {"code": f"P-{number % PILOTS}"}) for number in range(times)
    ]


def again(at: Stage, times: int) -> list[bytes]:
    """What is answered from what was kept."""
    asked = urlencode({"query": PILOT, "variables": json.dumps({"code": "P-0"})})
    lines = (
        f"GET /graphql?{asked} HTTP/1.1",
        f"Host: 127.0.0.1:{PORT}",
        f"Authorization: Bearer {at.secret}",
        "",
        "",
    )
    return ["\r\n".join(lines).encode()] * times


# What is asked for, by how many at a time, and how often in a run.
LOADS: dict[str, tuple[Load, int, int]] = {
    "bulk": (bulk, 4, 8),
    "single": (single, 16, 1600),
    "50 retirements": (asking(PAGE), 8, 320),
    "one pilot": (asking(PILOT), 8, 2400),
    "asked again": (again, 8, 4000),
}


@asynccontextmanager
async def served(at: Stage, way: str) -> AsyncIterator[int]:
    """NZC without a way: its process."""
    command = [sys.executable, "-m", "bench.shortened", way, at.postgres.url()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])
    try:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline), "it does not serve"
        yield process.pid
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


def spent(pid: int) -> float:
    """The processor time of a process, in seconds."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


async def measured(at: Stage, way: str) -> dict[str, float]:
    """Milliseconds of the processor for each request, by load."""
    told = {}
    async with served(at, way) as pid:
        for name, (load, connections, times) in LOADS.items():
            await asyncio.to_thread(over_http, load(at, max(times // 8, 1)), connections, FOREVER)
            requests = load(at, times)
            before = spent(pid)
            await asyncio.to_thread(over_http, requests, connections, FOREVER)
            told[name] = (spent(pid) - before) / times * 1000
    return told


async def main(runs: int, ways: Sequence[str]) -> None:
    ratios: dict[tuple[str, str], list[float]] = {}
    figures: dict[str, list[float]] = {}
    async with stage() as at:
        async with served(at, ALL):  # Of each pilot 50 retirements, to begin with.
            await asyncio.to_thread(over_http, bulk(at, 5), 1, FOREVER)
        for _ in range(runs):
            with_it = await measured(at, ALL)
            for load, milliseconds in with_it.items():
                figures.setdefault(load, []).append(milliseconds)
            for way in ways:
                without = await measured(at, way)
                for load, milliseconds in with_it.items():
                    ratios.setdefault((way, load), []).append(1 - milliseconds / without[load])
                saved = ", ".join(f"{load} {ratios[way, load][-1]:.1%}" for load in LOADS)
                print(f"{way} saves: {saved}", flush=True)
    for load, values in figures.items():
        print(f"{load:16} {statistics.median(values):8.3f} ms with all of them")
    print(f"\n{'saves':16}" + "".join(f"{load:>22}" for load in LOADS))
    for way in ways:
        row = [sorted(ratios[way, load]) for load in LOADS]
        shown = [f"{statistics.median(r):.1%} ({r[0]:.0%} to {r[-1]:.0%})" for r in row]
        print(f"{way:16}" + "".join(f"{one:>22}" for one in shown))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, sys.argv[2:] or WAYS))
