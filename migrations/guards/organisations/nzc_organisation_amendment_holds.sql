-- At the commit an organisation is what its latest amendment says.
--
-- Fires AFTER INSERT ON organisation_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: organisation_is_as_amended.

CREATE OR REPLACE FUNCTION public.nzc_organisation_amendment_holds()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF (SELECT after FROM organisation_amendment WHERE organisation_id = NEW.organisation_id
         ORDER BY position DESC LIMIT 1)
       IS DISTINCT FROM
       (SELECT nzc_organisation_facts(o) FROM organisation AS o WHERE id = NEW.organisation_id) THEN
        PERFORM nzc_refuse('organisation_is_as_amended', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
