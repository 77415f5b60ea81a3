-- Of one thing one alert is open at a time, and a meter's is of its pilot.
--
-- Fires AFTER INSERT ON monitoring_alert FOR EACH ROW.
-- Refuses: alert_opens_once.

CREATE OR REPLACE FUNCTION public.nzc_alert_opens()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM monitoring_alert AS a
                WHERE a.pilot_id = NEW.pilot_id AND a.kind = NEW.kind AND a.id <> NEW.id
                  AND a.meter_id IS NOT DISTINCT FROM NEW.meter_id
                  AND NOT EXISTS (SELECT FROM monitoring_alert_end WHERE alert_id = a.id))
       OR EXISTS (SELECT FROM meter WHERE id = NEW.meter_id AND pilot_id <> NEW.pilot_id) THEN
        PERFORM nzc_refuse('alert_opens_once', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
