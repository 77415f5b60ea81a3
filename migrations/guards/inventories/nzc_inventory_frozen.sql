-- What was submitted, verified or discarded stays. A draft's own terms may change while it is one,
-- its days within its accounting period. Only the latest submitted version is verified.
--
-- Fires BEFORE UPDATE ON inventory FOR EACH ROW.
-- Refuses: inventory_is_frozen, inventory_inside_period, inventory_is_latest.

CREATE OR REPLACE FUNCTION public.nzc_inventory_frozen()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    -- What a draft's own terms are, while it is one; the days of a later version are those of the first.
    terms text[] := '{submitted_position,verified_position,verifier_id,discarded_position,status}';
BEGIN
    PERFORM nzc_lock_head();
    IF coalesce(OLD.submitted_position, OLD.discarded_position,
                NEW.submitted_position, NEW.discarded_position) IS NULL THEN
        terms := terms || '{gwp_set,factor_list,factor_list_version,not_occurring,electricity_method}'::text[];
        IF OLD.version = 1 THEN
            terms := terms || '{starts_on,ends_on}'::text[];
        END IF;
    END IF;
    IF to_jsonb(NEW) - terms <> to_jsonb(OLD) - terms
       OR (OLD.submitted_position IS NOT NULL
           AND NEW.submitted_position IS DISTINCT FROM OLD.submitted_position)
       OR (OLD.verified_position IS NOT NULL
           AND (NEW.verified_position, NEW.verifier_id)
               IS DISTINCT FROM (OLD.verified_position, OLD.verifier_id))
       OR (OLD.discarded_position IS NOT NULL
           AND NEW.discarded_position IS DISTINCT FROM OLD.discarded_position) THEN
        PERFORM nzc_refuse('inventory_is_frozen', format('inventory %s', OLD.id));
    END IF;
    IF NOT EXISTS (SELECT FROM accounting_period AS p
                    WHERE p.id = NEW.period_id
                      AND p.starts_on <= NEW.starts_on AND NEW.ends_on <= p.ends_on) THEN
        PERFORM nzc_refuse('inventory_inside_period', format('inventory %s', NEW.id));
    END IF;
    IF OLD.verified_position IS NULL AND NEW.verified_position IS NOT NULL AND EXISTS (
        SELECT FROM inventory AS later
         WHERE later.series_id = NEW.series_id AND later.version > NEW.version
           AND later.submitted_position IS NOT NULL) THEN
        PERFORM nzc_refuse('inventory_is_latest', format('inventory %s', OLD.id));
    END IF;
    RETURN NEW;
END $function$;
