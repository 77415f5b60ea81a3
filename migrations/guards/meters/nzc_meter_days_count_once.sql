-- A meter's day counts once in what a pilot hands in on one basis, with what is around the meter and
-- inside it. What a later version that is verified has taken the place of does not count.
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
        WITH own AS (
            SELECT l.line_id, l.meter_id, l.starts_on, l.ends_on, around.meter_id AS within
              FROM line_meter AS l CROSS JOIN LATERAL nzc_meters_around(l.meter_id) AS around (meter_id)
             WHERE l.inventory_id = NEW.id
        ), other AS (
            SELECT l.line_id, l.meter_id, l.starts_on, l.ends_on, around.meter_id AS within
              FROM inventory AS o
              JOIN line_meter AS l ON l.inventory_id = o.id
             CROSS JOIN LATERAL nzc_meters_around(l.meter_id) AS around (meter_id)
             WHERE (o.pilot_id, o.basis) = (NEW.pilot_id, NEW.basis)
               AND (o.id = NEW.id OR o.series_id <> NEW.series_id AND nzc_inventory_counts(o))
        )
        SELECT FROM own JOIN other ON other.meter_id = own.within AND other.line_id <> own.line_id
           AND daterange(other.starts_on, other.ends_on, '[]') && daterange(own.starts_on, own.ends_on, '[]')
        UNION ALL
        SELECT FROM own JOIN other ON own.meter_id = other.within AND other.line_id <> own.line_id
           AND daterange(other.starts_on, other.ends_on, '[]') && daterange(own.starts_on, own.ends_on, '[]')) THEN
        PERFORM nzc_refuse('meter_day_counts_once', format('inventory %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
