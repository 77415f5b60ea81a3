-- The log has both hashes of a reconciliation and its sums; that the report has its hash, a constraint says. That
-- it is what comes of comparing, nothing here: the list is not kept.
--
-- Fires AFTER INSERT ON reconciliation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: reconciliation_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_reconciliation_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'REGISTRY_LIST_RECONCILED'
                      AND body = jsonb_build_object(
                          'programme', NEW.programme, 'position', NEW.position, 'list', NEW.list_sha256,
                          'size', NEW.list_size, 'report', NEW.report_sha256, 'outcomes', NEW.outcomes)) THEN
        PERFORM nzc_refuse('reconciliation_is_as_logged', format('reconciliation %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
