-- Green power is at zero by market only: of a line that is recorded so, and of an inventory whose method changes.
--
-- Fires AFTER INSERT ON inventory_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.factor
--   #>> '{zero_factor_basis,reason}'::text[]) = 'GREEN_POWER_CONTRACT'::text).
-- Fires AFTER UPDATE OF electricity_method ON inventory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: green_power_is_by_market.

CREATE OR REPLACE FUNCTION public.nzc_green_power_is_by_market()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    of_inventory bigint := (to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'inventory' THEN 'id' ELSE 'inventory_id' END);
BEGIN
    IF EXISTS (SELECT FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
                WHERE i.id = of_inventory AND i.electricity_method = 'LOCATION_BASED'
                  AND l.factor #>> '{zero_factor_basis,reason}' = 'GREEN_POWER_CONTRACT') THEN
        PERFORM nzc_refuse('green_power_is_by_market', format('inventory %s', of_inventory));
    END IF;
    RETURN NULL;
END $function$;
