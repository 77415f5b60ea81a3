-- A name goes where its erasure was recorded, and not otherwise.
--
-- Fires AFTER DELETE ON holder_name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: name_goes_by_erasure.

CREATE OR REPLACE FUNCTION public.nzc_holder_name_is_erased()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM name_erasure WHERE appointment_id = OLD.appointment_id) THEN
        PERFORM nzc_refuse('name_goes_by_erasure', format('appointment %s', OLD.appointment_id));
    END IF;
    RETURN NULL;
END $function$;
