-- A sub-meter is of its parent's pilot and carrier, and not inside itself.
--
-- Fires AFTER INSERT ON meter_placement FOR EACH ROW.
-- Refuses: submeter_of_one_pilot, meter_not_inside_itself.

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
    RETURN NULL;
END $function$;
