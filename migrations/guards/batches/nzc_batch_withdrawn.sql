-- A batch starts standing and is withdrawn once; nothing else of it ever changes. It is looked at
-- after an UPDATE, since what is generated of a row is not there before.
--
-- Fires AFTER UPDATE ON credit_batch FOR EACH ROW.
-- Fires BEFORE INSERT ON credit_batch FOR EACH ROW WHEN (new.withdrawn_position IS NOT NULL).
-- Refuses: batch_starts_standing, batch_stays_as_issued.

CREATE OR REPLACE FUNCTION public.nzc_batch_withdrawn()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF TG_OP = 'INSERT' THEN
        PERFORM nzc_refuse('batch_starts_standing', format('credit batch %s', NEW.id));
    END IF;
    IF OLD.withdrawn_position IS NOT NULL
       OR to_jsonb(NEW) - 'withdrawn_position' <> to_jsonb(OLD) - 'withdrawn_position' THEN
        PERFORM nzc_refuse('batch_stays_as_issued', format('credit batch %s', OLD.id));
    END IF;
    RETURN NEW;
END $function$;
