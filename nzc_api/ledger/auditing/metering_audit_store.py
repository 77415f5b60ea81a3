"""The SQL of the audit of meters: what the log says of them against what their tables hold.

``$1`` is the most rows to tell, as in `audit_store`; a query over a slice of positions gets its first as ``$2`` and
its last as ``$3``.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "metering")

# What there is at a position, and what the log says of which meter.
SAID = _sql("said")

# The facts of a meter that its entry has, and the day that was said to be its last.
METERS = """
    SELECT m.id AS meter_id, e.body AS log_says, ended.body AS ended
      FROM meter AS m
      LEFT JOIN log_entry AS e ON e.position = m.id
      LEFT JOIN log_entry AS ended ON ended.position = m.ended_position
     WHERE (e.body @> jsonb_build_object(
                'pilot', m.pilot_id, 'code', m.code, 'carrier', m.carrier, 'flow', m.flow, 'kind', m.kind,
                'unit', m.unit, 'supply_point', m.supply_point)) IS NOT TRUE
        OR (m.ended_position IS NOT NULL AND ended.body ->> 'ends_on' IS DISTINCT FROM m.ends_on::text)
     ORDER BY m.id LIMIT $1
"""

# Readings and bills as lines: those that the digest of their batch covers, as `nzc_api/metering/readings.py` has them.
LINES = """
    SELECT position, number,
           concat_ws(' ', number, meter_id, extract(epoch FROM at)::bigint, device, turns,
                     CASE WHEN estimated THEN 'E' ELSE 'A' END, coalesce(trim_scale(value)::text, '-')) AS line
      FROM register_reading WHERE position BETWEEN $2::bigint AND $3::bigint
    UNION ALL
    SELECT position, number,
           concat_ws(' ', number, meter_id, extract(epoch FROM starts_at)::bigint,
                     extract(epoch FROM ends_at)::bigint, CASE WHEN estimated THEN 'E' ELSE 'A' END,
                     coalesce(trim_scale(quantity)::text, '-'), coalesce(trim_scale(cost)::text, '-'))
      FROM consumption WHERE position BETWEEN $2 AND $3
    UNION ALL
    SELECT position, number + (n - 1) * stride,
           concat_ws(' ', number + (n - 1) * stride, meter_id,
                     extract(epoch FROM starts_at)::bigint + (n - 1) * seconds,
                     extract(epoch FROM starts_at)::bigint + n * seconds, CASE WHEN estimated THEN 'E' ELSE 'A' END,
                     coalesce(trim_scale(quantity)::text, '-'), '-')
      FROM interval_block CROSS JOIN LATERAL unnest(quantities) WITH ORDINALITY AS told (quantity, n)
     WHERE position BETWEEN $2 AND $3
"""

# What was billed, and each interval by itself, as it counts: of those of one beginning the latest.
LATEST = """
    SELECT DISTINCT ON (meter_id, starts_at) *
      FROM (SELECT meter_id, starts_at, ends_at, position, estimated, quantity, cost FROM consumption
            UNION ALL
            SELECT meter_id, starts_at + (n - 1) * seconds * interval '1 second',
                   starts_at + n * seconds * interval '1 second', position, estimated, told.quantity, NULL
              FROM interval_block CROSS JOIN LATERAL unnest(quantities) WITH ORDINALITY AS told (quantity, n)) AS told
     ORDER BY meter_id, starts_at, position DESC
"""

# The log's digest of a batch is that of its rows, and nothing is in a batch of which the log says nothing.
BATCHES = _sql("batches").format(LINES=LINES)

# A meter's supply point is nobody else's on any day.
SUPPLY_POINTS = """
    SELECT a.id AS meter_id, b.id AS other_id
      FROM meter AS a JOIN meter AS b
        ON (a.carrier, a.supply_key) = (b.carrier, b.supply_key) AND a.id < b.id
       AND daterange(a.starts_on, a.ends_on, '[]') && daterange(b.starts_on, b.ends_on, '[]')
     ORDER BY a.id, b.id LIMIT $1
"""

COUNTED_TWICE = _sql("counted_twice")

# Of all that counts: no two spans of a meter share a second, and a register counts on.
CONSUMPTION = f"""
    SELECT meter_id, starts_at, before AS other_ends_at
      FROM (SELECT meter_id, starts_at,
                   max(ends_at) OVER (PARTITION BY meter_id ORDER BY starts_at
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
              FROM ({LATEST}) AS latest
             WHERE quantity IS NOT NULL) AS counting
     WHERE before > starts_at ORDER BY meter_id, starts_at LIMIT $1
"""  # noqa: S608  (our own text)
REGISTERS = """
    SELECT meter_id, device, at, value, turns
      FROM (SELECT *, lag(value) OVER shown AS value_before, lag(turns) OVER shown AS turns_before
              FROM (SELECT DISTINCT ON (meter_id, at, device) * FROM register_reading
                     ORDER BY meter_id, at, device, position DESC) AS latest
             WHERE value IS NOT NULL
            WINDOW shown AS (PARTITION BY meter_id, device ORDER BY at)) AS counting
     WHERE (turns_before, value_before) > (turns, value) ORDER BY meter_id, at LIMIT $1
"""

# The sums of days and months as they are now, against those of the spans of all that counts.
ROLLUPS = _sql("rollups").format(LATEST=LATEST)
