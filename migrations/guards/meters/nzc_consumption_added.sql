-- What was billed is written before its entry, so that none is added to what was logged. It is of a
-- meter that is told of by bills, of the meter's days and of the past; a bill may be of today. No
-- two of what was told of a meter share a second: as nothing that is there does, it is enough to
-- look at the one that begins last before the end of a new one. Rows that follow one another without
-- a gap are one (a run). No foreign key asks whether meter and batch are there: it would ask for each
-- row.
--
-- Fires AFTER INSERT ON consumption REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: reading_comes_first, reading_is_of_a_batch, reading_is_of_its_meter,
--   consumption_does_not_overlap.

CREATE OR REPLACE FUNCTION public.nzc_consumption_added()
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
               WHERE m.kind IS DISTINCT FROM 'BILL'
                  OR a.starts_at < m.starts_on::timestamp AT TIME ZONE INTERVAL '+08:00'
                  OR a.ends_at > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00'
                  OR a.ends_at > clock_timestamp() + interval '1 day')
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
      FROM (SELECT meter_id, 1 AS n FROM consumption WHERE position >= first
            UNION ALL
            SELECT meter_id, -1 FROM added) AS either
     GROUP BY meter_id HAVING sum(n) > 0 AND min(n) < 0 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    -- Where what was told before does not end, a run begins; where no two share a second, it lasts until what was told
    -- before the next one ends.
    WITH told AS (
        SELECT meter_id, starts_at, lag(ends_at) OVER (PARTITION BY meter_id ORDER BY starts_at) AS since
          FROM added WHERE quantity IS NOT NULL
    ), run AS (
        SELECT meter_id, starts_at, since, lead(since) OVER (PARTITION BY meter_id ORDER BY starts_at) AS ends_at
          FROM told WHERE since IS DISTINCT FROM starts_at
    ), ending AS (
        SELECT meter_id, max(ends_at) AS ends_at FROM added WHERE quantity IS NOT NULL GROUP BY meter_id
    )
    SELECT run.meter_id INTO wrong
      FROM run
      JOIN ending ON ending.meter_id = run.meter_id
      LEFT JOIN LATERAL (
            SELECT c.ends_at FROM consumption AS c
             WHERE c.meter_id = run.meter_id AND c.starts_at < coalesce(run.ends_at, ending.ends_at)
               AND c.position < first AND c.quantity IS NOT NULL
               AND NOT EXISTS (SELECT FROM consumption AS later
                                WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
                                  AND later.position > c.position OFFSET 0)
             ORDER BY c.starts_at DESC LIMIT 1) AS other ON true
     WHERE run.since > run.starts_at OR other.ends_at > run.starts_at LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
