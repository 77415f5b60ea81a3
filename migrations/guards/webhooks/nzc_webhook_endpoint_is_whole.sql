-- An endpoint is of the organisation whose entry brought it about.
--
-- Fires AFTER INSERT ON webhook_endpoint DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: webhook_is_its_creators.

CREATE OR REPLACE FUNCTION public.nzc_webhook_endpoint_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'WEBHOOK_CREATED'
                      AND organisation_id = NEW.organisation_id) THEN
        PERFORM nzc_refuse('webhook_is_its_creators', format('endpoint %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
