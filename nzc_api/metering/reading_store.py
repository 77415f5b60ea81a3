"""The SQL of readings and bills."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.accounting.exact import plain
from nzc_api.database.arrays import array, sent
from nzc_api.database.copying import Column, Copy, arrays_of_numbers, days, moments
from nzc_api.database.driver import DriverStatement
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page
from nzc_api.ids import MeterId
from nzc_api.metering.columns import Columns
from nzc_api.metering.interval_blocks import Blocks, blocks_of
from nzc_api.metering.readings import Batch, Point, Row, Series, Span, Told, seconds
from nzc_api.metering.rollups import day_of
from nzc_api.metering.tables import reading_batch
from nzc_api.refusal import Refusal

# A reading counts where no later one is of the same time, and it has a value. That is looked up by the index for each
# (OFFSET 0): joined, it would be reckoned for the whole table where few rows are wanted.
CURRENT_POINT = """NOT EXISTS (SELECT FROM register_reading AS later
    WHERE (later.meter_id, later.at, later.device) = (r.meter_id, r.at, r.device)
      AND later.position > r.position AND later.position <= {as_of} OFFSET 0)
  AND r.value IS NOT NULL AND r.position <= {as_of}"""
CURRENT_SPAN = """NOT EXISTS (SELECT FROM consumption AS later
    WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
      AND later.position > c.position AND later.position <= {as_of} OFFSET 0)
  AND c.quantity IS NOT NULL AND c.position <= {as_of}"""

# Intervals one by one, of the blocks that they are told in.
INTERVALS = """(SELECT b.meter_id, b.starts_on, b.starts_at + (n - 1) * b.seconds * interval '1 second' AS starts_at,
                       b.starts_at + n * b.seconds * interval '1 second' AS ends_at, b.position, b.estimated, i.quantity
                  FROM interval_block AS b
                 CROSS JOIN LATERAL unnest(b.quantities) WITH ORDINALITY AS i (quantity, n))"""
# ``+ 0``: by its position alone a block would be looked for among all that came after it.
CURRENT_INTERVAL = """NOT EXISTS (SELECT FROM interval_block AS later
    WHERE (later.meter_id, later.starts_on) = (c.meter_id, c.starts_on)
      AND later.position + 0 > c.position AND later.position + 0 <= {as_of}
      AND c.starts_at >= later.starts_at AND c.starts_at < later.ends_at
      AND mod(CAST(extract(epoch FROM c.starts_at - later.starts_at) AS bigint), later.seconds) = 0 OFFSET 0)
  AND c.quantity IS NOT NULL AND c.position + 0 <= {as_of}"""

# That intervals ``c`` of a meter reach into the time from a moment to another: none is longer than a day.
REACHING = """c.meter_id = {meter} AND c.starts_at < {last} AND c.ends_at > {first}
           AND c.starts_on >= CAST({first} AT TIME ZONE INTERVAL '+08:00' AS date) - 1
           AND c.starts_on <= CAST({last} AT TIME ZONE INTERVAL '+08:00' AS date)"""

# The second and the device that all readings come after.
BEFORE_ALL = (seconds(datetime.min.replace(tzinfo=UTC)), -1)

_NOW = CURRENT_POINT.format(as_of="9223372036854775807")
_NOW_SPAN = CURRENT_SPAN.format(as_of="9223372036854775807")
_NOW_INTERVAL = CURRENT_INTERVAL.format(as_of="9223372036854775807")

# Of each moment of a meter's device, the readings that count just before it, at it, and just after it.
BESIDE = DriverStatement(f"""
    SELECT DISTINCT k.meter_id, r.at, r.device, r.turns, r.estimated, r.value
      FROM unnest({sent("meters")}, {sent("devices")}, {sent("moments")}) AS k (meter_id, device, epoch)
     CROSS JOIN LATERAL to_timestamp(k.epoch) AS moment (at)
     CROSS JOIN LATERAL (
            (SELECT * FROM register_reading AS r
              WHERE r.meter_id = k.meter_id AND r.device = k.device AND r.at <= moment.at AND {_NOW}
              ORDER BY r.at DESC LIMIT 2)
            UNION ALL
            (SELECT * FROM register_reading AS r
              WHERE r.meter_id = k.meter_id AND r.device = k.device AND r.at > moment.at AND {_NOW}
              ORDER BY r.at LIMIT 1)) AS r
""")  # noqa: S608  (our own text)

# What was told last of each time: of bills, and of intervals.
SPANS_BESIDE = DriverStatement(f"""
    SELECT DISTINCT k.meter_id, c.starts_at, c.ends_at, c.estimated, c.quantity, c.cost
      FROM unnest({sent("meters")}, {sent("starts")}, {sent("ends")}) AS k (meter_id, start, finish)
     CROSS JOIN LATERAL (SELECT to_timestamp(k.start) AS first, to_timestamp(k.finish) AS last) AS bounds
     CROSS JOIN LATERAL (
            (SELECT c.starts_at, c.ends_at, c.estimated, c.quantity, c.cost FROM consumption AS c
              WHERE c.meter_id = k.meter_id AND c.starts_at < bounds.last AND {_NOW_SPAN}
              ORDER BY c.starts_at DESC LIMIT 1)
            UNION ALL
            (SELECT c.starts_at, c.ends_at, c.estimated, c.quantity, NULL FROM {INTERVALS} AS c
              WHERE {REACHING.format(meter="k.meter_id", first="bounds.first", last="bounds.last")} AND {_NOW_INTERVAL}
              ORDER BY c.starts_on DESC, c.starts_at DESC LIMIT 1)) AS c
""")  # noqa: S608  (our own text)

# Of the time from a moment to another what nothing was told of, by when it begins: intervals and bills share no second,
# so each is followed by the next one or a gap.
GAPS = text(f"""
    WITH bounds AS (
        SELECT to_timestamp(CAST(:start AS bigint)) AS first, to_timestamp(CAST(:finish AS bigint)) AS last
    ), told AS (
        (SELECT c.starts_at, c.ends_at FROM bounds, consumption AS c
          WHERE c.meter_id = :meter AND c.starts_at < bounds.first AND {_NOW_SPAN}
          ORDER BY c.starts_at DESC LIMIT 1)
        UNION ALL
        SELECT c.starts_at, c.ends_at FROM bounds, consumption AS c
         WHERE c.meter_id = :meter AND c.starts_at >= bounds.first AND c.starts_at < bounds.last AND {_NOW_SPAN}
        UNION ALL
        SELECT c.starts_at, c.ends_at FROM bounds, {INTERVALS} AS c
         WHERE {REACHING.format(meter=":meter", first="bounds.first", last="bounds.last")} AND {_NOW_INTERVAL}
        UNION ALL
        SELECT last, last FROM bounds
    )
    SELECT since, starts_at
      FROM (SELECT starts_at, greatest(lag(ends_at) OVER (ORDER BY starts_at, ends_at), bounds.first) AS since
              FROM bounds, told) AS told
     WHERE since < starts_at ORDER BY since LIMIT :most
""")  # noqa: S608  (our own text)

INSERT_BATCH = text("""
    INSERT INTO reading_batch (id, size, digest, refused, document, reason)
    VALUES (:id, :size, :digest, CAST(:refused AS jsonb), :document, :reason)
""")

INSERT_POINTS = DriverStatement(f"""
    INSERT INTO register_reading (meter_id, at, position, number, device, turns, estimated, value)
    SELECT meter_id, to_timestamp(epoch), :position, number, device, turns, estimated <> 0, value
      FROM unnest({sent("meters")}, {sent("moments")}, {sent("numbers")}, {sent("devices")},
                  {sent("turns")}, {sent("estimated")}, CAST(CAST(:values AS text) AS numeric[]))
        AS r (meter_id, epoch, number, device, turns, estimated, value)
""")  # noqa: S608  (our own text)

# Bills, and intervals, each as a block of its own: which they are is their meter's to say.
INSERT_SPANS = DriverStatement(f"""
    WITH told AS (
        SELECT c.*, to_timestamp(start) AS starts_at, to_timestamp(finish) AS ends_at, m.kind = 'INTERVAL' AS in_blocks
          FROM unnest({sent("meters")}, {sent("starts")}, {sent("ends")}, {sent("numbers")}, {sent("estimated")},
                      CAST(CAST(:quantities AS text) AS numeric[]), CAST(CAST(:costs AS text) AS numeric[]))
            AS c (meter_id, start, finish, number, estimated, quantity, cost)
          JOIN meter AS m ON m.id = c.meter_id
    ), blocks AS (
        INSERT INTO interval_block (meter_id, starts_on, starts_at, ends_at, position, seconds, number, stride,
                                    estimated, quantities)
        SELECT meter_id, CAST(starts_at AT TIME ZONE INTERVAL '+08:00' AS date), starts_at, ends_at, :position,
               finish - start, number, 0, estimated <> 0, ARRAY[quantity]
          FROM told WHERE in_blocks
    )
    INSERT INTO consumption (meter_id, starts_at, ends_at, position, number, estimated, quantity, cost)
    SELECT meter_id, starts_at, ends_at, :position, number, estimated <> 0, quantity, cost FROM told WHERE NOT in_blocks
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
                    AND {CURRENT_POINT.format(as_of="CAST(:as_of AS bigint)")}
                  ORDER BY r.at, r.device LIMIT :first)
                UNION ALL
                (SELECT c.starts_at, c.ends_at, 0, 0, c.estimated, c.quantity, c.cost, c.position
                   FROM consumption AS c
                  WHERE c.meter_id = k.id AND (c.starts_at, 0) > (
                        to_timestamp(CAST(:epoch AS bigint)), CAST(:device AS integer))
                    AND {CURRENT_SPAN.format(as_of="CAST(:as_of AS bigint)")}
                  ORDER BY c.starts_at LIMIT :first)
                UNION ALL
                -- Day by day: a block's intervals may lie between those of another.
                (SELECT c.starts_at, c.ends_at, 0, 0, c.estimated, c.quantity, NULL, c.position
                   FROM {INTERVALS} AS c
                  WHERE c.meter_id = k.id AND (c.starts_at, 0) > (
                        to_timestamp(CAST(:epoch AS bigint)), CAST(:device AS integer))
                    AND c.starts_on >= CAST(
                        to_timestamp(CAST(:epoch AS bigint)) AT TIME ZONE INTERVAL '+08:00' AS date)
                    AND {CURRENT_INTERVAL.format(as_of="CAST(:as_of AS bigint)")}
                  ORDER BY c.starts_on, c.starts_at LIMIT :first)) AS either
             ORDER BY starts_at, device LIMIT :first) AS r
""")  # noqa: S608  (our own text)


AS_OF_POINT = CURRENT_POINT.format(as_of="CAST(:as_of AS bigint)")
AS_OF_SPAN = CURRENT_SPAN.format(as_of="CAST(:as_of AS bigint)")
AS_OF_INTERVAL = CURRENT_INTERVAL.format(as_of="CAST(:as_of AS bigint)")

# The readings ``r`` of the register of the meter ``k.id`` from the last one before ``bounds.first`` to the first one
# after ``bounds.last``.
POINTS_ABOUT = f"""r.meter_id = k.id AND {AS_OF_POINT}
                   AND r.at >= coalesce((
                       SELECT r.at FROM register_reading AS r
                        WHERE r.meter_id = k.id AND r.at <= bounds.first AND {AS_OF_POINT}
                        ORDER BY r.at DESC LIMIT 1), bounds.first)
                   AND r.at <= coalesce((
                       SELECT r.at FROM register_reading AS r
                        WHERE r.meter_id = k.id AND r.at >= bounds.last AND {AS_OF_POINT}
                        ORDER BY r.at LIMIT 1), bounds.last)"""  # noqa: S608  (our own text)

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
                  FROM {INTERVALS} AS c
                 WHERE {REACHING.format(meter="k.id", first="bounds.first", last="bounds.last")}
                   AND {AS_OF_INTERVAL}) AS either
             WHERE (starts_at, device) > (to_timestamp(CAST(:epoch AS bigint)), CAST(:device AS integer))
             ORDER BY starts_at, device LIMIT :first) AS r
""")  # noqa: S608  (our own text)


async def page_within(
    connection: AsyncConnection,
    meters: Sequence[MeterId],
    within: tuple[datetime, datetime],
    at: tuple[int, Page],
) -> dict[MeterId, list[Told]]:
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
    found = defaultdict[MeterId, list[Told]](list)
    for meter_id, *told in await connection.execute(PAGE_WITHIN, given):
        found[meter_id].append(Told(*told))
    return found


async def read_series(
    connection: AsyncConnection,
    points: Iterable[tuple[int, int, datetime]],
    spans: Iterable[tuple[int, datetime, datetime]],
) -> dict[int, Series]:
    """What is recorded beside the moments of (meter, device), and last of the times of (meter)."""
    series = defaultdict[int, Series](Series)
    wanted = sorted(points)
    if wanted:
        given = {
            "meters": array(meter for meter, _, _ in wanted),
            "devices": array(device for _, device, _ in wanted),
            "moments": array(seconds(at) for _, _, at in wanted),
        }
        for meter_id, *told in await BESIDE.rows(connection, given):
            series[meter_id].add(Point(*told))
    times = sorted(spans)
    if times:
        given = {
            "meters": array(meter for meter, _, _ in times),
            "starts": array(seconds(start) for _, start, _ in times),
            "ends": array(seconds(end) for _, _, end in times),
        }
        for meter_id, *told in await SPANS_BESIDE.rows(connection, given):
            series[meter_id].add(Span(*told))
    return series


async def read_gaps(
    connection: AsyncConnection, meter_id: int, within: tuple[datetime, datetime], most: int
) -> list[tuple[datetime, datetime]]:
    """The parts of a time of which nothing was told of a meter with intervals or bills: at most so many."""
    start, finish = map(seconds, within)
    given = {"meter": meter_id, "start": start, "finish": finish, "most": most}
    return [(row.since, row.starts_at) for row in await connection.execute(GAPS, given)]


async def insert_batch(
    connection: AsyncConnection, batch: Batch, refused: str, rows: Sequence[Row], copy: Copy
) -> None:
    """Write a batch with its rows and what was made of its columns (``copy_of``); ``refused`` is JSON."""
    row = {
        "id": batch.id,
        "size": batch.size,
        "digest": batch.digest,
        "refused": refused,
        "document": batch.document,
        "reason": batch.reason,
    }
    await connection.execute(INSERT_BATCH, row)
    points = [(r.meter_id, r.number, r.told) for r in rows if isinstance(r.told, Point)]
    spans = [(r.meter_id, r.number, r.told) for r in rows if isinstance(r.told, Span)]
    if points:
        given = {
            "position": batch.id,
            "meters": array(meter for meter, _, _ in points),
            "numbers": array(number for _, number, _ in points),
            "moments": array(seconds(told.at) for _, _, told in points),
            "devices": array(told.device for _, _, told in points),
            "turns": array(told.turns for _, _, told in points),
            "estimated": array(int(told.estimated) for _, _, told in points),
            "values": _numbers(told.value for _, _, told in points),
        }
        await INSERT_POINTS.rows(connection, given)
    if spans:
        given = {
            "position": batch.id,
            "meters": array(meter for meter, _, _ in spans),
            "numbers": array(number for _, number, _ in spans),
            "starts": array(seconds(told.starts_at) for _, _, told in spans),
            "ends": array(seconds(told.ends_at) for _, _, told in spans),
            "estimated": array(int(told.estimated) for _, _, told in spans),
            "quantities": _numbers(told.quantity for _, _, told in spans),
            "costs": _numbers(told.cost for _, _, told in spans),
        }
        await INSERT_SPANS.rows(connection, given)
    if copy.size:
        copy.set("position", batch.id)
        await copy.write(connection, "interval_block")


def copy_of(columns: Columns) -> Copy:
    """Intervals by meter and time as they are written, in blocks, but for their position."""
    return Copy([_written(blocks) for blocks in blocks_of(columns)])


def _written(blocks: Blocks) -> Mapping[str, Column]:
    """Blocks of as many intervals each, by the columns of their table."""
    size, intervals = blocks.millionths.shape
    return {
        "meter_id": blocks.meters,
        "starts_on": days(day_of(blocks.starts)),
        "starts_at": moments(blocks.starts),
        "ends_at": moments(blocks.starts + intervals * blocks.lengths),
        "position": np.zeros(size, np.int64),
        "seconds": blocks.lengths.astype(np.int32),
        "number": blocks.numbers.astype(np.int16),
        "stride": blocks.strides.astype(np.int16),
        "estimated": blocks.estimated.astype(np.bool_),
        "quantities": arrays_of_numbers(blocks.millionths),
    }


async def read_batches(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Batch]:
    rows = await connection.execute(BATCHES, {"ids": list(ids)})
    return {
        row.id: Batch(
            row.id,
            row.size,
            row.digest,
            {int(number): Refusal.thaw(refused) for number, refused in row.refused.items()},
            frozenset(row.operators),
            row.posted_by,
            row.document,
            row.reason,
        )
        for row in rows
    }


async def page_readings_of(
    connection: AsyncConnection, meters: Sequence[MeterId], page: Page, as_of: int
) -> dict[MeterId, list[Told]]:
    """For each meter a page of its readings and bills and one more, by their time."""
    epoch, device = page.after or BEFORE_ALL
    given = {
        "meters": list(meters),
        "epoch": epoch,
        "device": device,
        "first": page.first + 1,
        "as_of": as_of,
    }
    found = defaultdict[MeterId, list[Told]](list)
    for meter_id, *told in await connection.execute(PAGE, given):
        found[meter_id].append(Told(*told))
    return found


def _numbers(values: Iterable[Decimal | None]) -> str:
    """An array of numbers as PostgreSQL writes it, each without zeros at its end."""
    return "{" + ",".join("NULL" if v is None else plain(v) for v in values) + "}"
