-- A target's versions follow one another. A version begins with a whole year of accounting, falls
-- from there without rising again, ends at zero, and is what its entry says. Asked at the commit,
-- of a version and of each of its ceilings, so that none is added later. The column that holds the
-- target is given.
--
-- Fires AFTER INSERT ON target ('id'), target_ceiling ('target_id') DEFERRABLE INITIALLY DEFERRED
--   FOR EACH ROW.
-- Refuses: target_follows_version, target_begins_with_a_year, target_falls, target_ends_at_zero,
--   target_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_target_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE it target;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM target WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF it.version > 1 AND NOT EXISTS (
        SELECT FROM target WHERE pilot_id = it.pilot_id AND version = it.version - 1 AND id < it.id) THEN
        PERFORM nzc_refuse('target_follows_version', format('target %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM accounting_period
                    WHERE id = it.baseline_period_id
                      AND ends_on = starts_on + interval '1 year' - interval '1 day'
                      AND extract(year FROM ends_on) = it.baseline_year) THEN
        PERFORM nzc_refuse('target_begins_with_a_year', format('target %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM (SELECT year, net, gross, min(net) OVER earlier AS net_before,
                                   min(gross) OVER earlier AS gross_before
                              FROM target_ceiling WHERE target_id = it.id
                            WINDOW earlier AS (ORDER BY year
                                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS step
                WHERE year <= it.baseline_year OR net > least(net_before, it.baseline_net)
                   OR gross > least(gross_before, it.baseline_gross)) THEN
        PERFORM nzc_refuse('target_falls', format('target %s', it.id));
    END IF;
    IF (SELECT net FROM target_ceiling WHERE target_id = it.id ORDER BY year DESC LIMIT 1)
       IS DISTINCT FROM 0 THEN
        PERFORM nzc_refuse('target_ends_at_zero', format('target %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.id AND body = nzc_target_said(it)
                      AND kind = CASE it.version WHEN 1 THEN 'TARGET_RECORDED' ELSE 'TARGET_REVISED' END) THEN
        PERFORM nzc_refuse('target_is_as_logged', format('target %s', it.id));
    END IF;
    RETURN NULL;
END $function$;
