-- Sums of days and months are written before their batch's entry, so that none is added to what was
-- logged; their batch and their meters are there (no foreign key asks for them, row by row).
--
-- Fires AFTER INSERT ON meter_rollup REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: rollup_comes_first, rollup_is_of_a_batch, rollup_is_of_a_meter.

CREATE OR REPLACE FUNCTION public.nzc_rollups_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO wrong FROM added;
    IF wrong <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('rollup_comes_first', format('position %s', wrong));
    END IF;
    SELECT a.position INTO wrong
      FROM (SELECT DISTINCT position FROM added) AS a
     WHERE NOT EXISTS (SELECT FROM reading_batch AS b WHERE b.id = a.position) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('rollup_is_of_a_batch', format('position %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM (SELECT DISTINCT meter_id FROM added) AS a
     WHERE NOT EXISTS (SELECT FROM meter AS m WHERE m.id = a.meter_id) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('rollup_is_of_a_meter', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
