"""The SQL of sums of days and months."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, sent, text_array
from nzc_api.database.driver import DriverStatement
from nzc_api.ids import Position
from nzc_api.metering.rollups import Bucket
from nzc_api.metering.usage import UsageSums

_NUMERIC = "CAST(CAST(:{} AS text) AS numeric[])"

# Each sum as it was last, and what changes it.
INSERT_ROLLUPS = DriverStatement(f"""
    INSERT INTO meter_rollup (meter_id, step, starts_on, position, millionths, estimated_millionths, known, estimated,
                              cost_millionths, costed)
    SELECT k.meter_id, k.step, k.starts_on, :position, coalesce(was.millionths, 0) + k.millionths,
           coalesce(was.estimated_millionths, 0) + k.estimated_millionths, coalesce(was.known, 0) + k.known,
           coalesce(was.estimated, 0) + k.estimated, coalesce(was.cost_millionths, 0) + k.cost_millionths,
           coalesce(was.costed, 0) + k.costed
      FROM unnest({sent("meters")}, CAST(CAST(:steps AS text) AS text[]), CAST(CAST(:days AS text) AS date[]),
                  {_NUMERIC.format("millionths")}, {_NUMERIC.format("estimated_millionths")}, {sent("known")},
                  {sent("estimated")}, {_NUMERIC.format("cost_millionths")}, {sent("costed")})
        AS k (meter_id, step, starts_on, millionths, estimated_millionths, known, estimated, cost_millionths, costed)
      LEFT JOIN LATERAL (
            SELECT * FROM meter_rollup AS r
             WHERE (r.meter_id, r.step, r.starts_on) = (k.meter_id, k.step, k.starts_on)
             ORDER BY r.position DESC LIMIT 1) AS was ON true
""")  # noqa: S608  (our own text)


def sent_of(changes: Mapping[Bucket, UsageSums]) -> Mapping[str, str]:
    """By how much sums change, as it is sent."""
    buckets, sums = list(changes), list(changes.values())
    return {
        "meters": array(bucket.meter_id for bucket in buckets),
        "steps": text_array(bucket.step for bucket in buckets),
        "days": text_array(bucket.starts_on for bucket in buckets),
        "millionths": array(one.millionths for one in sums),
        "estimated_millionths": array(one.estimated_millionths for one in sums),
        "known": array(one.known for one in sums),
        "estimated": array(one.estimated for one in sums),
        "cost_millionths": array(one.cost_millionths for one in sums),
        "costed": array(one.costed for one in sums),
    }


async def insert_rollups(
    connection: AsyncConnection, position: Position, changes: Mapping[str, str]
) -> None:
    """Write what the sums are since a batch that changes them (``sent_of``)."""
    await INSERT_ROLLUPS.rows(connection, {"position": position, **changes})
