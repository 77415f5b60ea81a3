-- What a decision rests on stays as it was then: nothing is added to it.
--
-- Fires AFTER INSERT ON evaluation_score, finding, panel, self_evaluation, site_visit DEFERRABLE
--   INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: evaluation_is_open.

CREATE OR REPLACE FUNCTION public.nzc_evaluation_is_open()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM evaluation_decision
                WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id) THEN
        PERFORM nzc_refuse('evaluation_is_open', format('position %s of %s', NEW.id, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $function$;
