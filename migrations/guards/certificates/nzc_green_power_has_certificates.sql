-- Power bought through the grid as renewable is accounted at zero by its certificates.
--
-- Fires AFTER INSERT ON inventory_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: green_power_has_certificates.

CREATE OR REPLACE FUNCTION public.nzc_green_power_has_certificates()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NEW.factor #>> '{zero_factor_basis,reason}' = 'GREEN_POWER_CONTRACT'
       AND EXISTS (SELECT FROM inventory_line WHERE id = NEW.id)
       AND NOT EXISTS (SELECT FROM line_certificate WHERE line_id = NEW.id) THEN
        PERFORM nzc_refuse('green_power_has_certificates', format('line %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
