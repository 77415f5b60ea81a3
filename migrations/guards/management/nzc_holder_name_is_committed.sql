-- A name is the one that the log is bound to, though the log does not have it.
--
-- Fires AFTER INSERT ON holder_name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: holder_name_is_committed.

CREATE OR REPLACE FUNCTION public.nzc_holder_name_is_committed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM appointment
                    WHERE id = NEW.appointment_id
                      AND commitment = sha256(NEW.salt || convert_to(NEW.name, 'UTF8'))) THEN
        PERFORM nzc_refuse('holder_name_is_committed', format('appointment %s', NEW.appointment_id));
    END IF;
    RETURN NULL;
END $function$;
