"""How fast credits are retired, against ``pgbench -N`` on the same server in the same minutes.

``python -m bench.posting [RUNS [SECONDS]]``: medians of alternating runs. The load generator is
pinned to the last processor, and its CPU is printed; the figures are durable (fsync is on).
"""

import asyncio
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count, islice
from pathlib import Path
from uuid import uuid4

from bench.stage import BATCHES, PORT, Stage, pgbench, prefix, served, stage
from nzc_api.database.engine import Database
from nzc_api.garbage import spare_the_collector
from nzc_api.ledger.posting.verbs.retiring import RetireSerials
from nzc_api.ledger.serials import SerialRange
from nzc_api.services import Chore, Nzc

ITEMS = 1000
CLIENTS = 64
BULK_CONNECTIONS = 8

SINGLE = """mutation ($input: RetireCreditsInput!) { retireCredits(input: $input) {
    ... on RetireCreditsSuccess { retirement { id position } } ... on UserError { code } } }"""
BULK = """mutation ($input: RetireCreditsBulkInput!) { retireCreditsBulk(input: $input) {
    ... on BulkOutcomes { outcomes { index status position } } ... on UserError { code } } }"""

_serials = count(1)


def places(hot: bool) -> Iterator[tuple[int, int, int]]:
    """Which batch, serial and pilot each retirement is about: all over, or all in one place."""
    for number in _serials:
        yield (0, number, 0) if hot else (number % BATCHES, number, number % 100)


def inputs(at: Stage, hot: bool) -> Iterator[dict[str, object]]:
    pilots = at.pilot_ids()
    for batch, serial, pilot in places(hot):
        yield {
            "idempotencyKey": str(uuid4()), "programme": "CCER",
            "serials": {"range": {
                "prefix": prefix(batch), "first": str(serial), "last": str(serial)}},
            "pilot": pilots[pilot][0], "accountingPeriod": pilots[pilot][1],
            "retiredOn": "2024-07-01",
        }  # fmt: skip


def bulk_input(items: Iterator[dict[str, object]]) -> dict[str, object]:
    return {"mode": "EACH_INDEPENDENT", "items": list(islice(items, ITEMS))}


def request(secret: str, query: str, variables: dict[str, object]) -> bytes:
    body = json.dumps({"query": query, "variables": variables}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def over_http(
    requests: list[bytes], connections: int, seconds: float, port: int = PORT
) -> dict[str, float]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(pickle.dumps(requests))
        file.flush()
        done = subprocess.run(
            ["taskset", "-c", "1", sys.executable, "-m", "bench.load", file.name,
             str(connections), str(seconds), str(port)],
            capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1],
        )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(done.stderr[-2000:])
    told: dict[str, float] = json.loads(done.stdout)
    return told


def bulk(at: Stage, seconds: float, hot: bool) -> tuple[float, float]:
    items = inputs(at, hot)
    requests = [
        request(at.secret, BULK, {"input": bulk_input(items)}) for _ in range(int(seconds * 12))
    ]
    told = over_http(requests, BULK_CONNECTIONS, seconds)
    return told["requests"] * ITEMS / told["seconds"], told["cpu"]


def single(at: Stage, seconds: float, hot: bool) -> tuple[float, float]:
    items = inputs(at, hot)
    requests = [
        request(at.secret, SINGLE, {"input": next(items)}) for _ in range(int(seconds * 5000))
    ]
    told = over_http(requests, CLIENTS, seconds)
    return told["requests"] / told["seconds"], told["cpu"]


def nothing_else(_nzc: Nzc) -> Sequence[Chore]:
    """No chore beside what NZC does anyway."""
    return ()


async def in_process(
    at: Stage, seconds: float, beside: Callable[[Nzc], Sequence[Chore]] = nothing_else
) -> float:
    """Bulk posting without HTTP and GraphQL, by eight callers at a time, ``beside`` chores."""
    where = places(hot=False)
    done = 0
    nzc = Nzc.on(Database(at.postgres.url()))
    async with nzc.running(*beside(nzc)):
        spare_the_collector()  # as the server does
        started = time.perf_counter()

        async def caller() -> None:
            nonlocal done
            while time.perf_counter() < started + seconds:
                items = {n: (str(uuid4()), retirement(at, next(where))) for n in range(ITEMS)}
                outcomes = await nzc.services.ledger.post_each(at.registry, items)
                assert all(outcome.position for outcome in outcomes.values())
                done += ITEMS

        await asyncio.gather(*(caller() for _ in range(BULK_CONNECTIONS)))
        return done / (time.perf_counter() - started)


def retirement(at: Stage, place: tuple[int, int, int]) -> RetireSerials:
    batch, serial, pilot = place
    pilot_id, period_id = at.pilots[pilot]
    return RetireSerials(
        serials=SerialRange(registry="CCER", prefix=prefix(batch), first=serial, last=serial),
        programme="CCER",
        holder_id=None,
        quantity=None,
        pilot_id=pilot_id,
        period_id=period_id,
        retired_on=date(2024, 7, 1),
        reference=None,
    )


async def main(runs: int, seconds: float) -> None:
    figures: dict[str, list[float]] = {}

    def keep(name: str, value: float) -> None:
        figures.setdefault(name, []).append(value)

    async with stage() as at:
        for _ in range(runs):
            keep("pgbench", pgbench(at.postgres, seconds))
            async with served(at.postgres):
                loads: dict[str, Callable[[], tuple[float, float]]] = {
                    "bulk": lambda: bulk(at, seconds, hot=False),
                    "bulk, one place": lambda: bulk(at, seconds, hot=True),
                    "single": lambda: single(at, seconds, hot=False),
                    "single, one place": lambda: single(at, seconds, hot=True),
                }
                for name, load in loads.items():
                    rate, cpu = await asyncio.to_thread(load)
                    keep(name, rate)
                    keep(f"{name}: load's CPU", cpu)
            keep("in process", await in_process(at, seconds))
    median = {name: statistics.median(values) for name, values in figures.items()}
    for name, values in figures.items():
        print(f"{name:32} {median[name]:10.2f}   ({min(values):.2f} to {max(values):.2f})")
    print("\nratios of medians")
    for name, over, under, floor, aim in (
        ("bulk / pgbench", "bulk", "pgbench", 1.0, 2.0),
        ("single / pgbench", "single", "pgbench", 0.35, 0.7),
        ("bulk, one place / bulk", "bulk, one place", "bulk", 0.75, 0.95),
        ("single, one place / single", "single, one place", "single", 0.75, 0.95),
        ("bulk / in process", "bulk", "in process", 0.6, 0.85),
    ):
        print(f"{name:32} {median[over] / median[under]:10.2f}   (floor {floor}, aim {aim})")


if __name__ == "__main__":
    given = [float(argument) for argument in sys.argv[1:]]
    asyncio.run(main(int(given[0]) if given else 5, given[1] if len(given) > 1 else 8))
