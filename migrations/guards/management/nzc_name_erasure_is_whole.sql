-- What is said to be erased is gone, and the log says so.
--
-- Fires AFTER INSERT ON name_erasure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: erased_name_is_gone, name_erasure_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_name_erasure_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM holder_name WHERE appointment_id = NEW.appointment_id) THEN
        PERFORM nzc_refuse('erased_name_is_gone', format('appointment %s', NEW.appointment_id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.appointment_id
                      AND kind = 'HOLDER_NAME_ERASED' AND body = '{}') THEN
        PERFORM nzc_refuse('name_erasure_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
