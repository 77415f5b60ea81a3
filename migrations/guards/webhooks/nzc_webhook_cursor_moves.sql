-- How far an endpoint was told never runs ahead of the log or passes over an event: an event is behind it
-- when its acceptance is written, in the same transaction. It goes back where the log says that it is told once more.
--
-- Fires AFTER INSERT OR UPDATE ON webhook_cursor DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: webhook_is_within_log, webhook_replay_is_logged, webhook_moves_by_delivery.

CREATE OR REPLACE FUNCTION public.nzc_webhook_cursor_moves()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE standing bigint := (SELECT position FROM log_head);
BEGIN
    IF NEW.position > standing THEN
        PERFORM nzc_refuse('webhook_is_within_log', format('endpoint %s', NEW.endpoint_id));
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
    END IF;
    IF NEW.replayed IS DISTINCT FROM OLD.replayed THEN
        IF NOT EXISTS (SELECT FROM log_entry
                        WHERE position = NEW.replayed AND subject_id = NEW.endpoint_id
                          AND kind = 'WEBHOOK_REPLAYED'
                          AND body = jsonb_build_object('after', NEW.position)) THEN
            PERFORM nzc_refuse('webhook_replay_is_logged', format('endpoint %s', NEW.endpoint_id));
        END IF;
    ELSIF NEW.position < OLD.position
       OR NEW.previous <> OLD.previous
          AND NOT EXISTS (SELECT FROM webhook_delivery
                           WHERE endpoint_id = NEW.endpoint_id AND number = NEW.attempts
                             AND position = NEW.previous AND outcome = 'ACCEPTED') THEN
        PERFORM nzc_refuse('webhook_moves_by_delivery', format('endpoint %s', NEW.endpoint_id));
    END IF;
    RETURN NULL;
END $function$;
