-- An inventory starts as a draft, with days of its accounting period. A later version is of what
-- the one before is of, and follows the latest version that was not discarded, which was submitted.
--
-- Fires BEFORE INSERT ON inventory FOR EACH ROW.
-- Refuses: inventory_starts_as_draft, inventory_inside_period, inventory_follows_version.

CREATE OR REPLACE FUNCTION public.nzc_inventory_made()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.submitted_position IS NOT NULL OR NEW.verified_position IS NOT NULL
       OR NEW.discarded_position IS NOT NULL THEN
        PERFORM nzc_refuse('inventory_starts_as_draft', format('inventory %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM accounting_period AS p
                    WHERE p.id = NEW.period_id
                      AND p.starts_on <= NEW.starts_on AND NEW.ends_on <= p.ends_on) THEN
        PERFORM nzc_refuse('inventory_inside_period', format('inventory %s', NEW.id));
    END IF;
    -- It follows the latest version that was not discarded, and that one was submitted; numbers never jump.
    IF NEW.version > 1 AND NOT EXISTS (
        SELECT FROM (SELECT * FROM inventory AS before
                      WHERE before.series_id = NEW.series_id AND before.version < NEW.version
                        AND before.discarded_position IS NULL
                      ORDER BY before.version DESC LIMIT 1) AS i
         WHERE i.submitted_position IS NOT NULL
           AND (i.pilot_id, i.period_id, i.phase, i.basis, i.starts_on, i.ends_on)
               = (NEW.pilot_id, NEW.period_id, NEW.phase, NEW.basis, NEW.starts_on, NEW.ends_on)
           AND EXISTS (SELECT FROM inventory AS last
                        WHERE last.series_id = NEW.series_id AND last.version = NEW.version - 1)) THEN
        PERFORM nzc_refuse('inventory_follows_version', format('inventory %s', NEW.id));
    END IF;
    RETURN NEW;
END $function$;
