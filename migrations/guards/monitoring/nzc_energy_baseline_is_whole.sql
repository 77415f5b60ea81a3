-- An energy baseline rests on more steps than it has variables, by two at least, and is as the log says; its variables
-- come with it.
--
-- Fires AFTER INSERT ON energy_baseline ('id'), energy_baseline_variable ('baseline_id') DEFERRABLE
--   INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: energy_baseline_has_points, energy_baseline_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_energy_baseline_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE it energy_baseline;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM energy_baseline WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF it.points < 2 + (SELECT count(*) FROM energy_baseline_variable WHERE baseline_id = it.id) THEN
        PERFORM nzc_refuse('energy_baseline_has_points', format('baseline %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND kind = 'ENERGY_BASELINE_RECORDED'
                      AND body = nzc_energy_baseline_said(it)) THEN
        PERFORM nzc_refuse('energy_baseline_is_as_logged', format('baseline %s', it.id));
    END IF;
    RETURN NULL;
END $function$;
