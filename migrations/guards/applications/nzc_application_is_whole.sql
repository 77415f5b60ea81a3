-- What the log says of an application is what it is; its names and its boundary's words are not in the
-- log.
--
-- Fires AFTER INSERT ON application DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: application_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_application_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'APPLICATION_OPENED'
                      AND body = jsonb_build_object(
                          'operator', NEW.operator_id, 'variant', NEW.variant,
                          'applicant_kind', NEW.applicant_kind, 'division', NEW.division_code,
                          'establishment', NEW.establishment)) THEN
        PERFORM nzc_refuse('application_is_as_logged', format('application %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
