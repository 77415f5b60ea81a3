-- A correction moves back what was moved; one of an order about a whole batch, which moved nothing,
-- moves nothing.
--
-- Fires AFTER INSERT ON correction DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: correction_is_of_posting.

CREATE OR REPLACE FUNCTION public.nzc_correction_is_of_posting()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF EXISTS (SELECT FROM movement WHERE position = NEW.position)
       IS DISTINCT FROM NOT EXISTS (SELECT FROM batch_fact
                                     WHERE position = NEW.posting_id AND kind IN ('INVALIDATE', 'EXPORT')) THEN
        PERFORM nzc_refuse('correction_is_of_posting', format('%s of correction', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
