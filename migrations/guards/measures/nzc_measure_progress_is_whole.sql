-- A measure goes on and never back, but that what stopped may run again; and no day lies before the one
-- of the progress before.
--
-- Fires AFTER INSERT ON measure_progress DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: measure_progress_follows, measure_progress_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_measure_progress_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    states CONSTANT text[] := '{PROPOSED,CONTRACTED,BUILT,RUNNING,STOPPED}';
    before measure_progress;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO before FROM measure_progress
     WHERE measure_id = NEW.measure_id AND position < NEW.position ORDER BY position DESC LIMIT 1;
    IF NEW.on_day < before.on_day
       OR NOT (array_position(states, NEW.state) > array_position(states, coalesce(before.state, 'PROPOSED'))
               OR before.state = 'STOPPED' AND NEW.state = 'RUNNING') THEN
        PERFORM nzc_refuse('measure_progress_follows', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.measure_id
                      AND kind = 'MEASURE_PROGRESS_RECORDED'
                      AND body = jsonb_build_object('state', NEW.state, 'on', NEW.on_day)) THEN
        PERFORM nzc_refuse('measure_progress_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
