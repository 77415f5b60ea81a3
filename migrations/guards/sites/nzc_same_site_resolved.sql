-- What is resolved was found to be at one site before.
--
-- Fires AFTER INSERT ON same_site_resolution FOR EACH ROW.
-- Refuses: same_site_is_found_first.

CREATE OR REPLACE FUNCTION public.nzc_same_site_resolved()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM same_site
                    WHERE subject_id = NEW.subject_id AND other_id = NEW.other_id AND position < NEW.position) THEN
        PERFORM nzc_refuse('same_site_is_found_first', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
