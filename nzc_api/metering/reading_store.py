"""The SQL of readings and bills."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, sent
from nzc_api.database.driver import DriverStatement
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page
from nzc_api.ids import MeterId, Position
from nzc_api.metering.counting_store import (
    AS_OF_INTERVAL,
    AS_OF_POINT,
    AS_OF_SPAN,
    NOW_INTERVAL,
    NOW_POINT,
    NOW_SPAN,
    ONE,
    POINTS_ABOUT,
    REACHING,
    SEVERAL,
)
from nzc_api.metering.readings import (
    Batch,
    ReadingPoint,
    ReadingSeries,
    ReadingSpan,
    ToldReading,
    seconds,
)
from nzc_api.metering.tables import reading_batch
from nzc_api.refusal import Refusal

# The second and the device that all readings come after.
BEFORE_ALL = (seconds(datetime.min.replace(tzinfo=UTC)), -1)

# Of each moment of a meter's device, the readings that count just before it, at it, and just after it.
BESIDE = DriverStatement(f"""
    SELECT DISTINCT k.meter_id, r.at, r.device, r.turns, r.estimated, r.value
      FROM unnest({sent("meters")}, {sent("devices")}, {sent("moments")}) AS k (meter_id, device, epoch)
     CROSS JOIN LATERAL to_timestamp(k.epoch) AS moment (at)
     CROSS JOIN LATERAL (
            (SELECT * FROM register_reading AS r
              WHERE r.meter_id = k.meter_id AND r.device = k.device AND r.at <= moment.at AND {NOW_POINT}
              ORDER BY r.at DESC LIMIT 2)
            UNION ALL
            (SELECT * FROM register_reading AS r
              WHERE r.meter_id = k.meter_id AND r.device = k.device AND r.at > moment.at AND {NOW_POINT}
              ORDER BY r.at LIMIT 1)) AS r
""")  # noqa: S608  (our own text)

# What was told last of each time: of bills, and of intervals.
SPANS_BESIDE = DriverStatement(f"""
    SELECT DISTINCT k.meter_id, c.starts_at, c.ends_at, c.estimated, c.quantity, c.cost
      FROM unnest({sent("meters")}, {sent("starts")}, {sent("ends")}) AS k (meter_id, start, finish)
     CROSS JOIN LATERAL (SELECT to_timestamp(k.start) AS first, to_timestamp(k.finish) AS last) AS bounds
     CROSS JOIN LATERAL (
            (SELECT c.starts_at, c.ends_at, c.estimated, c.quantity, c.cost FROM consumption AS c
              WHERE c.meter_id = k.meter_id AND c.starts_at < bounds.last AND {NOW_SPAN}
              ORDER BY c.starts_at DESC LIMIT 1)
            UNION ALL
            (SELECT c.starts_at, c.ends_at, c.estimated, c.quantity, NULL FROM {ONE} AS c
              WHERE c.meter_id = k.meter_id AND c.starts_at < bounds.last AND {NOW_INTERVAL}
              ORDER BY c.starts_at DESC LIMIT 1)
            UNION ALL
            (SELECT c.starts_at, c.ends_at, c.estimated, c.quantity, NULL FROM {SEVERAL} AS c
              WHERE {REACHING.format(meter="k.meter_id", first="bounds.first", last="bounds.last")} AND {NOW_INTERVAL}
              ORDER BY c.starts_on DESC, c.starts_at DESC LIMIT 1)) AS c
""")  # noqa: S608  (our own text)

# Of the time from a moment to another what nothing was told of, by when it begins: intervals and bills share no second,
# so each is followed by the next one or a gap.
GAPS = text(f"""
    WITH bounds AS (
        SELECT to_timestamp(CAST(:start AS bigint)) AS first, to_timestamp(CAST(:finish AS bigint)) AS last
    ), told AS (
        (SELECT c.starts_at, c.ends_at FROM bounds, consumption AS c
          WHERE c.meter_id = :meter AND c.starts_at < bounds.first AND {NOW_SPAN}
          ORDER BY c.starts_at DESC LIMIT 1)
        UNION ALL
        SELECT c.starts_at, c.ends_at FROM bounds, consumption AS c
         WHERE c.meter_id = :meter AND c.starts_at >= bounds.first AND c.starts_at < bounds.last AND {NOW_SPAN}
        UNION ALL
        (SELECT c.starts_at, c.ends_at FROM bounds, {ONE} AS c
          WHERE c.meter_id = :meter AND c.starts_at < bounds.first AND {NOW_INTERVAL}
          ORDER BY c.starts_at DESC LIMIT 1)
        UNION ALL
        SELECT c.starts_at, c.ends_at FROM bounds, {ONE} AS c
         WHERE c.meter_id = :meter AND c.starts_at >= bounds.first AND c.starts_at < bounds.last AND {NOW_INTERVAL}
        UNION ALL
        SELECT c.starts_at, c.ends_at FROM bounds, {SEVERAL} AS c
         WHERE {REACHING.format(meter=":meter", first="bounds.first", last="bounds.last")} AND {NOW_INTERVAL}
        UNION ALL
        SELECT last, last FROM bounds
    )
    SELECT since, starts_at
      FROM (SELECT starts_at, greatest(lag(ends_at) OVER (ORDER BY starts_at, ends_at), bounds.first) AS since
              FROM bounds, told) AS told
     WHERE since < starts_at ORDER BY since LIMIT :most
""")  # noqa: S608  (our own text)

BATCHES = text(f"""
    SELECT {columns_of(reading_batch, "b")}, of.operators, e.organisation_id AS posted_by
      FROM reading_batch AS b
      JOIN log_entry AS e ON e.position = b.id
     CROSS JOIN LATERAL (
            SELECT array_agg(DISTINCT p.operator_id) AS operators
              FROM (SELECT meter_id FROM register_reading WHERE position = b.id
                    UNION
                    SELECT meter_id FROM consumption WHERE position = b.id
                    UNION
                    SELECT meter_id FROM interval_block WHERE position = b.id) AS told
              JOIN meter AS m ON m.id = told.meter_id
              JOIN pilot AS p ON p.id = m.pilot_id) AS of
     WHERE b.id = ANY(CAST(:ids AS bigint[]))
""")  # noqa: S608  (our own names)

# Readings and bills of a meter as of a position, by when they are of: of one moment, by device.
PAGE = text(f"""
    SELECT k.id, r.starts_at, r.ends_at, r.device, r.turns, r.estimated, r.value, r.cost, r.position
      FROM unnest(CAST(:meters AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (
            SELECT * FROM (
                (SELECT r.at AS starts_at, CAST(NULL AS timestamptz) AS ends_at, r.device, r.turns, r.estimated,
                        r.value, CAST(NULL AS numeric) AS cost, r.position
                   FROM register_reading AS r
                  WHERE r.meter_id = k.id AND (r.at, r.device) > (
                        to_timestamp(CAST(:epoch AS bigint)), CAST(:device AS integer))
                    AND {AS_OF_POINT}
                  ORDER BY r.at, r.device LIMIT :first)
                UNION ALL
                (SELECT c.starts_at, c.ends_at, 0, 0, c.estimated, c.quantity, c.cost, c.position
                   FROM consumption AS c
                  WHERE c.meter_id = k.id AND (c.starts_at, 0) > (
                        to_timestamp(CAST(:epoch AS bigint)), CAST(:device AS integer))
                    AND {AS_OF_SPAN}
                  ORDER BY c.starts_at LIMIT :first)
                UNION ALL
                (SELECT c.starts_at, c.ends_at, 0, 0, c.estimated, c.quantity, NULL, c.position
                   FROM {ONE} AS c
                  WHERE c.meter_id = k.id AND (c.starts_at, 0) > (
                        to_timestamp(CAST(:epoch AS bigint)), CAST(:device AS integer))
                    AND {AS_OF_INTERVAL}
                  ORDER BY c.starts_at LIMIT :first)
                UNION ALL
                -- Day by day: a block's intervals may lie between those of another.
                (SELECT c.starts_at, c.ends_at, 0, 0, c.estimated, c.quantity, NULL, c.position
                   FROM {SEVERAL} AS c
                  WHERE c.meter_id = k.id AND (c.starts_at, 0) > (
                        to_timestamp(CAST(:epoch AS bigint)), CAST(:device AS integer))
                    AND c.starts_on >= CAST(
                        to_timestamp(CAST(:epoch AS bigint)) AT TIME ZONE INTERVAL '+08:00' AS date)
                    AND {AS_OF_INTERVAL}
                  ORDER BY c.starts_on, c.starts_at LIMIT :first)) AS either
             ORDER BY starts_at, device LIMIT :first) AS r
""")  # noqa: S608  (our own text)


# What a meter's consumption from a moment to another rests on, by when it is of: a register's readings from the last
# before it to the first after it.
PAGE_WITHIN = text(f"""
    SELECT k.id, r.*
      FROM unnest(CAST(:meters AS bigint[])) AS k (id)
     CROSS JOIN (SELECT to_timestamp(CAST(:start AS bigint)) AS first,
                        to_timestamp(CAST(:finish AS bigint)) AS last) AS bounds
     CROSS JOIN LATERAL (
            SELECT * FROM (
                SELECT r.at AS starts_at, CAST(NULL AS timestamptz) AS ends_at, r.device, r.turns, r.estimated,
                       r.value, CAST(NULL AS numeric) AS cost, r.position
                  FROM register_reading AS r
                 WHERE {POINTS_ABOUT}
                UNION ALL
                SELECT c.starts_at, c.ends_at, 0, 0, c.estimated, c.quantity, c.cost, c.position
                  FROM consumption AS c
                 WHERE c.meter_id = k.id AND c.starts_at < bounds.last AND c.ends_at > bounds.first
                   AND {AS_OF_SPAN}
                UNION ALL
                SELECT c.starts_at, c.ends_at, 0, 0, c.estimated, c.quantity, NULL, c.position
                  FROM {ONE} AS c
                 WHERE c.meter_id = k.id AND c.starts_at < bounds.last AND c.ends_at > bounds.first
                   AND c.starts_at >= bounds.first - interval '1 day' AND {AS_OF_INTERVAL}
                UNION ALL
                SELECT c.starts_at, c.ends_at, 0, 0, c.estimated, c.quantity, NULL, c.position
                  FROM {SEVERAL} AS c
                 WHERE {REACHING.format(meter="k.id", first="bounds.first", last="bounds.last")}
                   AND {AS_OF_INTERVAL}) AS either
             WHERE (starts_at, device) > (to_timestamp(CAST(:epoch AS bigint)), CAST(:device AS integer))
             ORDER BY starts_at, device LIMIT :first) AS r
""")  # noqa: S608  (our own text)


async def page_within(
    connection: AsyncConnection,
    meters: Sequence[MeterId],
    within: tuple[datetime, datetime],
    at: tuple[Position, Page],
) -> dict[MeterId, list[ToldReading]]:
    """For each meter a page of what its consumption between two moments rests on and one more, by their time."""
    as_of, page = at
    epoch, device = page.after or BEFORE_ALL
    given = {
        "meters": list(meters),
        "start": seconds(within[0]),
        "finish": seconds(within[1]),
        "epoch": epoch,
        "device": device,
        "first": page.first + 1,
        "as_of": as_of,
    }
    found = defaultdict[MeterId, list[ToldReading]](list)
    for meter_id, *told in await connection.execute(PAGE_WITHIN, given):
        found[meter_id].append(ToldReading(*told))
    return found


async def read_series(
    connection: AsyncConnection,
    points: Iterable[tuple[int, int, datetime]],
    spans: Iterable[tuple[int, datetime, datetime]],
) -> dict[int, ReadingSeries]:
    """What is recorded beside the moments of (meter, device), and last of the times of (meter)."""
    series = defaultdict[int, ReadingSeries](ReadingSeries)
    wanted = sorted(points)
    if wanted:
        given = {
            "meters": array(meter for meter, _, _ in wanted),
            "devices": array(device for _, device, _ in wanted),
            "moments": array(seconds(at) for _, _, at in wanted),
        }
        for meter_id, *told in await BESIDE.rows(connection, given):
            series[meter_id].add(ReadingPoint(*told))
    times = sorted(spans)
    if times:
        given = {
            "meters": array(meter for meter, _, _ in times),
            "starts": array(seconds(start) for _, start, _ in times),
            "ends": array(seconds(end) for _, _, end in times),
        }
        for meter_id, *told in await SPANS_BESIDE.rows(connection, given):
            series[meter_id].add(ReadingSpan(*told))
    return series


async def read_gaps(
    connection: AsyncConnection, meter_id: MeterId, within: tuple[datetime, datetime], most: int
) -> list[tuple[datetime, datetime]]:
    """The parts of a time of which nothing was told of a meter with intervals or bills: at most so many."""
    start, finish = map(seconds, within)
    given = {"meter": meter_id, "start": start, "finish": finish, "most": most}
    return [(row.since, row.starts_at) for row in await connection.execute(GAPS, given)]


async def read_batches(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Batch]:
    rows = await connection.execute(BATCHES, {"ids": list(ids)})
    return {
        row.id: Batch(
            id=row.id,
            size=row.size,
            digest=row.digest,
            refused={int(number): Refusal.thaw(refused) for number, refused in row.refused.items()},
            operators=frozenset(row.operators),
            posted_by=row.posted_by,
            document=row.document,
            reason=row.reason,
        )
        for row in rows
    }


async def page_readings_of(
    connection: AsyncConnection, meters: Sequence[MeterId], page: Page, as_of: Position
) -> dict[MeterId, list[ToldReading]]:
    """For each meter a page of its readings and bills and one more, by their time."""
    epoch, device = page.after or BEFORE_ALL
    given = {
        "meters": list(meters),
        "epoch": epoch,
        "device": device,
        "first": page.first + 1,
        "as_of": as_of,
    }
    found = defaultdict[MeterId, list[ToldReading]](list)
    for meter_id, *told in await connection.execute(PAGE, given):
        found[meter_id].append(ToldReading(*told))
    return found
