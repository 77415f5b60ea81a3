"""What an export of the log costs against COPY of the same rows, and how much of it is held at once.

``python -m bench.exporting [SECONDS]``: of what is posted in so many (default 30), medians of alternating runs, in
this process and by its own PostgreSQL. COPY takes the rows of the entries and of their movements as they are; an export
makes an event with its facts of each, which is three times as long. So both are compared: how soon the whole log is
there, and how many bytes a second come.
"""

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import NamedTuple

import asyncpg

from bench.posting import in_process
from bench.stage import stage
from nzc_api.ahead import ahead
from nzc_api.database.embedded import SUPERUSER
from nzc_api.database.engine import Database
from nzc_api.feed.facts import Carried, seen_by
from nzc_api.feed.lines import lines_of
from nzc_api.feed.viewers import PUBLIC
from nzc_api.ids import Position
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.schema.kit.ids import Ids
from nzc_api.services import Nzc

RUNS = 3
SHORT = 1_000
COPIED = "SELECT e.*, m.* FROM log_entry AS e LEFT JOIN movement AS m USING (position)"


class Took(NamedTuple):
    """What came of the log: the seconds until it was there, those of this process's time, and its bytes."""

    seconds: float
    busy: float
    size: int


async def copied(url: str) -> Took:
    """What COPY takes."""
    size = 0

    async def count(part: bytes) -> None:
        nonlocal size
        size += len(part)

    connection = await asyncpg.connect(url)
    began, busy = time.perf_counter(), time.process_time()
    await connection.copy_from_query(COPIED, output=count, timeout=3600)
    took = Took(time.perf_counter() - began, time.process_time() - busy, size)
    await connection.close()
    return took


async def exported(url: str, most: int | None = None) -> Took:
    """What an export of all, or of the first entries, takes."""
    size = 0
    async with Nzc.on(Database(url, pool_size=2)).running() as nzc:
        head, feed = await nzc.services.log.head(), nzc.services.feed
        until = Position(min(most or head.position, head.position))
        name_of = Ids(head.log_id).of
        began, busy = time.perf_counter(), time.process_time()
        viewer = replace(PUBLIC, sight=EVERYTHING)

        async def read() -> AsyncGenerator[Carried, None]:
            reached = Position(0)
            while reached < until:
                carried = await feed.carried(reached, until)
                yield carried
                reached = carried.positions[-1]

        async for stretch in ahead(read()):
            size += len(lines_of(stretch, seen_by(viewer, stretch), name_of))
        return Took(time.perf_counter() - began, time.process_time() - busy, size)


async def main(seconds: float) -> None:
    async with stage() as at:
        await in_process(at, seconds)
        url, owner = at.postgres.url(), at.postgres.url(SUPERUSER)
        await exported(url, SHORT)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took: dict[str, list[Took]] = {"COPY": [], "export": []}
        for _ in range(RUNS):
            for name, made in (("COPY", copied(owner)), ("export", exported(url))):
                took[name].append(await made)
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) / 1024
    median = {
        name: Took(*map(statistics.median, zip(*taken, strict=True)))
        for name, taken in took.items()
    }
    for name, way in median.items():
        print(
            f"{name:8} {way.seconds:8.2f} s {way.busy:8.2f} s of this process {way.size / 1e6 / way.seconds:8.1f} MB/s"
        )
    copy, export = median["COPY"], median["export"]
    whole = copy.seconds / export.seconds
    print(f"{'export / COPY, the whole log':32} {whole:10.2f}   (aim 0.5)")
    print(
        f"{'export / COPY, bytes a second':32} {whole * export.size / copy.size:10.2f}   (aim 0.5)"
    )
    print(f"{'memory beyond a short log':32} {more:10.1f} MB")


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30))
