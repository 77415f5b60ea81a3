-- An amendment is written before the pilot is changed, and begins with what the pilot is. The three
-- guards of amendments together: one begins with what is, the change is the latest one's, and at
-- the commit what it says is so.
--
-- Fires AFTER INSERT ON pilot_amendment FOR EACH ROW.
-- Refuses: amendment_follows_pilot.

CREATE OR REPLACE FUNCTION public.nzc_amendment_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.before IS DISTINCT FROM (SELECT nzc_pilot_facts(p) FROM pilot AS p WHERE id = NEW.pilot_id) THEN
        PERFORM nzc_refuse('amendment_follows_pilot', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
