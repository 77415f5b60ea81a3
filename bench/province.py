"""What the regulator's page costs: 500 pilots, ten years, 100,000 lines, 20,000 retirements.

``python -m bench.province [RUNS]``: its statements and buffers, and its time over HTTP, reckoned anew
and kept, as a multiple of a single pilot's statement's, asked in turn of the same warm server. Medians.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import asyncpg
import httpx

from bench.province_stage import YEARS, Province, set_province
from bench.stage import PORT, own_postgres, served
from nzc_api.database.embedded import SUPERUSER
from nzc_api.database.engine import Database
from nzc_api.inventories.model import Basis
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.pilots.model import PilotFilter
from nzc_api.services import Nzc
from nzc_api.statements.model import StatementKey
from tests.counting import counted

YEAR = YEARS[-1]
RUNS = 15

SUMS = "rootCount grossCo2e sinksCo2e purchasedQuantity fromInsideQuantity netCo2e"
FIGURES = f"""figures {{ pilotCount allRoots {{ {SUMS} }} knownRoots {{ {SUMS} }} unknown {{ reason rootCount }}
    coverage {{ status pilotCount }} targets {{ status pilotCount }} }}"""
PAGE = f"""query ($asOf: BigInt) {{ province(year: {YEAR}, asOf: $asOf) {{ {FIGURES} byKind {{ kind {FIGURES} }}
    byAdministrativeDivision {{ administrativeDivision {{ code }} {FIGURES} }} }} }}"""
STATEMENT = f"""query ($asOf: BigInt) {{ pilot(by: {{code: "P-0"}}) {{
    netEmissions(period: {{year: {YEAR}}}, asOf: $asOf) {{
        netCo2e gross {{ co2e }} sinks {{ co2e }} purchasedReductions {{ quantity }} coverage {{ status }} }} }} }}"""

Question = Callable[[Nzc], Awaitable[object]]


def questions(at: Province) -> dict[str, Question]:
    """The page, and a single statement, as the services answer them."""
    pilot_id, periods = next(iter(at.periods.items()))

    async def page(nzc: Nzc) -> object:
        head = (await nzc.services.log.head()).position
        return await nzc.services.province.province(PilotFilter(), YEAR, head, EVERYTHING, head)

    async def statement(nzc: Nzc) -> object:
        head = (await nzc.services.log.head()).position
        key = StatementKey(
            pilot_id=pilot_id, period_id=periods[-1], basis=Basis.OPERATIONAL, as_of=head
        )
        return await nzc.services.statements.net_emissions([key], EVERYTHING)

    return {"page": page, "statement": statement}


async def buffers(at: Province, ask: Question | None) -> int:
    """The buffers that a question touches, with all that NZC does beside it; of None, that alone."""
    before = await _touched(at)
    async with Nzc.on(Database(at.postgres.url())).running() as nzc:
        if ask is not None:
            await ask(nzc)
    return await _touched(at) - before


async def _touched(at: Province) -> int:
    connection = await asyncpg.connect(at.postgres.url(SUPERUSER))
    try:
        statement = (
            "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()


async def statements(at: Province, ask: Question) -> int:
    async with Nzc.on(Database(at.postgres.url())).running() as nzc:
        with counted() as found:
            await ask(nzc)
    return len(found)


async def asked(http: httpx.AsyncClient, query: str, as_of: int) -> float:
    """The milliseconds that a question takes."""
    started = time.perf_counter()
    answer = await http.post("/graphql", json={"query": query, "variables": {"asOf": str(as_of)}})
    taken = time.perf_counter() - started
    assert "errors" not in answer.json(), answer.text
    return taken * 1000


async def head_of(http: httpx.AsyncClient) -> int:
    answer = await http.post(
        "/graphql", json={"query": "{ province(year: 2022) { asOfPosition } }"}
    )
    return int(answer.json()["data"]["province"]["asOfPosition"])


async def main(runs: int) -> None:
    async with own_postgres() as postgres:
        at = await set_province(postgres)
        beside = await buffers(at, None)
        for name, ask in questions(at).items():
            print(
                f"{name:10} {await statements(at, ask):6} statements {await buffers(at, ask) - beside:9,} buffers"
            )
        figures: dict[str, list[float]] = {"page": [], "page, kept": [], "statement": []}
        async with (
            served(postgres),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as http,
        ):
            head = await head_of(http)
            await asked(http, PAGE, head)
            for run in range(1, runs + 1):
                # As of another position each time it is reckoned anew, and then once more.
                figures["page"].append(await asked(http, PAGE, head - run))
                figures["page, kept"].append(await asked(http, PAGE, head - run))
                figures["statement"].append(await asked(http, STATEMENT, head - run))
    median = {name: statistics.median(taken) for name, taken in figures.items()}
    for name, taken in figures.items():
        times = median[name] / median["statement"]
        print(
            f"{name:10} {median[name]:8.1f} ms ({min(taken):.1f} to {max(taken):.1f}): {times:.1f} statements' time"
        )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
