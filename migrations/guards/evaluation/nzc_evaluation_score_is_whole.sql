-- A score is of the latest panel, after a visit, and as the log says.
--
-- Fires AFTER INSERT ON evaluation_score DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: score_follows, score_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_evaluation_score_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.panel_id <> (SELECT max(id) FROM panel
                         WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id)
       OR NOT EXISTS (SELECT FROM site_visit WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id) THEN
        PERFORM nzc_refuse('score_follows', format('position %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id
                      AND kind = 'EVALUATION_ITEM_SCORED'
                      AND body = jsonb_build_object(
                          'panel', NEW.panel_id, 'expert', NEW.expert, 'item', NEW.item,
                          'points', trim_scale(NEW.points)::text, 'met', NEW.met)) THEN
        PERFORM nzc_refuse('score_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
