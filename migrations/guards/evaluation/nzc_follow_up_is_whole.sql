-- A measure that follows from an evaluation is of what was evaluated.
--
-- Fires AFTER INSERT ON follow_up DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: follow_up_is_of_the_pilot, follow_up_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_follow_up_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM evaluation AS e JOIN measure AS m ON m.id = NEW.measure_id
                    WHERE e.id = NEW.evaluation_id
                      AND (m.pilot_id = e.pilot_id OR m.pilot_id = ANY(e.pilots))) THEN
        PERFORM nzc_refuse('follow_up_is_of_the_pilot', format('position %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id
                      AND kind = 'EVALUATION_FOLLOWED_UP'
                      AND body = jsonb_build_object('finding', NEW.finding_id, 'measure', NEW.measure_id)) THEN
        PERFORM nzc_refuse('follow_up_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
