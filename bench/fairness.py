"""While the dearest legal documents run, what does a trivial query beside them wait?

A search over the schema makes documents as dear as they may be; the ten that take longest are asked again, each
with trivial queries beside it, on one process. Prints their times: `make bench-fairness`.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.documents import Documents

SEARCHED = int(os.environ.get("BENCH_DOCUMENTS", "150"))
SHOWN = 10
SEED = int(os.environ.get("BENCH_SEED", "11"))
TRIVIAL = "{ log { position } }"
PAUSE_SECONDS = 0.005
PORT = 8329


@asynccontextmanager
async def demo() -> AsyncIterator[httpx.AsyncClient]:
    """`nzc demo` in one process of its own: a client of it."""
    with tempfile.TemporaryDirectory(prefix="nzc-bench-") as folder:
        environment = os.environ | {
            "NZC_DATA_DIR": folder, "NZC_PORT": str(PORT), "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        nzc = Path(sys.executable).with_name("nzc")
        process = subprocess.Popen([nzc, "demo"], env=environment, stdout=subprocess.PIPE)
        assert process.stdout is not None
        try:
            while b"Ctrl-C" not in (line := await asyncio.to_thread(process.stdout.readline)):
                assert line, "it does not serve"
            address = f"http://127.0.0.1:{PORT}"
            async with httpx.AsyncClient(base_url=address, timeout=60) as client:
                yield client
        finally:
            process.terminate()
            await asyncio.to_thread(process.communicate)


async def ask(client: httpx.AsyncClient, query: str) -> tuple[float, Any]:
    begun = time.perf_counter()
    response = await client.post("/graphql", json={"query": query})
    return time.perf_counter() - begun, response


async def arguments(client: httpx.AsyncClient) -> dict[str, str]:
    """What the search gives as arguments: the demo's own."""
    _, response = await ask(client, "{ pilots(first: 100) { nodes { id } } }")
    pilots = [node["id"] for node in response.json()["data"]["pilots"]["nodes"]]
    return {
        "first: Int!": "100",
        "by: ByIdOrCode!": '{code: "DEMO-BUILDING"}',
        "pilots: [ID!]!": "[" + ", ".join(f'"{pilot}"' for pilot in pilots) + "]",
        "ids: [ID!]!": "[" + ", ".join(f'"{pilot}"' for pilot in pilots) + "]",
        "id: ID!": f'"{pilots[0]}"',
        "year: Int!": "2022",
        "period: AccountingPeriodBy!": "{year: 2022}",
        "programme: ProgrammeCode!": "CCER",
        "vintage: Int!": "2022",
        "after: BigInt!": '"0"',
        "at: DateTime!": '"2026-01-01T00:00:00Z"',
        "code: String!": '"prov2025-gd-2022"',
        "to: FactorBasisInput!": "{gwpSet: SAR}",
        "text: String!": '"GD-1 to 2"',
    }


async def beside(client: httpx.AsyncClient, query: str) -> tuple[float, list[float], int]:
    """How long the document takes, and trivial queries while it runs."""
    done = asyncio.Event()
    waited: list[float] = []

    async def trivial() -> None:
        while not done.is_set():
            waited.append((await ask(client, TRIVIAL))[0])
            await asyncio.sleep(PAUSE_SECONDS)

    asking = asyncio.create_task(trivial())
    await asyncio.sleep(0.05)
    took, response = await ask(client, query)
    done.set()
    await asking
    return took, waited, len(response.content)


async def main() -> None:
    async with demo() as client:
        documents = Documents(await arguments(client), SEED)
        found = []
        for _ in range(SEARCHED):
            query, cost = documents.dear()
            took, response = await ask(client, query)
            found.append((took, query, cost, response.status_code))
        found.sort(key=lambda one: -one[0])
        print(
            f"{SEARCHED} documents searched; the {SHOWN} that take longest, each beside trivial queries:"
        )
        print("points\tvalues\tstatements\ttook s\tMB\tbeside: median ms\tp99 ms\tmost ms\tasked")
        everything: list[float] = []
        for _, query, cost, _status in found[:SHOWN]:
            took, waited, size = await beside(client, query)
            everything += waited
            print(
                f"{cost.points}\t{cost.values}\t{cost.statements}\t{took:.2f}\t{size / 1e6:.2f}\t"
                f"{_ms(statistics.median(waited))}\t{_ms(_p99(waited))}\t{_ms(max(waited))}\t{len(waited)}"
            )
        print(
            f"all together: median {_ms(statistics.median(everything))} ms (at most 100), "
            f"p99 {_ms(_p99(everything))} ms (at most 250)"
        )


def _p99(waited: list[float]) -> float:
    return sorted(waited)[int(len(waited) * 0.99)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f}"


if __name__ == "__main__":
    asyncio.run(main())
