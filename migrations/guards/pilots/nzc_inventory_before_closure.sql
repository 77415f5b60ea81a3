-- An inventory has no day after its pilot's last one.
--
-- Fires BEFORE INSERT ON inventory FOR EACH ROW.
-- Fires BEFORE UPDATE OF ends_on ON inventory FOR EACH ROW.
-- Refuses: inventory_before_closure.

CREATE OR REPLACE FUNCTION public.nzc_inventory_before_closure()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM pilot WHERE id = NEW.pilot_id AND closed_on < NEW.ends_on) THEN
        PERFORM nzc_refuse('inventory_before_closure', format('inventory %s', NEW.id));
    END IF;
    RETURN NEW;
END $function$;
