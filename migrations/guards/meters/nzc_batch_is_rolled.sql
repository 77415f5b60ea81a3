-- No batch of readings is left out of the sums of days and months: the month of each of its rows has
-- one since then. Looked at when all is there, at the commit. (What the sums are, an audit sums anew.)
--
-- Fires AFTER INSERT ON reading_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: batch_is_rolled.

CREATE OR REPLACE FUNCTION public.nzc_batch_is_rolled()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT DISTINCT meter_id, CAST(date_trunc('MONTH', at AT TIME ZONE INTERVAL '+08:00') AS date) AS month
              FROM (SELECT meter_id, at FROM register_reading WHERE position = NEW.id
                    UNION ALL
                    SELECT meter_id, starts_at FROM consumption WHERE position = NEW.id) AS told) AS told
         WHERE NOT EXISTS (
               SELECT FROM meter_rollup AS r
                WHERE (r.meter_id, r.step, r.starts_on, r.position) = (told.meter_id, 'MONTH', told.month, NEW.id)
               OFFSET 0)) THEN
        PERFORM nzc_refuse('batch_is_rolled', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
