"""The SQL of what meters used, by steps: one statement for all meters that ask for the same."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, sent
from nzc_api.database.driver import DriverStatement
from nzc_api.metering.model import Meter
from nzc_api.metering.reading_store import AS_OF_SPAN, POINTS_ABOUT
from nzc_api.metering.readings import seconds
from nzc_api.metering.usage import Usage, usage

# What was used up to a second of a span, in millionths, as `usage` has it.
_UNTIL = "div(2 * n * (least({at}, e) - s) + (e - s), 2 * (e - s))"

USAGE = DriverStatement(f"""
    WITH bounds AS (
        SELECT {sent("moments")} AS moments, to_timestamp(CAST(:first AS bigint)) AS first,
               to_timestamp(CAST(:last AS bigint)) AS last
    ), used (meter_id, s, e, estimated, n) AS (
        SELECT k.id, CAST(extract(epoch FROM c.starts_at) AS bigint), CAST(extract(epoch FROM c.ends_at) AS bigint),
               c.estimated, c.quantity * 1000000
          FROM bounds CROSS JOIN unnest({sent("meters")}) AS k (id)
         CROSS JOIN LATERAL (
                (SELECT * FROM consumption AS c
                  WHERE c.meter_id = k.id AND c.starts_at < bounds.first AND {AS_OF_SPAN}
                  ORDER BY c.starts_at DESC LIMIT 1)
                UNION ALL
                SELECT * FROM consumption AS c
                 WHERE c.meter_id = k.id AND c.starts_at >= bounds.first AND c.starts_at < bounds.last
                   AND {AS_OF_SPAN}) AS c
         WHERE c.ends_at > bounds.first
        UNION ALL
        SELECT run.meter_id, CAST(extract(epoch FROM run.at) AS bigint),
               CAST(extract(epoch FROM run.next_at) AS bigint), run.estimated,
               (run.value + run.turns * CAST(10 AS numeric) ^ coalesce(d.digits, 0)) * d.multiplier * 1000000
          FROM bounds CROSS JOIN unnest({sent("meters")}) AS k (id)
         CROSS JOIN LATERAL (
                SELECT r.meter_id, r.device, r.at, lead(r.at) OVER shown AS next_at,
                       r.estimated OR lead(r.estimated) OVER shown AS estimated,
                       lead(r.value) OVER shown - r.value AS value,
                       lead(r.turns) OVER shown - r.turns AS turns
                  FROM register_reading AS r
                 WHERE {POINTS_ABOUT}
                WINDOW shown AS (PARTITION BY r.device ORDER BY r.at)) AS run
          JOIN meter_device AS d ON (d.meter_id, d.number) = (run.meter_id, run.device)
         WHERE run.next_at > bounds.first AND run.at < bounds.last
    )
    SELECT used.meter_id, nth, sum(part), sum(part) FILTER (WHERE estimated), sum(length),
           sum(length) FILTER (WHERE estimated)
      FROM bounds CROSS JOIN used
     CROSS JOIN LATERAL generate_series(
           greatest(width_bucket(s, moments), 1),
           least(width_bucket(e - 1, moments), cardinality(moments) - 1)) AS nth
     CROSS JOIN LATERAL (SELECT greatest(moments[nth], s) AS a, least(moments[nth + 1], e) AS b) AS step
     CROSS JOIN LATERAL (
            SELECT b - a AS length,
                   CASE WHEN a = s AND b = e THEN n
                        ELSE {_UNTIL.format(at="b")} - {_UNTIL.format(at="a")} END AS part) AS shared
     GROUP BY used.meter_id, nth
""")  # noqa: S608  (our own text)


async def read_usages(
    connection: AsyncConnection, meters: Sequence[Meter], moments: Sequence[datetime], as_of: int
) -> dict[int, list[Usage]]:
    """What each meter used between each two moments, as of a position."""
    given = {
        "meters": array(meter.id for meter in meters),
        "moments": array(map(seconds, moments)),
        "first": seconds(moments[0]),
        "last": seconds(moments[-1]),
        "as_of": as_of,
    }
    found = defaultdict[int, dict[int, tuple[int, int, int, int]]](dict)
    for meter_id, nth, *sums in await USAGE.rows(connection, given):
        of_all, of_estimated, length, estimated = (int(one or 0) for one in sums)
        found[meter_id][nth] = of_all, of_estimated, length, estimated
    nothing = (0, 0, 0, 0)
    return {
        meter.id: [
            usage(meter, start, end, *found[meter.id].get(nth, nothing))
            for nth, (start, end) in enumerate(pairwise(moments), 1)
        ]
        for meter in meters
    }
