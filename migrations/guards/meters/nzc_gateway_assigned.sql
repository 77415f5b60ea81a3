-- What posts a meter's readings is an organisation of that role.
--
-- Fires AFTER INSERT ON meter_gateway FOR EACH ROW.
-- Refuses: gateway_is_one.

CREATE OR REPLACE FUNCTION public.nzc_gateway_assigned()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF EXISTS (SELECT FROM organisation WHERE id = NEW.gateway_id AND role <> 'METER_GATEWAY') THEN
        PERFORM nzc_refuse('gateway_is_one', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
