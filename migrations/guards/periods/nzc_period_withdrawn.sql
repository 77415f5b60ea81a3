-- An accounting period starts standing and is withdrawn once, for good: only while no inventory
-- rests on it, no target begins with it, and no credits are retired for it, used or requested.
-- Nothing else of it changes.
--
-- Fires BEFORE INSERT OR UPDATE ON accounting_period FOR EACH ROW.
-- Refuses: period_starts_standing, period_is_frozen, period_rests_on_nothing.

CREATE OR REPLACE FUNCTION public.nzc_period_withdrawn()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF TG_OP = 'INSERT' THEN
        IF NEW.withdrawn_position IS NOT NULL THEN
            PERFORM nzc_refuse('period_starts_standing', format('accounting period %s', NEW.id));
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.withdrawn_position IS NOT NULL
       OR to_jsonb(NEW) - 'withdrawn_position' <> to_jsonb(OLD) - 'withdrawn_position' THEN
        PERFORM nzc_refuse('period_is_frozen', format('accounting period %s', OLD.id));
    END IF;
    IF EXISTS (SELECT FROM inventory WHERE period_id = OLD.id AND discarded_position IS NULL)
       OR EXISTS (SELECT FROM target WHERE pilot_id = OLD.pilot_id AND baseline_period_id = OLD.id)
       OR EXISTS (SELECT FROM account AS a JOIN movement AS m ON m.credit_id = a.id
                   WHERE a.pilot_id = OLD.pilot_id AND a.period_id = OLD.id
                     AND NOT EXISTS (SELECT FROM request_end WHERE request_id = m.position)
                     AND NOT EXISTS (SELECT FROM correction WHERE posting_id = m.position)) THEN
        PERFORM nzc_refuse('period_rests_on_nothing', format('accounting period %s', OLD.id));
    END IF;
    RETURN NEW;
END $function$;
