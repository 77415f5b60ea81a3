-- What was verified of a measure is of days since which it runs, was found by who is named, and is what
-- the log says, but for the name of the document.
--
-- Fires AFTER INSERT ON measure_effect DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: effect_after_running, effect_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_measure_effect_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM measure_progress
                    WHERE measure_id = NEW.measure_id AND position < NEW.id AND state = 'RUNNING'
                      AND on_day <= NEW.starts_on) THEN
        PERFORM nzc_refuse('effect_after_running', format('effect %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.measure_id
                      AND kind = 'MEASURE_EFFECT_VERIFIED'
                      AND organisation_id = NEW.verifier_id
                      AND body = jsonb_build_object(
                          'method', NEW.method,
                          'baseline', jsonb_build_array(NEW.baseline_starts_on, NEW.baseline_ends_on,
                                                        trim_scale(NEW.baseline_co2e)::text),
                          'routine', trim_scale(NEW.routine)::text,
                          'non_routine', trim_scale(NEW.non_routine)::text,
                          'reporting', jsonb_build_array(NEW.starts_on, NEW.ends_on,
                                                         trim_scale(NEW.co2e)::text),
                          'r_squared', trim_scale(NEW.r_squared)::text,
                          'cv_rmse', trim_scale(NEW.cv_rmse)::text)) THEN
        PERFORM nzc_refuse('effect_is_as_logged', format('effect %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
