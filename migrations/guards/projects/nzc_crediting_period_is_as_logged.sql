-- Crediting periods are what rules read; the entry that states one says the same, of the same
-- programme.
--
-- Fires AFTER INSERT ON crediting_period DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: crediting_period_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_crediting_period_is_as_logged()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM log_entry AS l JOIN enrolment AS e ON e.id = NEW.enrolment_id
                    WHERE l.position = NEW.position AND l.subject_id = e.project_id
                      AND l.kind = CASE WHEN l.position = e.id THEN 'PROJECT_ENROLLED' ELSE 'PROJECT_AMENDED' END
                      AND coalesce(l.body -> 'crediting_period' ->> 'programme', l.body ->> 'programme') = e.programme
                      AND l.body -> 'crediting_period' @> jsonb_build_object(
                          'starts_on', NEW.starts_on, 'ends_on', NEW.ends_on)) THEN
        PERFORM nzc_refuse('crediting_period_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
