-- A financing ends early on a day on which it ran.
--
-- Fires AFTER INSERT ON financing_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: financing_end_within, financing_end_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_financing_end_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM financing
                    WHERE id = NEW.financing_id AND NEW.on_day BETWEEN starts_on AND ends_on) THEN
        PERFORM nzc_refuse('financing_end_within', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.financing_id
                      AND kind = 'FINANCING_ENDED' AND body = jsonb_build_object('on', NEW.on_day)) THEN
        PERFORM nzc_refuse('financing_end_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
