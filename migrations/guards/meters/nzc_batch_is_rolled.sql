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
        WITH told AS (
            SELECT meter_id, at FROM register_reading WHERE position = NEW.id
            UNION ALL
            SELECT meter_id, starts_at FROM consumption WHERE position = NEW.id
            UNION ALL
            -- All intervals of a block begin on one day.
            SELECT meter_id, starts_at FROM interval_block WHERE position = NEW.id
        ), months AS (
            SELECT meter_id, date_trunc('MONTH', min(at) AT TIME ZONE INTERVAL '+08:00') AS first,
                   date_trunc('MONTH', max(at) AT TIME ZONE INTERVAL '+08:00') AS last
              FROM told GROUP BY meter_id
        )
        SELECT FROM (
            SELECT meter_id, first AS month FROM months
            UNION ALL
            SELECT meter_id, last FROM months WHERE last > first
            UNION ALL
            -- Where something is told of more than two months, all months that there are: what joined them would compare
            -- each row with each meter.
            SELECT DISTINCT meter_id, date_trunc('MONTH', at AT TIME ZONE INTERVAL '+08:00')
              FROM told WHERE EXISTS (SELECT FROM months WHERE last > first + interval '1 month')) AS told
         WHERE NOT EXISTS (
               SELECT FROM meter_rollup AS r
                WHERE (r.meter_id, r.step, r.starts_on, r.position)
                    = (told.meter_id, 'MONTH', CAST(told.month AS date), NEW.id)
               OFFSET 0)) THEN
        PERFORM nzc_refuse('batch_is_rolled', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
