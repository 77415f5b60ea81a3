-- What an endpoint is told, and where, is what the log says; by a key of its own organisation, which has no
-- more endpoints than it may have. One that was deleted stays so.
--
-- Fires AFTER INSERT ON webhook_terms DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: webhook_stays_deleted, webhooks_are_bounded, webhook_sees_by_own_key,
--   webhook_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_webhook_terms_are_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE its_organisation bigint := (SELECT organisation_id FROM webhook_endpoint WHERE id = NEW.endpoint_id);
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM webhook_terms
                WHERE endpoint_id = NEW.endpoint_id AND position < NEW.position AND state = 'DELETED') THEN
        PERFORM nzc_refuse('webhook_stays_deleted', format('position %s', NEW.position));
    END IF;
    IF (SELECT count(*) FROM webhook_endpoint AS e
         WHERE e.organisation_id = its_organisation
           AND NOT EXISTS (SELECT FROM webhook_terms WHERE endpoint_id = e.id AND state = 'DELETED')) > 10 THEN
        PERFORM nzc_refuse('webhooks_are_bounded', format('organisation %s', its_organisation));
    END IF;
    IF NOT EXISTS (SELECT FROM api_key WHERE id = NEW.key_id AND organisation_id = its_organisation) THEN
        PERFORM nzc_refuse('webhook_sees_by_own_key', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.endpoint_id
                      AND kind IN ('WEBHOOK_CREATED', 'WEBHOOK_UPDATED', 'WEBHOOK_ENABLED', 'WEBHOOK_DISABLED',
                                   'WEBHOOK_DELETED')
                      AND body = nzc_webhook_terms_said(NEW)) THEN
        PERFORM nzc_refuse('webhook_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
