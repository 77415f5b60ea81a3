-- A measure saves only what its pilot has meters of, excludes only measures of its pilot, and is what the
-- log says. Asked at the commit of a measure and of each saving and exclusion, so that none is added later.
--
-- Fires AFTER INSERT ON measure ('id'), measure_exclusion ('measure_id'), measure_saving
--   ('measure_id') DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: saving_is_metered, excluded_of_its_pilot, measure_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_measure_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE it measure;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM measure WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF EXISTS (SELECT FROM measure_saving AS s
                WHERE s.measure_id = it.id
                  AND NOT EXISTS (SELECT FROM meter WHERE pilot_id = it.pilot_id
                                                      AND carrier = s.carrier)) THEN
        PERFORM nzc_refuse('saving_is_metered', format('measure %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM measure_exclusion AS e JOIN measure AS other ON other.id = e.other_id
                WHERE e.measure_id = it.id AND other.pilot_id <> it.pilot_id) THEN
        PERFORM nzc_refuse('excluded_of_its_pilot', format('measure %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.id AND kind = 'MEASURE_PLANNED'
                      AND body = nzc_measure_said(it)) THEN
        PERFORM nzc_refuse('measure_is_as_logged', format('measure %s', it.id));
    END IF;
    RETURN NULL;
END $function$;
