-- As reductions are issued, no inventory that was handed in claims their power by certificates.
--
-- Fires AFTER INSERT ON credit_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: credited_power_is_not_certified.

CREATE OR REPLACE FUNCTION public.nzc_credited_power_is_not_certified()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF nzc_power_is_claimed(NULL, NEW.id) THEN
        PERFORM nzc_refuse('credited_power_is_not_certified', format('batch %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
