-- A sub-meter is of its parent's pilot and carrier, goes as it does or stays inside, and is not inside
-- itself. What counts already has no day of both.
--
-- Fires AFTER INSERT ON meter_placement FOR EACH ROW.
-- Refuses: submeter_of_one_pilot, submeter_goes_its_way, meter_not_inside_itself,
--   meter_day_counts_once.

CREATE OR REPLACE FUNCTION public.nzc_meter_placed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM meter AS m JOIN meter AS p ON p.id = NEW.parent_id
                WHERE m.id = NEW.meter_id AND (m.pilot_id, m.carrier) <> (p.pilot_id, p.carrier)) THEN
        PERFORM nzc_refuse('submeter_of_one_pilot', format('position %s', NEW.position));
    END IF;
    IF EXISTS (SELECT FROM meter AS m JOIN meter AS p ON p.id = NEW.parent_id
                WHERE m.id = NEW.meter_id AND m.flow NOT IN (p.flow, 'INTERNAL')) THEN
        PERFORM nzc_refuse('submeter_goes_its_way', format('position %s', NEW.position));
    END IF;
    -- Each is found once, so that a ring ends the walk too.
    IF EXISTS (
        WITH RECURSIVE around (meter_id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT latest.parent_id
              FROM around
             CROSS JOIN LATERAL (SELECT parent_id FROM meter_placement AS p
                                  WHERE p.meter_id = around.meter_id ORDER BY position DESC LIMIT 1) AS latest
        )
        SELECT FROM around WHERE meter_id = NEW.meter_id) THEN
        PERFORM nzc_refuse('meter_not_inside_itself', format('position %s', NEW.position));
    END IF;
    IF EXISTS (
        SELECT FROM meter AS inner_meter
          JOIN line_meter AS part ON part.meter_id = inner_meter.id
          JOIN inventory AS i ON i.id = part.inventory_id
          JOIN line_meter AS whole ON whole.meter_id IN (SELECT nzc_meters_around(NEW.parent_id))
           AND daterange(whole.starts_on, whole.ends_on, '[]') && daterange(part.starts_on, part.ends_on, '[]')
          JOIN inventory AS o ON o.id = whole.inventory_id AND (o.pilot_id, o.basis) = (i.pilot_id, i.basis)
           AND (o.id = i.id OR o.series_id <> i.series_id)
         WHERE inner_meter.pilot_id = (SELECT pilot_id FROM meter WHERE id = NEW.meter_id)
           AND NEW.parent_id IS NOT NULL
           AND NEW.meter_id IN (SELECT nzc_meters_around(inner_meter.id))
           AND nzc_inventory_counts(i) AND nzc_inventory_counts(o)) THEN
        PERFORM nzc_refuse('meter_day_counts_once', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
