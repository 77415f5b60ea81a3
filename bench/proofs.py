"""What proofs cost: an inclusion proof of many entries against few, and posting while the tree grows against without.

``python -m bench.proofs [ENTRIES [RUNS [SECONDS]]]``: medians of alternating runs, in this process and by its own
PostgreSQL. The trees are of hashes that are none of entries; each proof is made from what is stored, as for anybody.
"""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from bench.posting import in_process, nothing_else
from bench.stage import COMMITTED, Stage, own_postgres, stage
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.engine import Database
from nzc_api.database.migrate import migrate
from nzc_api.proofs.service import GROW_SECONDS, ProofService
from nzc_api.proofs.stored import STRIDE, spans_of
from nzc_api.proofs.tree import LeafRange, inclusion_path
from nzc_api.services import Chore, Nzc

FEW = 10_000
MANY = 10_000_000
PROOFS = 300

# All that a proof reads: nodes, and the entries and salts of the positions that are asked for.
FILL = """
    INSERT INTO log_node (height, index, hash)
    SELECT $1::int, i, sha256(i::text::bytea) FROM generate_series(0, $2::bigint - 1) AS i
"""
ENTRIES = """
    INSERT INTO log_entry (position, at, kind, subject_id, organisation_id, api_key_id, body, digest)
    SELECT p, now(), 'CREDITS_RETIRED', p, 1, 1, '{"quantity": 1, "programme": "CCER", "reference": "R"}', sha256('')
      FROM unnest($1::bigint[]) AS p
"""
SALTS = """
    INSERT INTO log_salt (position, salt)
    SELECT p, substring(sha256('') FOR 16) FROM unnest($1::bigint[]) AS p
"""


async def proofs(many: int) -> None:
    """How long a proof takes in a large log, against a small one: each on a PostgreSQL of its own."""
    sizes = (FEW, many)
    numbers = random.Random(1)
    asked = {size: [numbers.randrange(size) for _ in range(PROOFS)] for size in sizes}
    took: dict[int, list[float]] = {size: [] for size in sizes}
    async with proving(FEW, asked[FEW]) as small, proving(many, asked[many]) as large:
        for pair in zip(*asked.values(), strict=True):
            for service, size, number in zip((small, large), sizes, pair, strict=True):
                began = time.perf_counter()
                await service.inclusion(number + 1, None)
                took[size].append(time.perf_counter() - began)
    for size in sizes:
        rows = statistics.median(nodes_read(number, size) for number in asked[size])
        print(
            f"a proof of {size:>10,}: {statistics.median(took[size]) * 1000:6.2f} ms, {rows:.0f} nodes read"
        )
    ratio = statistics.median(took[many]) / statistics.median(took[FEW])
    print(f"{'of many / of few':32} {ratio:10.2f}   (ceiling 1.3)")


@asynccontextmanager
async def proving(size: int, asked: Sequence[int]) -> AsyncIterator[ProofService]:
    """What proves the entries that are asked for, of a log of so many."""
    async with own_postgres() as postgres:
        await migrate(postgres.url(OWNER_LOGIN))
        await fill(postgres, size, asked)
        database = Database(postgres.url())
        yield ProofService(Nzc.on(database).services.log)
        await database.close()


async def fill(postgres: EmbeddedPostgres, size: int, asked: Sequence[int]) -> None:
    connection = await asyncpg.connect(postgres.url(SUPERUSER))
    await connection.execute("SET session_replication_role = replica")
    for height in range(0, size.bit_length(), STRIDE):
        await connection.execute(FILL, height, size >> height, timeout=3600)
    positions = sorted({number + 1 for number in asked})
    await connection.execute(ENTRIES, positions)
    await connection.execute(SALTS, positions)
    await connection.execute(COMMITTED, size)
    await connection.execute("VACUUM ANALYZE", timeout=3600)
    await connection.close()


def nodes_read(number: int, size: int) -> int:
    spans = spans_of([LeafRange(0, size), *inclusion_path(number, size)])
    return len({(s.height, index) for s in spans for index in range(s.first, s.end)})


async def posting(runs: int, seconds: float) -> None:
    """How fast is posted while the tree grows, against while it does not."""
    rates: dict[bool, list[float]] = {True: [], False: []}
    async with stage() as at:
        for _ in range(runs):
            for grows in (False, True):
                await catch_up(at)
                rates[grows].append(
                    await in_process(at, seconds, growing if grows else nothing_else)
                )
    median = {grows: statistics.median(found) for grows, found in rates.items()}
    for grows, found in rates.items():
        name = "posting while the tree grows" if grows else "posting alone"
        print(f"{name:32} {median[grows]:10.0f}   ({min(found):.0f} to {max(found):.0f})")
    print(f"{'with / without':32} {median[True] / median[False]:10.2f}   (floor 0.9)")


def growing(nzc: Nzc) -> Sequence[Chore]:
    return ((nzc.services.proofs.grow, GROW_SECONDS),)


async def catch_up(at: Stage) -> None:
    """Let the tree have all entries, so that a run has no other's to do."""
    nzc = Nzc.on(Database(at.postgres.url()))
    began, done = time.perf_counter(), await nzc.services.proofs.grow()
    if done:
        print(f"  {done / (time.perf_counter() - began):.0f} leaves a second by themselves")
    await nzc.database.close()


async def main(many: int, runs: int, seconds: float) -> None:
    await proofs(many)
    await posting(runs, seconds)


if __name__ == "__main__":
    given = [float(argument) for argument in sys.argv[1:]]
    asyncio.run(
        main(
            int(given[0]) if given else MANY,
            int(given[1]) if len(given) > 1 else 5,
            given[2] if len(given) > 2 else 8,
        )
    )
