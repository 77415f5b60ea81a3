-- A site is visited by a panel, between the evaluation's opening and the day of the entry.
--
-- Fires AFTER INSERT ON site_visit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: visit_follows, visit_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_site_visit_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM panel WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id)
       OR NEW.on_day > nzc_entry_day(NEW.id)
       OR NEW.on_day < (SELECT opened_on FROM evaluation WHERE id = NEW.evaluation_id) THEN
        PERFORM nzc_refuse('visit_follows', format('position %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id
                      AND kind = 'EVALUATION_SITE_VISITED'
                      AND body = jsonb_build_object('on', NEW.on_day)) THEN
        PERFORM nzc_refuse('visit_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
