-- A post has one holder a day: each appointment begins after those before it. One that is not vacant has
-- its name beside it as it is committed.
--
-- Fires AFTER INSERT ON appointment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: appointments_follow, holder_is_named, appointment_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_appointment_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM appointment
                WHERE post_id = NEW.post_id AND id < NEW.id AND starts_on >= NEW.starts_on) THEN
        PERFORM nzc_refuse('appointments_follow', format('appointment %s', NEW.id));
    END IF;
    IF NEW.commitment IS NOT NULL
       AND NOT EXISTS (SELECT FROM holder_name WHERE appointment_id = NEW.id) THEN
        PERFORM nzc_refuse('holder_is_named', format('appointment %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'HOLDER_APPOINTED'
                      AND body = jsonb_build_object(
                          'post', NEW.post_id, 'starts_on', NEW.starts_on,
                          'commitment', encode(NEW.commitment, 'hex'))) THEN
        PERFORM nzc_refuse('appointment_is_as_logged', format('appointment %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
