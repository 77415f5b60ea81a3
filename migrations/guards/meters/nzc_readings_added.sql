-- Readings are written before their entry, so that none is added to what was logged; their batch is
-- written with them (no foreign key asks for it, or for the device, row by row). A reading is of a
-- meter of registers, of the device that was there, of the meter's days, and of the past. A
-- register counts on from each reading to the next; of two that are told of one moment the later
-- told one counts, and a reading without a value was taken back. (`OFFSET 0`: each reading's
-- successor is looked up by itself.)
--
-- Fires AFTER INSERT ON register_reading REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: reading_comes_first, reading_is_of_a_batch, reading_is_of_its_meter, register_counts_on.

CREATE OR REPLACE FUNCTION public.nzc_readings_added()
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
    SELECT a.position INTO wrong
      FROM (SELECT DISTINCT position FROM added) AS a
     WHERE NOT EXISTS (SELECT FROM reading_batch AS b WHERE b.id = a.position) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('reading_is_of_a_batch', format('position %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM (SELECT meter_id, device, min(at) AS first, max(at) AS last FROM added GROUP BY meter_id, device) AS a
      LEFT JOIN meter AS m ON m.id = a.meter_id
      LEFT JOIN meter_device AS d ON (d.meter_id, d.number) = (a.meter_id, a.device)
      LEFT JOIN meter_device AS next ON (next.meter_id, next.number) = (a.meter_id, a.device + 1)
     WHERE d.number IS NULL OR m.kind <> 'REGISTER' OR a.first < d.since OR a.last > next.since
        OR a.last > clock_timestamp() OR a.last > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00' LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('reading_is_of_its_meter', format('meter %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM added AS a
      JOIN meter_device AS d ON (d.meter_id, d.number) = (a.meter_id, a.device)
      LEFT JOIN LATERAL (
            SELECT r.value, r.turns FROM register_reading AS r
             WHERE r.meter_id = a.meter_id AND r.device = a.device AND r.at < a.at AND r.value IS NOT NULL
               AND NOT EXISTS (SELECT FROM register_reading AS later
                                WHERE (later.meter_id, later.at, later.device) = (r.meter_id, r.at, r.device)
                                  AND later.position > r.position OFFSET 0)
             ORDER BY r.at DESC LIMIT 1) AS before ON true
      LEFT JOIN LATERAL (
            SELECT r.value, r.turns FROM register_reading AS r
             WHERE r.meter_id = a.meter_id AND r.device = a.device AND r.at > a.at AND r.value IS NOT NULL
               AND NOT EXISTS (SELECT FROM register_reading AS later
                                WHERE (later.meter_id, later.at, later.device) = (r.meter_id, r.at, r.device)
                                  AND later.position > r.position OFFSET 0)
             ORDER BY r.at LIMIT 1) AS after ON true
     WHERE a.value IS NOT NULL
       AND (a.value >= 10::numeric ^ d.digits OR a.turns > 0 AND d.digits IS NULL
            OR (before.turns, before.value) > (a.turns, a.value)
            OR (a.turns, a.value) > (after.turns, after.value)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('register_counts_on', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
