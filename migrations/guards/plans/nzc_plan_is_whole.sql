-- A version of a plan follows the one before, and not while that is being decided; its milestones are due on
-- its days, and its measures are its pilot's. It is what the log says, but for texts. Asked at the commit of a
-- version and of each of its parts, so that none is added later.
--
-- Fires AFTER INSERT ON plan ('id'), plan_material ('plan_id'), plan_measure ('plan_id'),
--   plan_milestone ('plan_id'), plan_package ('plan_id') DEFERRABLE INITIALLY DEFERRED FOR EACH
--   ROW.
-- Refuses: plan_version_follows, milestone_within_plan, planned_measure_of_its_pilot,
--   plan_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_plan_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    it plan;
    before plan;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM plan WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    SELECT * INTO before FROM plan WHERE pilot_id = it.pilot_id AND id < it.id ORDER BY id DESC LIMIT 1;
    IF it.version <> coalesce(before.version, 0) + 1
       OR before.id IS NOT NULL AND nzc_plan_state(before.id, it.id) = 'SUBMITTED' THEN
        PERFORM nzc_refuse('plan_version_follows', format('plan %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM plan_milestone
                WHERE plan_id = it.id AND due_on NOT BETWEEN it.starts_on AND it.ends_on) THEN
        PERFORM nzc_refuse('milestone_within_plan', format('plan %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM plan_measure AS m JOIN measure ON measure.id = m.measure_id
                WHERE m.plan_id = it.id AND measure.pilot_id <> it.pilot_id) THEN
        PERFORM nzc_refuse('planned_measure_of_its_pilot', format('plan %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.id
                      AND kind = CASE it.version WHEN 1 THEN 'PLAN_DRAFTED' ELSE 'PLAN_REVISED' END
                      AND body = nzc_plan_said(it)) THEN
        PERFORM nzc_refuse('plan_is_as_logged', format('plan %s', it.id));
    END IF;
    RETURN NULL;
END $function$;
