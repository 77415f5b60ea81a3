"""The SQL of what meters used, by steps: one statement for all meters that ask for the same.

Hours are read from registers' readings, bills and intervals in their blocks. Of days and longer the sums that are
kept are read, and only such spans themselves as a day or a month ends over.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.china_time import china_day
from nzc_api.database.arrays import array, sent, text_array
from nzc_api.database.driver import DriverStatement
from nzc_api.ids import MeterId, Position
from nzc_api.metering.counting_store import (
    AS_OF_INTERVAL,
    AS_OF_POINT,
    AS_OF_SPAN,
    ONE,
    POINTS_ABOUT,
    REACHING,
    SEVERAL,
)
from nzc_api.metering.model import Meter, midnight
from nzc_api.metering.readings import seconds
from nzc_api.metering.usage import NO_SUMS, Step, Usage, UsageSums, pieces_of, steps_of, usages_of
from nzc_api.pilots.model import DateSpan

# A bill ``c`` as (s, e, estimated, n, cost), an interval, and a span from the register's reading ``a`` to ``b`` of the
# device ``d``.
_SPAN = """CAST(extract(epoch FROM c.starts_at) AS bigint), CAST(extract(epoch FROM c.ends_at) AS bigint),
               c.estimated, c.quantity * 1000000, c.cost * 1000000"""
_INTERVAL = _SPAN.replace("c.cost", "CAST(NULL AS numeric)")
_RUN = """CAST(extract(epoch FROM {a}.at) AS bigint), CAST(extract(epoch FROM {b}.at) AS bigint),
               {a}.estimated OR {b}.estimated,
               ({b}.value - {a}.value + ({b}.turns - {a}.turns) * CAST(10 AS numeric) ^ coalesce(d.digits, 0))
               * d.multiplier * 1000000, CAST(NULL AS numeric)"""

# What falls to a span's time up to a second, of a number that is spread over it, as `usage` has it.
_UNTIL = "sign({column}) * div(2 * abs({column}) * ({at} - s) + (e - s), 2 * (e - s))"


def _share(column: str) -> str:
    until, since = (_UNTIL.format(column=column, at=at) for at in "ba")
    return f"CASE WHEN a = s AND b = e THEN {column} ELSE {until} - {since} END"


# The parts of the spans of ``used`` by the steps between ``moments``: one more of these is after the last.
_SHARED = f"""
    SELECT used.meter_id, nth, {_share("n")} AS millionths, b - a AS length, estimated,
           {_share("cost")} AS cost_millionths
      FROM bounds CROSS JOIN used
     CROSS JOIN LATERAL generate_series(
           greatest(width_bucket(s, moments), 1),
           least(width_bucket(e - 1, moments), cardinality(moments) - 1)) AS nth
     CROSS JOIN LATERAL (SELECT greatest(moments[nth], s) AS a, least(moments[nth + 1], e) AS b) AS step
"""  # noqa: S608  (our own text)
_SUMS = """sum(millionths), sum(millionths) FILTER (WHERE estimated), sum(length), sum(length) FILTER (WHERE estimated),
           sum(cost_millionths), sum(length) FILTER (WHERE cost_millionths IS NOT NULL)"""

# Of all spans that reach into the time.
BY_READINGS = DriverStatement(f"""
    WITH bounds AS (
        SELECT {sent("moments")} AS moments, to_timestamp(CAST(:first AS bigint)) AS first,
               to_timestamp(CAST(:last AS bigint)) AS last
    ), used (meter_id, s, e, estimated, n, cost) AS (
        SELECT k.id, {_SPAN}
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
        SELECT k.id, {_INTERVAL}
          FROM bounds CROSS JOIN unnest({sent("meters")}) AS k (id)
         CROSS JOIN LATERAL (
                SELECT starts_at, ends_at, estimated, quantity FROM {ONE} AS c
                 WHERE c.meter_id = k.id AND c.starts_at < bounds.last AND c.ends_at > bounds.first
                   AND c.starts_at >= bounds.first - interval '1 day' AND {AS_OF_INTERVAL}
                UNION ALL
                SELECT starts_at, ends_at, estimated, quantity FROM {SEVERAL} AS c
                 WHERE {REACHING.format(meter="k.id", first="bounds.first", last="bounds.last")}
                   AND {AS_OF_INTERVAL}) AS c
        UNION ALL
        SELECT k.id, {_RUN.format(a="one", b="next")}
          FROM bounds CROSS JOIN unnest({sent("meters")}) AS k (id)
         CROSS JOIN LATERAL (
                SELECT r AS one, lead(r) OVER (PARTITION BY r.device ORDER BY r.at) AS next
                  FROM register_reading AS r WHERE {POINTS_ABOUT}) AS run
         CROSS JOIN LATERAL (SELECT (run.one).*) AS one
         CROSS JOIN LATERAL (SELECT (run.next).*) AS next
          JOIN meter_device AS d ON (d.meter_id, d.number) = (k.id, one.device)
         WHERE next.at > bounds.first AND one.at < bounds.last
    )
    SELECT meter_id, nth, {_SUMS} FROM ({_SHARED}) AS shared GROUP BY meter_id, nth
""")  # noqa: S608  (our own text)


def _latest(step: Step) -> str:
    """The sum of a piece that is a day or a month: months have an index of their own, which does not grow with days."""
    return f"""(SELECT * FROM meter_rollup AS r
                  WHERE p.step = '{step}' AND r.step = '{step}' AND (r.meter_id, r.starts_on) = (k.id, p.starts_on)
                    AND r.position <= CAST(:as_of AS bigint)
                  ORDER BY r.position DESC LIMIT 1)"""  # noqa: S608  (our own text)


# Of the sums of days and months, and of the spans over which one of these ends: there is none where what lies within a
# day or a month before the moment, or after it, leaves no second of it free.
BY_ROLLUPS = DriverStatement(f"""
    WITH bounds AS (
        SELECT {sent("moments")} AS moments
    ), kept AS (
        SELECT k.id AS meter_id, p.nth, p.s, p.e, r.millionths, r.estimated_millionths, r.known, r.estimated,
               r.cost_millionths, r.costed, r.known = p.e - p.s AS is_full
          FROM unnest({sent("meters")}) AS k (id)
         CROSS JOIN unnest({sent("nths")}, CAST(CAST(:steps AS text) AS text[]), CAST(CAST(:days AS text) AS date[]),
                           {sent("starts")}, {sent("ends")}) AS p (nth, step, starts_on, s, e)
          LEFT JOIN LATERAL (
                {_latest(Step.DAY)}
                UNION ALL
                {_latest(Step.MONTH)}) AS r ON true
    ), edge AS (
        SELECT meter_id, to_timestamp(s) AS at
          FROM (SELECT meter_id, s, is_full, lag(is_full) OVER (PARTITION BY meter_id ORDER BY s) AS was_full
                  FROM kept) AS k
         WHERE is_full IS NOT TRUE AND was_full IS NOT TRUE
        UNION ALL
        SELECT meter_id, to_timestamp(e) FROM kept WHERE e = CAST(:last AS bigint) AND is_full IS NOT TRUE
    ), used (meter_id, s, e, estimated, n, cost) AS (
        SELECT edge.meter_id, {_SPAN}
          FROM edge
         CROSS JOIN LATERAL (
                SELECT * FROM consumption AS c
                 WHERE c.meter_id = edge.meter_id AND c.starts_at < edge.at AND {AS_OF_SPAN}
                 ORDER BY c.starts_at DESC LIMIT 1) AS c
         WHERE c.ends_at > edge.at
        UNION
        SELECT edge.meter_id, {_INTERVAL}
          FROM edge
         CROSS JOIN LATERAL (
                (SELECT starts_at, ends_at, estimated, quantity FROM {ONE} AS c
                  WHERE c.meter_id = edge.meter_id AND c.starts_at < edge.at AND {AS_OF_INTERVAL}
                  ORDER BY c.starts_at DESC LIMIT 1)
                UNION ALL
                SELECT starts_at, ends_at, estimated, quantity FROM {SEVERAL} AS c
                 WHERE {REACHING.format(meter="edge.meter_id", first="edge.at", last="edge.at")}
                   AND {AS_OF_INTERVAL}) AS c
         WHERE c.ends_at > edge.at
        UNION
        SELECT edge.meter_id, {_RUN.format(a="one", b="next")}
          FROM edge
         CROSS JOIN LATERAL (
                SELECT * FROM register_reading AS r
                 WHERE r.meter_id = edge.meter_id AND r.at < edge.at AND {AS_OF_POINT}
                 ORDER BY r.at DESC, r.device DESC LIMIT 1) AS one
         CROSS JOIN LATERAL (
                SELECT * FROM register_reading AS r
                 WHERE r.meter_id = edge.meter_id AND r.device = one.device AND r.at > one.at AND {AS_OF_POINT}
                 ORDER BY r.at LIMIT 1) AS next
          JOIN meter_device AS d ON (d.meter_id, d.number) = (edge.meter_id, one.device)
         WHERE next.at > edge.at
    )
    SELECT meter_id, nth, sum(millionths), sum(estimated_millionths), sum(known), sum(estimated), sum(cost_millionths),
           sum(costed)
      FROM (SELECT meter_id, nth, millionths, estimated_millionths, known, estimated, cost_millionths, costed
              FROM kept WHERE known IS NOT NULL
            UNION ALL
            SELECT meter_id, nth, {_SUMS} FROM ({_SHARED}) AS shared GROUP BY meter_id, nth) AS parts
     GROUP BY meter_id, nth
""")  # noqa: S608  (our own text)


async def read_usages(
    connection: AsyncConnection,
    meters: Sequence[Meter],
    asked: tuple[DateSpan, Step | None],
    as_of: Position,
) -> dict[MeterId, list[Usage]]:
    """What each meter used in days, by steps or at all, as of a position."""
    moments = steps_of(*asked)
    if asked[1] is Step.HOUR:
        return await read_by_readings(connection, meters, moments, as_of)
    rows = await BY_ROLLUPS.rows(
        connection, given([meter.id for meter in meters], moments, as_of) | pieces(moments)
    )
    return _usages(rows, meters, moments)


async def read_by_readings(
    connection: AsyncConnection,
    meters: Sequence[Meter],
    moments: Sequence[datetime],
    as_of: Position,
) -> dict[MeterId, list[Usage]]:
    """What each meter used between each two moments, as of a position, from all readings of the time."""
    rows = await BY_READINGS.rows(connection, given([meter.id for meter in meters], moments, as_of))
    return _usages(rows, meters, moments)


def given(
    meters: Sequence[MeterId], moments: Sequence[datetime], as_of: Position
) -> dict[str, Any]:
    """What the statements are given of meters and moments."""
    return {
        "meters": array(meters),
        "moments": array(map(seconds, moments)),
        "first": seconds(moments[0]),
        "last": seconds(moments[-1]),
        "as_of": as_of,
    }


def _usages(
    rows: Sequence[Any], meters: Sequence[Meter], moments: Sequence[datetime]
) -> dict[MeterId, list[Usage]]:
    found = defaultdict[int, dict[int, UsageSums]](dict)
    for meter_id, nth, *sums in rows:
        found[meter_id][nth] = UsageSums(*(int(one or 0) for one in sums))
    steps = range(1, len(moments))
    return {
        meter.id: usages_of(meter, moments, (found[meter.id].get(nth, NO_SUMS) for nth in steps))
        for meter in meters
    }


def pieces(moments: Sequence[datetime]) -> dict[str, str]:
    """The days and months whose sums are read, each with the number of its step."""
    days = [china_day(moment) for moment in moments]
    found = [
        (nth, piece)
        for nth, (first, over) in enumerate(pairwise(days), 1)
        for piece in pieces_of(first, over)
    ]
    return {
        "nths": array(nth for nth, _ in found),
        "steps": text_array(piece.step for _, piece in found),
        "days": text_array(piece.starts_on for _, piece in found),
        "starts": array(seconds(midnight(piece.starts_on)) for _, piece in found),
        "ends": array(seconds(midnight(piece.over_on)) for _, piece in found),
    }
