"""What an export of the log costs against COPY of the same rows, and how much of it is held at once.

``python -m bench.exporting [SECONDS]``: of what is posted in so many (default 30), medians of alternating runs, in
this process and by its own PostgreSQL. COPY takes the rows of the entries and of their movements as they are; an export
makes an event with its facts of each.
"""

import asyncio
import resource
import statistics
import sys
import time
from dataclasses import replace

import asyncpg

from bench.posting import in_process
from bench.stage import stage
from nzc_api.database.embedded import SUPERUSER
from nzc_api.database.engine import Database
from nzc_api.feed.lines import line_of
from nzc_api.feed.viewers import PUBLIC
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.schema.kit.ids import Ids
from nzc_api.services import Nzc

RUNS = 3
SHORT = 1_000
COPIED = "SELECT e.*, m.* FROM log_entry AS e LEFT JOIN movement AS m USING (position)"


async def copied(url: str) -> tuple[float, int]:
    """The seconds that COPY takes, and its bytes."""
    size = 0

    async def count(part: bytes) -> None:
        nonlocal size
        size += len(part)

    connection = await asyncpg.connect(url)
    began = time.perf_counter()
    await connection.copy_from_query(COPIED, output=count, timeout=3600)
    taken = time.perf_counter() - began
    await connection.close()
    return taken, size


async def exported(url: str, most: int | None = None) -> tuple[float, int]:
    """The seconds that an export of all, or of the first entries, takes, and its bytes."""
    size, after = 0, 0
    async with Nzc.on(Database(url, pool_size=2)).running() as nzc:
        head, feed = await nzc.services.log.head(), nzc.services.feed
        until = min(most or head.position, head.position)
        name_of = Ids(head.log_id).of
        began = time.perf_counter()
        while after < until:
            stretch = await feed.carried(after, until, replace(PUBLIC, sight=EVERYTHING))
            size += sum(len(line_of(entry, found, name_of)) for entry, found in stretch)
            after = stretch[-1][0].position
        return time.perf_counter() - began, size


async def main(seconds: float) -> None:
    async with stage() as at:
        await in_process(at, seconds)
        url, owner = at.postgres.url(), at.postgres.url(SUPERUSER)
        await exported(url, SHORT)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took: dict[str, list[float]] = {"COPY": [], "export": []}
        sizes: dict[str, int] = {}
        for _ in range(RUNS):
            for name, made in (("COPY", copied(owner)), ("export", exported(url))):
                taken, sizes[name] = await made
                took[name].append(taken)
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) / 1024
    for name, of in took.items():
        median = statistics.median(of)
        print(f"{name:8} {median:8.2f} s {sizes[name] / 1e6 / median:8.1f} MB/s")
    ratio = statistics.median(took["COPY"]) / statistics.median(took["export"])
    print(f"{'export / COPY, the whole log':32} {ratio:10.2f}   (aim 0.5)")
    print(f"{'memory beyond a short log':32} {more:10.1f} MB")


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30))
