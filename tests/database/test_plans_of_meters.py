"""How questions of guards and of reads of intervals are answered where the planner thinks that each batch has years of
rows: as where it knows nothing."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
from sqlalchemy import TextClause

from nzc_api.database.driver import DriverStatement
from nzc_api.database.engine import Database
from nzc_api.database.plans import BY_INDEX, SET_FOR_READING
from nzc_api.metering import reading_store, usage_store
from nzc_api.monitoring import alert_store
from tests.conftest import TestDatabase, unguarded

METERS, ROWS = 100, 20

# Readings of two batches: one of which the planner will know, and one of readings of many meters.
READINGS = """
    INSERT INTO register_reading (meter_id, at, position, number, device, turns, estimated, value)
    SELECT meter_id, timestamptz '2024-01-01 00:00+08' + nth * interval '1 minute', $1, 0, 1, 0, false, 1
      FROM generate_series(1, $2::bigint) AS meter_id, generate_series(1, $3::int) AS nth
"""
SUMS = """
    INSERT INTO meter_rollup
    SELECT DISTINCT meter_id, 'MONTH', date '2024-01-01', position, 0, 0, 0, 0, 0, 0
      FROM register_reading WHERE position = $1
"""


async def test_each_row_is_not_compared_with_each_meter(database: TestDatabase) -> None:
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(READINGS, 1, METERS, 1000)
        await connection.execute("ANALYZE register_reading")
        await connection.execute(READINGS, 2, METERS, ROWS)
        await connection.execute(SUMS, 2)
        plan = await planned(connection, "nzc_batch_is_rolled", 2)
    assert sum(map(passed_over, nodes(plan))) < METERS * ROWS


async def planned(
    connection: "asyncpg.Connection[asyncpg.Record]", guard: str, position: int
) -> Any:
    """How the question of a guard is answered of a batch, planned as in a transaction of the log."""
    source = await connection.fetchval("SELECT prosrc FROM pg_proc WHERE proname = $1", guard)
    question = source[source.index("EXISTS (") : source.index(" THEN")].replace("NEW.id", "$1")
    async with connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"SELECT {BY_INDEX}")
        # As much more than this is as the rows of a year are more than what is usual.
        await connection.execute("SET LOCAL work_mem = '64kB'")
        await connection.execute(f"PREPARE asked (bigint) AS SELECT {question}")
        found = await connection.fetchval(
            f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE asked ({position})"
        )
        await connection.execute("DEALLOCATE asked")
    return json.loads(found)[0]["Plan"]


def nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def passed_over(node: Any) -> float:
    """How many rows a node looked at and did not take."""
    removed = sum(node.get(f"Rows Removed by {what}", 0) for what in ("Filter", "Join Filter"))
    return float(removed * node["Actual Loops"])


BLOCKS = """
    INSERT INTO interval_block
    SELECT meter_id, day, day::timestamp AT TIME ZONE INTERVAL '+08:00',
           (day + 1)::timestamp AT TIME ZONE INTERVAL '+08:00', extract(year FROM day), 3600, 0, 1, false,
           array_fill(1.5, ARRAY[24])
      FROM generate_series(0, 3649) AS nth, LATERAL (SELECT date '2014-01-01' + nth AS day) AS on_day,
           generate_series(1, $1::bigint) AS meter_id
"""
PARAMETERS = "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'asked'"
ASKED: dict[str, DriverStatement | TextClause] = {
    "a page": reading_store.PAGE,
    "a page within days": reading_store.PAGE_WITHIN,
    "what is beside": reading_store.SPANS_BESIDE,
    "gaps": reading_store.GAPS,
    "until when something is known": alert_store.TOLD_UNTIL,
    "hours": usage_store.BY_READINGS,
    "days and months": usage_store.BY_ROLLUPS,
}

# Else all days would be put in order for the first of them.
DAY_BY_DAY = {"a page", "until when something is known"}


async def test_intervals_are_found_by_their_meter(database: TestDatabase) -> None:
    """Years of a meter may be of a few positions: what came later is not looked for among all that did."""
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(BLOCKS, 10)
        await connection.execute("ANALYZE interval_block")
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        for what, statement in ASKED.items():
            asked = (
                statement if isinstance(statement, DriverStatement) else DriverStatement(statement)
            )
            async with connection.transaction():
                await connection.execute(SET_FOR_READING)
                await connection.execute(f"PREPARE asked AS {asked.sql}")
                size = await connection.fetchval(PARAMETERS)
                nothing = ", ".join(["NULL"] * size)
                found = await connection.fetchval(
                    f"EXPLAIN (FORMAT JSON) EXECUTE asked ({nothing})"
                )
                await connection.execute("DEALLOCATE asked")
            plan = [*nodes(json.loads(found)[0]["Plan"])]
            indices = {node.get("Index Name", "") for node in plan}
            assert "interval_block_pkey" in indices, what
            assert "interval_block_position_idx" not in indices, what
            if what in DAY_BY_DAY:
                assert "Incremental Sort" in {node["Node Type"] for node in plan}, what


SECONDS = """
    INSERT INTO interval_block
    SELECT 1, '2024-01-01', at, at + interval '1 second', 1, 1, 0, 0, false, ARRAY[1]
      FROM generate_series(timestamptz '2024-01-01 00:00+08', '2024-01-01 23:59+08', '2 seconds') AS at
"""


async def test_what_is_beside_an_interval_is_found_without_its_day(database: TestDatabase) -> None:
    """Of seconds a day may have thousands, and so may the next, each of which is asked about with the log held."""
    asked = DriverStatement(
        f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {reading_store.SPANS_BESIDE.text}"
    )
    after = 1_704_124_800
    given = {"meters": "{1}", "starts": f"{{{after}}}", "ends": f"{{{after + 1}}}"}
    async with unguarded(database.superuser_url) as connection:
        await connection.execute(SECONDS)
        await connection.execute("ANALYZE interval_block")
    sessions = Database(database.superuser_url, pool_size=1)
    async with sessions.read() as reading:
        [[found]] = await asked.rows(reading, given)
    await sessions.close()
    plan = found[0]["Plan"]
    assert plan["Actual Rows"] == 1
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 50
