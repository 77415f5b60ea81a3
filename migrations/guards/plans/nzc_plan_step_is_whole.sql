-- A draft is submitted, and what was submitted is approved or returned, once, and where nothing was drafted
-- after it. It is what the log says, but for the reason.
--
-- Fires AFTER INSERT ON plan_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: plan_step_follows, plan_step_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_plan_step_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF nzc_plan_state(NEW.plan_id, NEW.position)
           <> (CASE NEW.state WHEN 'SUBMITTED' THEN 'DRAFT' ELSE 'SUBMITTED' END)
       OR EXISTS (SELECT FROM plan AS it JOIN plan AS later USING (pilot_id)
                   WHERE it.id = NEW.plan_id AND later.id > it.id AND later.id < NEW.position) THEN
        PERFORM nzc_refuse('plan_step_follows', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.plan_id
                      AND kind = 'PLAN_' || NEW.state
                      AND body = jsonb_build_object('state', NEW.state)) THEN
        PERFORM nzc_refuse('plan_step_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
