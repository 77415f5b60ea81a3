"""What an audit and an auditor's questions cost as the ledger grows.

``python -m bench.auditing [RETIREMENTS]`` (default 1,000,000; it takes minutes): the buffers that each
question touches, against those in a ledger of 1,000 retirements; and the time of ``nzc audit`` against
a sequential scan of the rows that it reads, alternating on the same server, with its memory.
"""

import asyncio
import resource
import statistics
import sys
import time

import asyncpg

from bench.stage import own_postgres
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.engine import Database
from nzc_api.database.migrate import migrate
from nzc_api.ledger.auditing.audit import audit
from tests.auditing.history import write_history
from tests.auditing.test_costs import costs

SHORT = 1_000
RUNS = 3

TABLES = ("log_entry", "outcome", "movement", "lot", "lot_spent", "available_lot", "balance",
          "credit_batch", "account")  # fmt: skip


async def filled(postgres: EmbeddedPostgres, retirements: int) -> str:
    """The name of a database with so many retirements."""
    name = f"history_{retirements}"
    connection = await asyncpg.connect(postgres.url(SUPERUSER, "postgres"))
    await connection.execute(f"CREATE DATABASE {name} OWNER {OWNER_LOGIN}")
    await connection.close()
    await migrate(postgres.url(OWNER_LOGIN, name))
    await write_history(postgres.url(SUPERUSER, name), retirements)
    return name


async def scan(url: str) -> float:
    """The seconds that reading every row once takes, table by table."""
    connection = await asyncpg.connect(url)
    await connection.execute("SET max_parallel_workers_per_gather = 0")
    started = time.perf_counter()
    for table in TABLES:
        await connection.fetchval(f"SELECT count(t) FROM {table} AS t", timeout=3600)
    taken = time.perf_counter() - started
    await connection.close()
    return taken


async def audited(url: str) -> float:
    """The seconds that an audit takes."""
    database = Database(url)
    started = time.perf_counter()
    try:
        broken = await audit(database)
        assert not broken, broken[0]
    finally:
        await database.close()
    return time.perf_counter() - started


async def main(retirements: int) -> None:
    async with own_postgres() as postgres:
        names = {size: await filled(postgres, size) for size in (SHORT, retirements)}
        urls = {size: postgres.url(database=name) for size, name in names.items()}
        print(f"buffers at {SHORT:,} and at {retirements:,} retirements")
        few, many = [await costs(url, size) for size, url in urls.items()]
        for question in few:
            ratio = many[question] / few[question]
            print(f"{question:32} {few[question]:8} {many[question]:8}   {ratio:.2f}")
        scans, audits = [], []
        for _ in range(RUNS):
            scans.append(await scan(postgres.url(SUPERUSER, names[retirements])))
            audits.append(await audited(urls[retirements]))
        one, other = statistics.median(scans), statistics.median(audits)
        print(
            f"\nsequential scan {one:.2f} s, audit {other:.2f} s: {other / one:.1f} times (most 20)"
        )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"memory of this process: {memory} MB at most")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
