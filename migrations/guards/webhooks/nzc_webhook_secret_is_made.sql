-- A secret comes with its endpoint, or with the entry that says that it was rotated.
--
-- Fires AFTER INSERT ON webhook_secret DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: webhook_secret_is_logged.

CREATE OR REPLACE FUNCTION public.nzc_webhook_secret_is_made()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.endpoint_id
                      AND kind IN ('WEBHOOK_CREATED', 'WEBHOOK_SECRET_ROTATED')) THEN
        PERFORM nzc_refuse('webhook_secret_is_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
