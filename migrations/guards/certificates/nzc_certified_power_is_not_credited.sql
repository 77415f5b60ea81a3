-- As an inventory is handed in, no reductions are issued for power that it claims by certificates.
--
-- Fires AFTER UPDATE ON inventory FOR EACH ROW WHEN (old.submitted_position IS NULL AND
--   new.submitted_position IS NOT NULL).
-- Refuses: certified_power_is_not_credited.

CREATE OR REPLACE FUNCTION public.nzc_certified_power_is_not_credited()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF nzc_power_is_claimed(NEW.id, NULL) THEN
        PERFORM nzc_refuse('certified_power_is_not_credited', format('inventory %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
