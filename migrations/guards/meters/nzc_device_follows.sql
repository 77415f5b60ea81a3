-- The first device is built in from the meter's first day, each later one after the one before.
-- Days are China's.
--
-- Fires AFTER INSERT ON meter_device FOR EACH ROW.
-- Refuses: device_follows.

CREATE OR REPLACE FUNCTION public.nzc_device_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.number = 1 AND NOT EXISTS (
           SELECT FROM meter WHERE id = NEW.meter_id AND id = NEW.position
                               AND starts_on::timestamp AT TIME ZONE INTERVAL '+08:00' = NEW.since)
       OR NEW.number <> 1 AND NOT EXISTS (
           SELECT FROM meter_device WHERE meter_id = NEW.meter_id AND number = NEW.number - 1
                                      AND since < NEW.since AND position < NEW.position) THEN
        PERFORM nzc_refuse('device_follows', format('meter %s', NEW.meter_id));
    END IF;
    RETURN NULL;
END $function$;
