-- A name is erased with an entry that says so, and only then.
--
-- Fires AFTER DELETE ON panel_expert_name DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: erasure_is_logged.

CREATE OR REPLACE FUNCTION public.nzc_expert_name_is_erased()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE xmin = pg_current_xact_id()::xid AND kind = 'EXPERT_NAME_ERASED'
                      AND body = jsonb_build_object('panel', OLD.panel_id, 'expert', OLD.number)) THEN
        PERFORM nzc_refuse('erasure_is_logged', format('expert %s of %s', OLD.number, OLD.panel_id));
    END IF;
    RETURN NULL;
END $function$;
