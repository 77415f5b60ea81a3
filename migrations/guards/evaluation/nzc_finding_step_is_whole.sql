-- A finding is closed after it was answered, and not answered after that.
--
-- Fires AFTER INSERT ON finding_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: finding_step_follows, finding_step_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_finding_step_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE before text;
BEGIN
    PERFORM nzc_lock_head();
    SELECT state INTO before FROM finding_step
     WHERE finding_id = NEW.finding_id AND position < NEW.position ORDER BY position DESC LIMIT 1;
    IF NOT (CASE NEW.state WHEN 'ANSWERED' THEN coalesce(before, 'OPEN') <> 'CLOSED'
                           ELSE coalesce(before, 'OPEN') = 'ANSWERED' END) THEN
        PERFORM nzc_refuse('finding_step_follows', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.finding_id
                      AND kind = 'FINDING_' || NEW.state
                      AND body = jsonb_build_object('state', NEW.state)) THEN
        PERFORM nzc_refuse('finding_step_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
