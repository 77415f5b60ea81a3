"""How fast readings are recorded and answered by month, against PostgreSQL's own measures on the same server.

``python -m bench.readings [RUNS [SECONDS]]``: readings over HTTP, 1,000 a request, against ``pgbench -N`` in the same
minutes; a file of a year of 100 hourly meters by ``nzc import readings`` against COPY of as many rows into a bare
table; monitoring of such a pilot by month, in buffers (alone, and beside nine more years) and as a multiple of a
``pgbench -S`` transaction. Medians.
"""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx

from bench.posting import over_http, request
from bench.stage import PORT, organisation, own_postgres, park, pgbench, position_of, served
from nzc_api.access.model import IssueApiKey
from nzc_api.access.principals import Principal, Role
from nzc_api.china_time import CHINA_TIME
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.engine import Database
from nzc_api.database.migrate import migrate
from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.log.requests import Actor
from nzc_api.metering import usage_store
from nzc_api.metering.model import (
    Carrier,
    DeviceFacts,
    Flow,
    MeterKind,
    RegisterMeter,
)
from nzc_api.metering.usage import Step, steps_of
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.kit.ids import Ids
from nzc_api.services import Nzc

METERS = 100
ITEMS = 1000
CONNECTIONS = 4
YEAR = DateSpan(date(2023, 1, 1), date(2023, 12, 31))

RECORD = """mutation ($input: RecordReadingsInput!) { recordReadings(input: $input) {
    ... on RecordReadingsSuccess { batch { id } } ... on UserError { code } } }"""
MONITORING = """query ($id: ID!) { node(id: $id) { ... on Pilot {
    monitoring(from: "2023-01-01", to: "2023-12-31") { series { points { quantity measuredShare } } } } } }"""

# Days of hours of meters as they would be, had they been posted: what is measured is reading them.
FILL = """
    WITH batch AS (
        INSERT INTO reading_batch (id, size, digest, refused) VALUES ($3, 1, sha256(''), '{}') RETURNING id
    )
    INSERT INTO interval_block (meter_id, starts_on, starts_at, ends_at, position, seconds, number, stride, estimated,
                                quantities)
    SELECT k.id, CAST(day AT TIME ZONE INTERVAL '+08:00' AS date), day, day + interval '1 day', batch.id, 3600, 0, 1,
           false, array_fill(1.5, ARRAY[24])
      FROM batch, unnest($4::bigint[]) AS k (id),
           generate_series($1::timestamptz, $2::timestamptz - interval '1 day', interval '1 day') AS day
"""
SUM = """
    INSERT INTO meter_rollup (meter_id, step, starts_on, position, millionths, estimated_millionths, known, estimated,
                              cost_millionths, costed)
    SELECT meter_id, k.step, date_trunc(k.step, starts_on)::date, position, sum(24 * 1.5) * 1000000, 0,
           sum(86400), 0, 0, 0
      FROM interval_block CROSS JOIN (VALUES ('DAY'), ('MONTH')) AS k (step)
     WHERE position = $1 GROUP BY 1, 2, 3, 4
"""
BARE = """
    CREATE TABLE bare (
        meter_id bigint, starts_at timestamptz, ends_at timestamptz, position bigint, number smallint,
        estimated boolean, quantity numeric, cost numeric, PRIMARY KEY (meter_id, starts_at, position))
"""


@dataclass(frozen=True)
class Stage:
    """Two pilots with meters: one to post to, and one whose years are there."""

    postgres: EmbeddedPostgres
    secret: str
    log_id: int
    posted: tuple[int, ...]
    pilot: int
    read: tuple[int, ...]


async def set_stage(postgres: EmbeddedPostgres) -> Stage:
    await migrate(postgres.url(OWNER_LOGIN))
    async with Nzc.on(Database(postgres.url())).running() as nzc:
        access = nzc.services.access
        operator = await organisation(nzc, Role.PILOT_OPERATOR)
        asked = IssueApiKey(operator.organisation_id, "bench")
        issued = await access.issue_api_key_as(Actor(), str(uuid4()), asked)
        assert issued.secret is not None
        pilots = [await park(nzc, operator, code, YEAR) for code in ("P-1", "P-2")]
        meters = [
            [await _meter(nzc, operator, pilot, n) for n in range(METERS)] for pilot in pilots
        ]
        log_id = (await nzc.services.log.head()).log_id
    return Stage(
        postgres=postgres,
        secret=issued.secret,
        log_id=log_id,
        posted=tuple(meters[0]),
        pilot=pilots[1],
        read=tuple(meters[1]),
    )


async def _meter(nzc: Nzc, operator: Principal, pilot: PilotId, number: int) -> int:
    command = RegisterMeter(
        pilot_id=pilot,
        code=f"E-{number}",
        carrier=Carrier.ELECTRICITY,
        flow=Flow.BOUGHT,
        kind=MeterKind.INTERVAL,
        unit="kWh",
        supply_point=f"{pilot}-{number}",
        parent_id=None,
        conditions=None,
        starts_on=date(2010, 1, 1),
        ends_on=None,
        device=DeviceFacts(Decimal(100)),
    )
    made = await nzc.services.meters.register(operator, str(uuid4()), command)
    return position_of(made)


def items(at: Stage) -> Iterator[dict[str, object]]:
    """The hours of all meters, hour by hour, as a gateway posts them."""
    ids = [Ids(at.log_id).of("Meter", meter) for meter in at.posted]
    first = datetime(2023, 1, 1, tzinfo=CHINA_TIME)
    for hour in count():
        start = first + timedelta(hours=hour)
        for meter in ids:
            yield {
                "meter": meter, "from": start.isoformat(), "at": (start + timedelta(hours=1)).isoformat(),
                "value": f"{hour % 7}.25",
            }  # fmt: skip


def requests(at: Stage, hours: Iterator[dict[str, object]], number: int) -> list[bytes]:
    given = (
        {"idempotencyKey": str(uuid4()), "items": list(islice(hours, ITEMS))} for _ in range(number)
    )
    return [request(at.secret, RECORD, {"input": item}) for item in given]


async def copied(postgres: EmbeddedPostgres) -> float:
    """Rows a second of a COPY of a year of the meters into a bare table with its primary key."""
    connection = await asyncpg.connect(postgres.url(SUPERUSER, "postgres"))
    try:
        await connection.execute("DROP TABLE IF EXISTS bare")
        await connection.execute(BARE)
        first = datetime(2023, 1, 1, tzinfo=CHINA_TIME)
        hour = timedelta(hours=1)
        rows = [
            (meter, first + n * hour, first + (n + 1) * hour, n // 10, n % 1000, False, Decimal("1.5"), None)
            for meter in range(METERS) for n in range(8760)
        ]  # fmt: skip
        started = time.perf_counter()
        await connection.copy_records_to_table("bare", records=rows)
        return len(rows) / (time.perf_counter() - started)
    finally:
        await connection.close()


def written(folder: Path, year: int) -> tuple[Path, int]:
    """A file of a year of the meters as a building system writes it, hour by hour, and how many rows it has."""
    first, last = (datetime(y, 1, 1, tzinfo=CHINA_TIME) for y in (year, year + 1))
    hours = (last - first) // timedelta(hours=1)
    numbers, file = random.Random(year), folder / f"{year}.csv"
    with file.open("w", encoding="utf-8") as rows:
        rows.write("试点,计量点,开始时间,结束时间,用量（kWh）\n")
        for hour in range(hours):
            start, end = (first + timedelta(hours=hour + over) for over in (0, 1))
            times = f"{start:%Y-%m-%d %H:%M},{end:%Y-%m-%d %H:%M}"
            for meter in range(METERS):
                rows.write(f"P-1,E-{meter},{times},{numbers.randrange(10**5) / 1000:.3f}\n")
    return file, hours * METERS


def imported(at: Stage, file: Path, size: int) -> float:
    """Rows a second of ``nzc import readings`` of a file: all of the command, from its start to its end."""
    nzc = Path(sys.executable).with_name("nzc")
    environment = os.environ | {
        "NZC_KEY": at.secret, "NZC_URL": f"http://127.0.0.1:{PORT}/graphql",
    }  # fmt: skip
    started = time.perf_counter()
    done = subprocess.run(
        [nzc, "import", "readings", file],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    taken = time.perf_counter() - started
    assert f"{size} COMMITTED" in done.stdout, done.stdout
    return size / taken


async def fill(at: Stage, first: int, last: int) -> None:
    """Write years of the meters that are read."""
    connection = await asyncpg.connect(at.postgres.url(SUPERUSER))
    try:
        await connection.execute("SET session_replication_role = replica")
        for year in range(first, last + 1):
            ends = (
                datetime(year, 1, 1, tzinfo=CHINA_TIME),
                datetime(year + 1, 1, 1, tzinfo=CHINA_TIME),
            )
            # A position of the log's that is no batch's.
            position = year - 2000
            await connection.execute(FILL, *ends, position, list(at.read), timeout=600)
            await connection.execute(SUM, position, timeout=600)
        await connection.execute("VACUUM ANALYZE interval_block")
        await connection.execute("VACUUM ANALYZE meter_rollup")
    finally:
        await connection.close()


async def buffers(at: Stage) -> int:
    """The buffers that the question of monitoring touches: a year of the meters by month."""
    moments = steps_of(YEAR, Step.MONTH)
    statement = usage_store.BY_ROLLUPS
    given = usage_store.given(
        [MeterId(id_) for id_ in at.read], moments, Position(10**9)
    ) | usage_store.pieces(moments)
    connection = await asyncpg.connect(at.postgres.url(SUPERUSER))
    try:
        explain = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "
        plan = await connection.fetchval(
            explain + statement.sql, *[given[name] for name in statement.names]
        )
        top = json.loads(plan)[0]["Plan"]
        return int(top["Shared Hit Blocks"]) + int(top["Shared Read Blocks"])
    finally:
        await connection.close()


async def asked(at: Stage, times: int) -> float:
    """The milliseconds of the question over HTTP; the log moves in between, so no answer is kept."""
    headers = {"Authorization": f"Bearer {at.secret}"}
    body = {"query": MONITORING, "variables": {"id": Ids(at.log_id).of("Pilot", at.pilot)}}
    taken = []
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{PORT}", headers=headers, timeout=60
    ) as http:
        for _ in range(times):
            started = time.perf_counter()
            answer = await http.post("/graphql", json=body)
            taken.append(time.perf_counter() - started)
            [series] = answer.json()["data"]["node"]["monitoring"]["series"]
            assert len(series["points"]) == 12
            assert all(point["measuredShare"] == "1" for point in series["points"])
    return statistics.median(taken) * 1000


async def main(runs: int, seconds: float) -> None:
    figures: dict[str, list[float]] = {}

    def keep(name: str, value: float) -> None:
        figures.setdefault(name, []).append(value)

    async with own_postgres() as postgres:
        at = await set_stage(postgres)
        hours = items(at)
        await fill(at, 2023, 2023)
        keep("buffers, one year", await buffers(at))
        await fill(at, 2014, 2022)
        keep("buffers, ten years", await buffers(at))
        for run in range(runs):
            keep("pgbench -N, tx/s", pgbench(postgres, seconds))
            keep("pgbench -S, ms", 1000 / pgbench(postgres, seconds, "-S", clients=1))
            async with served(postgres):
                file, size = written(postgres.folder, 2022 - run)
                keep("COPY, rows/s", await copied(postgres))
                keep("import, rows/s", await asyncio.to_thread(imported, at, file, size))
                keep("COPY, rows/s", await copied(postgres))
                found = requests(at, hours, int(seconds * 20))
                told = await asyncio.to_thread(over_http, found, CONNECTIONS, seconds)
                keep("readings/s over HTTP", told["requests"] * ITEMS / told["seconds"])
                keep("monitoring, ms", await asked(at, 30))
    median = {name: statistics.median(values) for name, values in figures.items()}
    for name, values in figures.items():
        print(f"{name:32} {median[name]:12.2f}   ({min(values):.2f} to {max(values):.2f})")
    print("\nratios of medians")
    for name, over, under, aim in (
        ("readings / pgbench -N", "readings/s over HTTP", "pgbench -N, tx/s", "at least 1, aim 5"),
        ("import / COPY", "import, rows/s", "COPY, rows/s", "at least 0.5"),
        ("buffers, ten years / one", "buffers, ten years", "buffers, one year", "at most 1.3"),
        ("monitoring / pgbench -S", "monitoring, ms", "pgbench -S, ms", "aim 50"),
    ):
        print(f"{name:32} {median[over] / median[under]:12.3f}   ({aim})")


if __name__ == "__main__":
    given = [float(argument) for argument in sys.argv[1:]]
    asyncio.run(main(int(given[0]) if given else 3, given[1] if len(given) > 1 else 8))
