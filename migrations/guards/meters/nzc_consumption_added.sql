-- What was used is written before its entry, so that none is added to what was logged. It is of a
-- meter that is told of by spans, of the meter's days and of the past; a bill may be of today. No
-- two of what was told of a meter share a second: as nothing that is there does, it is enough to
-- look at the one that begins last before the end of a new one.
--
-- Fires AFTER INSERT ON consumption REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: reading_comes_first, reading_is_of_its_meter, consumption_does_not_overlap.

CREATE OR REPLACE FUNCTION public.nzc_consumption_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO wrong FROM added;
    IF wrong <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('reading_comes_first', format('position %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM added AS a JOIN meter AS m ON m.id = a.meter_id
     WHERE m.kind = 'REGISTER' OR a.starts_at < m.starts_on::timestamp AT TIME ZONE INTERVAL '+08:00'
        OR a.ends_at > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00'
        OR a.ends_at > clock_timestamp() + CASE m.kind WHEN 'BILL' THEN interval '1 day' ELSE '0' END LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('reading_is_of_its_meter', format('meter %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM added AS a
     CROSS JOIN LATERAL (
            SELECT c.starts_at, c.ends_at FROM consumption AS c
             WHERE c.meter_id = a.meter_id AND c.starts_at < a.ends_at AND c.starts_at <> a.starts_at
               AND c.quantity IS NOT NULL
               AND NOT EXISTS (SELECT FROM consumption AS later
                                WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
                                  AND later.position > c.position OFFSET 0)
             ORDER BY c.starts_at DESC LIMIT 1) AS other
     WHERE a.quantity IS NOT NULL AND other.ends_at > a.starts_at LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
