"""The SQL of what is written of readings, bills and intervals."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.accounting.exact import plain
from nzc_api.database.arrays import array, sent
from nzc_api.database.copying import Column, Copy, arrays_of_numbers, days, moments
from nzc_api.database.driver import DriverStatement
from nzc_api.metering.columns import Columns
from nzc_api.metering.interval_blocks import IntervalBlocks, blocks_of
from nzc_api.metering.readings import Batch, ReadingPoint, ReadingRow, ReadingSpan, seconds
from nzc_api.metering.rollups import day_of

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


async def insert_batch(
    connection: AsyncConnection, batch: Batch, refused: str, rows: Sequence[ReadingRow], copy: Copy
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
    points = [(r.meter_id, r.number, r.told) for r in rows if isinstance(r.told, ReadingPoint)]
    spans = [(r.meter_id, r.number, r.told) for r in rows if isinstance(r.told, ReadingSpan)]
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


def _written(blocks: IntervalBlocks) -> Mapping[str, Column]:
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


def _numbers(values: Iterable[Decimal | None]) -> str:
    """An array of numbers as PostgreSQL writes it, each without zeros at its end."""
    return "{" + ",".join("NULL" if v is None else plain(v) for v in values) + "}"
