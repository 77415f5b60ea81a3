-- What was used in intervals is written before its entry, so that none is added to what was logged. It is of a meter
-- that is told of by intervals, of the meter's days and of the past. No two of what was told of a meter share a second:
-- blocks that follow one another without a gap are one (a run), beside which there is none that still counts, from the
-- day before it on. No foreign key asks whether meter and batch are there: it would ask for each row.
--
-- Fires AFTER INSERT ON interval_block REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: reading_comes_first, reading_is_of_a_batch, reading_is_of_its_meter,
--   consumption_does_not_overlap.

CREATE OR REPLACE FUNCTION public.nzc_intervals_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    wrong bigint;
    first bigint;
    alone bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(a.position),
           min(a.position) FILTER (
               WHERE NOT EXISTS (SELECT FROM reading_batch AS b WHERE b.id = a.position OFFSET 0)),
           min(a.meter_id) FILTER (
               WHERE m.kind IS DISTINCT FROM 'INTERVAL'
                  OR a.starts_at < m.starts_on::timestamp AT TIME ZONE INTERVAL '+08:00'
                  OR a.ends_at > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00'
                  OR a.ends_at > clock_timestamp())
      INTO first, alone, wrong
      FROM (SELECT position, meter_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at
              FROM added GROUP BY position, meter_id) AS a
      LEFT JOIN meter AS m ON m.id = a.meter_id;
    IF first <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('reading_comes_first', format('position %s', first));
    END IF;
    IF alone IS NOT NULL THEN
        PERFORM nzc_refuse('reading_is_of_a_batch', format('position %s', alone));
    END IF;
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('reading_is_of_its_meter', format('meter %s', wrong));
    END IF;
    -- What is told of a meter is added at once: what is added here is compared with what was told before.
    SELECT meter_id INTO wrong
      FROM (SELECT meter_id, 1 AS n FROM interval_block WHERE position >= first
            UNION ALL
            SELECT meter_id, -1 FROM added) AS either
     GROUP BY meter_id HAVING sum(n) > 0 AND min(n) < 0 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    -- Where the block before does not end, a run begins; where no two share a second, it lasts until the block before
    -- the next one ends.
    WITH told AS (
        SELECT meter_id, starts_at, lag(ends_at) OVER (PARTITION BY meter_id ORDER BY starts_at) AS since FROM added
    ), run AS (
        SELECT meter_id, starts_at, since, lead(since) OVER (PARTITION BY meter_id ORDER BY starts_at) AS ends_at
          FROM told WHERE since IS DISTINCT FROM starts_at
    ), ending AS (
        SELECT meter_id, max(ends_at) AS ends_at FROM added GROUP BY meter_id
    )
    SELECT run.meter_id INTO wrong
      FROM run
      JOIN ending ON ending.meter_id = run.meter_id
     CROSS JOIN LATERAL (SELECT coalesce(run.ends_at, ending.ends_at) AS at) AS over
     WHERE run.since > run.starts_at
        -- Of intervals that are blocks by themselves it is enough to look at the one that begins last before the end.
        OR run.starts_at < (
            SELECT b.ends_at FROM interval_block AS b
             WHERE b.meter_id = run.meter_id AND cardinality(b.quantities) = 1 AND b.starts_at < over.at
               AND b.position < first AND b.quantities[1] IS NOT NULL
               AND NOT EXISTS (SELECT FROM interval_block AS later
                                WHERE (later.meter_id, later.starts_at) = (b.meter_id, b.starts_at)
                                  AND later.position > b.position OFFSET 0)
             ORDER BY b.starts_at DESC LIMIT 1)
        OR EXISTS (
            -- No interval is longer than a day.
            SELECT FROM interval_block AS b
             CROSS JOIN LATERAL unnest(b.quantities) WITH ORDINALITY AS told (quantity, n)
             CROSS JOIN LATERAL (SELECT b.starts_at + (n - 1) * b.seconds * interval '1 second' AS starts_at) AS c
             WHERE b.meter_id = run.meter_id AND cardinality(b.quantities) > 1
               AND b.starts_on >= (run.starts_at AT TIME ZONE INTERVAL '+08:00')::date - 1
               AND b.starts_on <= (over.at AT TIME ZONE INTERVAL '+08:00')::date
               AND b.starts_at < over.at AND b.ends_at > run.starts_at AND b.position + 0 < first
               AND c.starts_at < over.at AND c.starts_at + b.seconds * interval '1 second' > run.starts_at
               AND NOT EXISTS (SELECT FROM interval_block AS later
                                WHERE (later.meter_id, later.starts_at) = (b.meter_id, c.starts_at)
                                  AND later.position > b.position OFFSET 0)
            OFFSET 0)
     LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
