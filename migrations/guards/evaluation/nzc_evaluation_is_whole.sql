-- An evaluation is as the log says: opened no sooner than the pilot ran stably for as many calendar months
-- as its scheme asks, of whole accounting periods, of pilots inside that share no ground; what was retired
-- for these days is of no other range; and it is tried no more often than it may be.
--
-- Fires AFTER INSERT ON evaluation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: evaluated_once_stable, evaluated_range_is_inside, evaluated_periods_are_whole,
--   retired_for_one_range, evaluated_as_often_as_may_be, evaluation_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_evaluation_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.opened_on > nzc_entry_day(NEW.id)
       OR NOT EXISTS (SELECT FROM (SELECT stable_from FROM completion
                                    WHERE pilot_id = NEW.pilot_id AND position < NEW.id
                                    ORDER BY position DESC LIMIT 1) AS latest
                       WHERE stable_from + make_interval(months => NEW.stable_months) <= NEW.opened_on) THEN
        PERFORM nzc_refuse('evaluated_once_stable', format('evaluation %s', NEW.id));
    END IF;
    IF NEW.pilots <> ARRAY(SELECT DISTINCT p FROM unnest(NEW.pilots) AS p ORDER BY p)
       OR NEW.categories <> ARRAY(SELECT DISTINCT c COLLATE "C" FROM unnest(NEW.categories) AS c ORDER BY 1)
       OR EXISTS (SELECT FROM unnest(NEW.pilots) AS p WHERE NOT nzc_lies_in(p, NEW.pilot_id, NEW.id))
       OR EXISTS (SELECT FROM unnest(NEW.pilots) AS p, unnest(NEW.pilots) AS q
                   WHERE p <> q AND (nzc_lies_in(p, q, NEW.id)
                                     OR EXISTS (SELECT FROM pilot_overlap
                                                 WHERE pilot_id = p AND other_id = q))) THEN
        PERFORM nzc_refuse('evaluated_range_is_inside', format('evaluation %s', NEW.id));
    END IF;
    IF EXISTS (SELECT FROM unnest(NEW.pilots) AS p
                WHERE NEW.ends_on - NEW.starts_on + 1 IS DISTINCT FROM (
                      SELECT sum(a.ends_on - a.starts_on + 1) FROM accounting_period AS a
                       WHERE a.pilot_id = p AND a.withdrawn_position IS NULL
                         AND a.starts_on <= NEW.ends_on AND a.ends_on >= NEW.starts_on)) THEN
        PERFORM nzc_refuse('evaluated_periods_are_whole', format('evaluation %s', NEW.id));
    END IF;
    IF EXISTS (SELECT FROM evaluation AS other LEFT JOIN evaluation_decision AS d ON d.evaluation_id = other.id
                WHERE other.id < NEW.id AND other.pilots && NEW.pilots
                  AND other.starts_on <= NEW.ends_on AND other.ends_on >= NEW.starts_on
                  AND (other.pilots, other.categories) IS DISTINCT FROM (NEW.pilots, NEW.categories)
                  AND d.verdict IS DISTINCT FROM 'FAILED') THEN
        PERFORM nzc_refuse('retired_for_one_range', format('evaluation %s', NEW.id));
    END IF;
    IF NEW.retries < (SELECT count(*) FROM evaluation AS other JOIN evaluation_decision AS d ON d.evaluation_id = other.id
                       WHERE other.pilot_id = NEW.pilot_id AND other.scheme = NEW.scheme AND other.id < NEW.id
                         AND d.verdict = 'FAILED') THEN
        PERFORM nzc_refuse('evaluated_as_often_as_may_be', format('evaluation %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'EVALUATION_OPENED'
                      AND body = jsonb_build_object(
                          'pilot', NEW.pilot_id, 'scheme', NEW.scheme, 'stable_months', NEW.stable_months,
                          'retries', NEW.retries, 'pilots', NEW.pilots, 'categories', NEW.categories,
                          'starts_on', NEW.starts_on, 'ends_on', NEW.ends_on, 'opened_on', NEW.opened_on)) THEN
        PERFORM nzc_refuse('evaluation_is_as_logged', format('evaluation %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
