-- An organisation changes only in what can be amended, and only as its latest amendment says.
--
-- Fires BEFORE UPDATE ON organisation FOR EACH ROW.
-- Refuses: organisation_is_as_amended.

CREATE OR REPLACE FUNCTION public.nzc_organisation_amended()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF to_jsonb(NEW) || nzc_organisation_facts(OLD) <> to_jsonb(OLD)
       OR NOT EXISTS (SELECT FROM (SELECT before, after FROM organisation_amendment
                                    WHERE organisation_id = OLD.id
                                    ORDER BY position DESC LIMIT 1) AS latest
                       WHERE (before, after) = (nzc_organisation_facts(OLD), nzc_organisation_facts(NEW))) THEN
        PERFORM nzc_refuse('organisation_is_as_amended', format('organisation %s', OLD.id));
    END IF;
    RETURN NEW;
END $function$;
