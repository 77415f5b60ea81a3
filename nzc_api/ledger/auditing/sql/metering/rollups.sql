WITH used AS (
    SELECT meter_id, starts_at, ends_at, estimated, quantity AS n, cost
      FROM ({LATEST}) AS latest
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
