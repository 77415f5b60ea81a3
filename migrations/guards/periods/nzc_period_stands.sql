-- Nothing comes to rest on an accounting period that was withdrawn. The column that holds the
-- period is given.
--
-- Fires BEFORE INSERT ON target ('baseline_period_id') FOR EACH ROW WHEN (new.baseline_period_id IS
--   NOT NULL).
-- Fires BEFORE INSERT ON account ('period_id'), inventory ('period_id') FOR EACH ROW WHEN
--   (new.period_id IS NOT NULL).
-- Refuses: period_stands.

CREATE OR REPLACE FUNCTION public.nzc_period_stands()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM accounting_period
                WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint AND withdrawn_position IS NOT NULL) THEN
        PERFORM nzc_refuse('period_stands', format('%s %s', TG_TABLE_NAME, NEW.id));
    END IF;
    RETURN NEW;
END $function$;
