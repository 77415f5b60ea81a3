-- A decision comes after a panel and a visit, lets nothing pass with a major finding that is not closed, and
-- is as the log says. The weights of items are data: the score itself is the rule's.
--
-- Fires AFTER INSERT ON evaluation_decision DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: decision_follows, passed_with_nothing_open, decision_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_evaluation_decision_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM panel WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id)
       OR NOT EXISTS (SELECT FROM site_visit WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id) THEN
        PERFORM nzc_refuse('decision_follows', format('position %s', NEW.id));
    END IF;
    IF NEW.verdict = 'PASSED'
       AND EXISTS (SELECT FROM finding AS f
                    WHERE f.evaluation_id = NEW.evaluation_id AND f.severity = 'MAJOR' AND f.id < NEW.id
                      AND NOT EXISTS (SELECT FROM finding_step
                                       WHERE finding_id = f.id AND state = 'CLOSED'
                                         AND position < NEW.id)) THEN
        PERFORM nzc_refuse('passed_with_nothing_open', format('position %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id AND kind = 'EVALUATION_DECIDED'
                      AND body = jsonb_build_object(
                          'verdict', NEW.verdict, 'as_of', NEW.as_of,
                          'score', trim_scale(NEW.score)::text, 'gross', trim_scale(NEW.gross)::text,
                          'sinks', trim_scale(NEW.sinks)::text, 'purchased', NEW.purchased,
                          'result', trim_scale(NEW.result)::text)) THEN
        PERFORM nzc_refuse('decision_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
