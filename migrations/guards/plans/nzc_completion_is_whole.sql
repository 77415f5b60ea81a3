-- A pilot is built by the plan in force, on no day before its building milestones were reached or its plan
-- begins; it runs stably on no day to come; and that is what the log says, but for the name of the document.
--
-- Fires AFTER INSERT ON completion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: completed_of_plan_in_force, completed_after_milestones, completed_since_its_plan,
--   completion_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_completion_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.plan_id IS DISTINCT FROM nzc_plan_in_force(NEW.pilot_id, NEW.position) THEN
        PERFORM nzc_refuse('completed_of_plan_in_force', format('position %s', NEW.position));
    END IF;
    IF EXISTS (SELECT FROM plan_milestone AS m
                WHERE m.plan_id = NEW.plan_id AND m.building
                  AND NOT EXISTS (SELECT FROM milestone_reached AS r
                                   WHERE r.pilot_id = NEW.pilot_id AND r.code = m.code
                                     AND r.position < NEW.position AND r.on_day <= NEW.built_on)) THEN
        PERFORM nzc_refuse('completed_after_milestones', format('position %s', NEW.position));
    END IF;
    IF NEW.built_on < (SELECT starts_on FROM plan WHERE id = NEW.plan_id)
       OR NEW.stable_from > nzc_entry_day(NEW.position) THEN
        PERFORM nzc_refuse('completed_since_its_plan', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.plan_id
                      AND kind = 'COMPLETION_RECORDED'
                      AND body = jsonb_build_object('built_on', NEW.built_on,
                                                    'stable_from', NEW.stable_from)) THEN
        PERFORM nzc_refuse('completion_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
