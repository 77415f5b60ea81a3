-- A batch is withdrawn by the correction of its issuance, and by that always. The column that holds
-- the batch is given.
--
-- Fires AFTER INSERT ON correction ('posting_id') DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Fires AFTER UPDATE ON credit_batch ('id') DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: withdrawn_by_correction.

CREATE OR REPLACE FUNCTION public.nzc_withdrawn_by_correction()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE batch bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF (SELECT withdrawn_position FROM credit_batch WHERE id = batch)
       IS DISTINCT FROM (SELECT c.position FROM correction AS c JOIN credit_batch AS b ON b.id = c.posting_id
                          WHERE c.posting_id = batch) THEN
        PERFORM nzc_refuse('withdrawn_by_correction', format('credit batch %s', batch));
    END IF;
    RETURN NULL;
END $function$;
