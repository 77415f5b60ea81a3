-- Something is judged while the application is submitted, of its own kind, and the log says what was
-- found.
--
-- Fires AFTER INSERT ON criterion_judgement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: judged_while_submitted, judgement_is_of_its_kind, judgement_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_judgement_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF nzc_application_state(NEW.application_id, NEW.id) <> 'SUBMITTED' THEN
        PERFORM nzc_refuse('judged_while_submitted', format('judgement %s', NEW.id));
    END IF;
    IF NOT nzc_criterion_is_of(NEW.criterion, NEW.application_id) THEN
        PERFORM nzc_refuse('judgement_is_of_its_kind', format('judgement %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.application_id
                      AND kind = 'CRITERION_JUDGED'
                      AND body = jsonb_build_object('criterion', NEW.criterion, 'verdict', NEW.verdict)) THEN
        PERFORM nzc_refuse('judgement_is_as_logged', format('judgement %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
