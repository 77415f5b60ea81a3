-- At the commit a pilot is what its latest amendment says.
--
-- Fires AFTER INSERT ON pilot_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: pilot_is_as_amended.

CREATE OR REPLACE FUNCTION public.nzc_amendment_holds()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF (SELECT after FROM pilot_amendment WHERE pilot_id = NEW.pilot_id ORDER BY position DESC LIMIT 1)
       IS DISTINCT FROM (SELECT nzc_pilot_facts(p) FROM pilot AS p WHERE id = NEW.pilot_id) THEN
        PERFORM nzc_refuse('pilot_is_as_amended', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
