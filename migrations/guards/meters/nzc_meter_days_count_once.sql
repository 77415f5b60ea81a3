-- A meter's day counts once in what a pilot hands in on one basis. What a later version that is
-- verified has taken the place of does not count.
--
-- Fires AFTER UPDATE ON inventory FOR EACH ROW.
-- Refuses: meter_day_counts_once.

CREATE OR REPLACE FUNCTION public.nzc_meter_days_count_once()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF OLD.submitted_position IS NULL AND NEW.submitted_position IS NOT NULL AND EXISTS (
        SELECT FROM line_meter AS own
          JOIN line_meter AS of ON of.meter_id = own.meter_id
           AND daterange(of.starts_on, of.ends_on, '[]') && daterange(own.starts_on, own.ends_on, '[]')
          JOIN inventory AS o ON o.id = of.inventory_id
         WHERE own.inventory_id = NEW.id AND o.series_id <> NEW.series_id
           AND (o.pilot_id, o.basis) = (NEW.pilot_id, NEW.basis) AND o.submitted_position IS NOT NULL
           AND NOT EXISTS (SELECT FROM inventory AS later
                            WHERE later.series_id = o.series_id AND later.version > o.version
                              AND later.verified_position IS NOT NULL)) THEN
        PERFORM nzc_refuse('meter_day_counts_once', format('inventory %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
