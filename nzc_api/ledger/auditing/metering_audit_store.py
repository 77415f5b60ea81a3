"""The SQL of the audit of meters: what the log says of them against what their tables hold.

``$1`` is the most rows to tell, as in `audit_store`; a query over a slice of positions gets its first as ``$2`` and
its last as ``$3``.
"""

# What there is at a position, and what the log says of which meter.
SAID = """
    WITH said (position, kind, meter_id) AS (
        SELECT id, 'METER_REGISTERED', id FROM meter WHERE id BETWEEN $2::bigint AND $3::bigint
        UNION ALL
        SELECT ended_position, 'METER_ENDED', id FROM meter WHERE ended_position BETWEEN $2 AND $3
        UNION ALL
        SELECT position, 'METER_PLACED', meter_id FROM meter_placement WHERE position BETWEEN $2 AND $3
        UNION ALL
        SELECT position, 'GATEWAY_ASSIGNED', meter_id FROM meter_gateway WHERE position BETWEEN $2 AND $3
        UNION ALL
        SELECT position, 'METER_REPLACED', meter_id FROM meter_device
         WHERE position BETWEEN $2 AND $3 AND number > 1
    ), logged AS (
        SELECT position, kind, subject_id AS meter_id FROM log_entry
         WHERE position BETWEEN $2 AND $3
           AND kind IN ('METER_REGISTERED', 'METER_ENDED', 'METER_PLACED', 'METER_REPLACED', 'GATEWAY_ASSIGNED')
    )
    SELECT position, said.kind AS row_says, logged.kind AS log_says,
           coalesce(said.meter_id, logged.meter_id) AS meter_id
      FROM said FULL JOIN logged USING (position)
     WHERE (said.kind, said.meter_id) IS DISTINCT FROM (logged.kind, logged.meter_id)
     ORDER BY position LIMIT $1
"""

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
"""

# The log's digest of a batch is that of its rows, and nothing is in a batch of which the log says nothing.
BATCHES = f"""
    WITH found AS (
        SELECT position, count(*) AS size,
               encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY number), 'UTF8')), 'hex') AS digest
          FROM ({LINES}) AS lines GROUP BY position
    ), logged AS (
        SELECT position, (body ->> 'size')::bigint AS size, body ->> 'digest' AS digest FROM log_entry
         WHERE position BETWEEN $2 AND $3 AND kind IN ('READINGS_RECORDED', 'READING_CORRECTED', 'GAP_FILLED')
    ), said AS (
        SELECT id AS position, size::bigint, encode(digest, 'hex') AS digest FROM reading_batch
         WHERE id BETWEEN $2 AND $3
    )
    SELECT position, logged.size AS log_says, said.size AS batch_says, found.size AS rows
      FROM logged FULL JOIN said USING (position) FULL JOIN found USING (position)
     WHERE (logged.size, logged.digest) IS DISTINCT FROM (found.size, found.digest)
        OR (said.size, said.digest) IS DISTINCT FROM (found.size, found.digest)
     ORDER BY position LIMIT $1
"""  # noqa: S608  (our own text)

# A meter's supply point is nobody else's on any day.
SUPPLY_POINTS = """
    SELECT a.id AS meter_id, b.id AS other_id
      FROM meter AS a JOIN meter AS b
        ON (a.carrier, a.supply_key) = (b.carrier, b.supply_key) AND a.id < b.id
       AND daterange(a.starts_on, a.ends_on, '[]') && daterange(b.starts_on, b.ends_on, '[]')
     ORDER BY a.id, b.id LIMIT $1
"""

# Of all that counts: no two spans of a meter share a second, and a register counts on.
CONSUMPTION = """
    SELECT meter_id, starts_at, before AS other_ends_at
      FROM (SELECT meter_id, starts_at,
                   max(ends_at) OVER (PARTITION BY meter_id ORDER BY starts_at
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
              FROM (SELECT DISTINCT ON (meter_id, starts_at) * FROM consumption
                     ORDER BY meter_id, starts_at, position DESC) AS latest
             WHERE quantity IS NOT NULL) AS counting
     WHERE before > starts_at ORDER BY meter_id, starts_at LIMIT $1
"""
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
ROLLUPS = """
    WITH used AS (
        SELECT meter_id, starts_at, ends_at, estimated, quantity AS n, cost
          FROM (SELECT DISTINCT ON (meter_id, starts_at) * FROM consumption
                 ORDER BY meter_id, starts_at, position DESC) AS latest
         WHERE quantity IS NOT NULL
        UNION ALL
        SELECT run.meter_id, at, next_at, run.estimated OR next_estimated,
               (next_value - value + (next_turns - turns) * 10::numeric ^ coalesce(d.digits, 0)) * d.multiplier, NULL
          FROM (SELECT *, lead(at) OVER shown AS next_at, lead(value) OVER shown AS next_value,
                       lead(turns) OVER shown AS next_turns, lead(estimated) OVER shown AS next_estimated
                  FROM (SELECT DISTINCT ON (meter_id, at, device) * FROM register_reading
                         ORDER BY meter_id, at, device, position DESC) AS latest
                 WHERE value IS NOT NULL
                WINDOW shown AS (PARTITION BY meter_id, device ORDER BY at)) AS run
          JOIN meter_device AS d ON (d.meter_id, d.number) = (run.meter_id, run.device)
         WHERE next_at IS NOT NULL
    ), lying AS (
        SELECT used.*, k.step, extract(epoch FROM ends_at - starts_at) AS length,
               date_trunc(k.step, starts_at AT TIME ZONE INTERVAL '+08:00')::date AS starts_on
          FROM used CROSS JOIN (VALUES ('DAY'), ('MONTH')) AS k (step)
         WHERE date_trunc(k.step, starts_at AT TIME ZONE INTERVAL '+08:00')
             = date_trunc(k.step, (ends_at - interval '1 microsecond') AT TIME ZONE INTERVAL '+08:00')
    ), summed AS (
        SELECT meter_id, step, starts_on, sum(n) * 1000000 AS millionths,
               coalesce(sum(n) FILTER (WHERE estimated), 0) * 1000000 AS estimated_millionths, sum(length) AS known,
               coalesce(sum(length) FILTER (WHERE estimated), 0) AS estimated,
               coalesce(sum(cost), 0) * 1000000 AS cost_millionths,
               coalesce(sum(length) FILTER (WHERE cost IS NOT NULL), 0) AS costed
          FROM lying GROUP BY meter_id, step, starts_on
    ), kept AS (
        SELECT DISTINCT ON (meter_id, step, starts_on) * FROM meter_rollup
         ORDER BY meter_id, step, starts_on, position DESC
    )
    SELECT meter_id, step, starts_on, kept.millionths AS kept_millionths, summed.millionths,
           kept.known AS kept_seconds, summed.known AS seconds
      FROM kept FULL JOIN summed USING (meter_id, step, starts_on)
     WHERE (kept.millionths, kept.estimated_millionths, kept.known, kept.estimated, kept.cost_millionths, kept.costed)
           IS DISTINCT FROM
           (coalesce(summed.millionths, 0), coalesce(summed.estimated_millionths, 0), coalesce(summed.known, 0),
            coalesce(summed.estimated, 0), coalesce(summed.cost_millionths, 0), coalesce(summed.costed, 0))
     ORDER BY meter_id, step, starts_on LIMIT $1
"""
