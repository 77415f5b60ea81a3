-- A finding is of an evaluation with a panel, due on a day to come, and as the log says.
--
-- Fires AFTER INSERT ON finding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: finding_follows, finding_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_finding_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM panel WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id)
       OR NEW.due < nzc_entry_day(NEW.id) THEN
        PERFORM nzc_refuse('finding_follows', format('finding %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'FINDING_RECORDED'
                      AND body = jsonb_build_object('evaluation', NEW.evaluation_id,
                                                    'severity', NEW.severity, 'due', NEW.due)) THEN
        PERFORM nzc_refuse('finding_is_as_logged', format('finding %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
