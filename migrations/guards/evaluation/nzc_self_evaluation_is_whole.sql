-- What an operator says of its pilot, the log knows of.
--
-- Fires AFTER INSERT ON self_evaluation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: self_evaluation_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_self_evaluation_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id
                      AND kind = 'EVALUATION_SELF_EVALUATED') THEN
        PERFORM nzc_refuse('self_evaluation_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
