-- An amendment is written before the organisation is changed, and begins with what the organisation
-- is. The three guards of amendments together: one begins with what is, the change is the latest
-- one's, and at the commit what it says is so.
--
-- Fires AFTER INSERT ON organisation_amendment FOR EACH ROW.
-- Refuses: amendment_follows_organisation.

CREATE OR REPLACE FUNCTION public.nzc_organisation_amendment_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.before IS DISTINCT FROM
       (SELECT nzc_organisation_facts(o) FROM organisation AS o WHERE id = NEW.organisation_id) THEN
        PERFORM nzc_refuse('amendment_follows_organisation', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
