-- A secret from before is one that the secret in use replaced at that position; there are at most five, of seven days.
--
-- Fires AFTER INSERT ON webhook_former_secret DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: webhook_secret_is_replaced, webhook_secrets_are_bounded.

CREATE OR REPLACE FUNCTION public.nzc_webhook_former_secret_is_replaced()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM webhook_secret
                    WHERE endpoint_id = NEW.endpoint_id AND position = NEW.position
                      AND secret <> NEW.secret) THEN
        PERFORM nzc_refuse('webhook_secret_is_replaced', format('endpoint %s', NEW.endpoint_id));
    END IF;
    IF NEW.good_until > (SELECT at FROM log_head) + interval '168 hours'
       OR (SELECT count(*) FROM webhook_former_secret WHERE endpoint_id = NEW.endpoint_id) > 5 THEN
        PERFORM nzc_refuse('webhook_secrets_are_bounded', format('endpoint %s', NEW.endpoint_id));
    END IF;
    RETURN NULL;
END $function$;
