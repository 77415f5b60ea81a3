-- A milestone is reached of the plan in force, on a day from its first to that of the entry, and is what the
-- log says, but for the name of the document.
--
-- Fires AFTER INSERT ON milestone_reached DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: reached_of_plan_in_force, reached_since_its_plan, reached_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_milestone_reached_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.plan_id IS DISTINCT FROM nzc_plan_in_force(NEW.pilot_id, NEW.position) THEN
        PERFORM nzc_refuse('reached_of_plan_in_force', format('position %s', NEW.position));
    END IF;
    IF NEW.on_day < (SELECT starts_on FROM plan WHERE id = NEW.plan_id)
       OR NEW.on_day > nzc_entry_day(NEW.position) THEN
        PERFORM nzc_refuse('reached_since_its_plan', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.plan_id
                      AND kind = 'MILESTONE_REACHED'
                      AND body = jsonb_build_object('milestone', NEW.code, 'on', NEW.on_day)) THEN
        PERFORM nzc_refuse('reached_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
