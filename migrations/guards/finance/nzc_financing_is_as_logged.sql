-- A financing and its parts are what the log says, so that no part is added later.
--
-- Fires AFTER INSERT ON financing ('id'), financing_allocation ('financing_id'), financing_pledge
--   ('financing_id') DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: financing_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_financing_is_as_logged()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE it financing;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM financing WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.id AND kind = 'FINANCING_RECORDED'
                      AND body = nzc_financing_said(it)) THEN
        PERFORM nzc_refuse('financing_is_as_logged', format('financing %s', it.id));
    END IF;
    RETURN NULL;
END $function$;
