-- The head is what the last entry of the log says: its position and digest. Its time never goes
-- back or lies in the future, and the log's id and its former ids stay.
--
-- Fires AFTER UPDATE ON log_head FOR EACH ROW.
-- Refuses: head_follows_log.

CREATE OR REPLACE FUNCTION public.nzc_head_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.former_ids <> OLD.former_ids OR NEW.at < OLD.at
       OR NEW.at > greatest(clock_timestamp(), OLD.at)
       OR NEW.position <> coalesce((SELECT max(position) FROM log_entry), 0)
       OR NEW.digest <> coalesce(
              (SELECT digest FROM log_entry ORDER BY position DESC LIMIT 1), decode(repeat('00', 32), 'hex')) THEN
        PERFORM nzc_refuse('head_follows_log', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
