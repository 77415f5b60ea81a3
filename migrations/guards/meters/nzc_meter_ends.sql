-- Nothing of a meter changes (its key follows from its supply point) but that its last day is said:
-- once, and not before anything that is told of it. Days are China's.
--
-- Fires BEFORE UPDATE ON meter FOR EACH ROW.
-- Refuses: meter_ends_once.

CREATE OR REPLACE FUNCTION public.nzc_meter_ends()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE over timestamptz := (NEW.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00';
BEGIN
    PERFORM nzc_lock_head();
    IF OLD.ends_on IS NOT NULL OR NEW.ended_position IS NULL
       OR to_jsonb(NEW) - ARRAY['ends_on', 'ended_position', 'supply_key']
          <> to_jsonb(OLD) - ARRAY['ends_on', 'ended_position', 'supply_key']
       OR EXISTS (SELECT FROM register_reading WHERE meter_id = NEW.id AND at > over)
       OR EXISTS (SELECT FROM consumption WHERE meter_id = NEW.id AND ends_at > over)
       OR EXISTS (SELECT FROM interval_block
                   WHERE meter_id = NEW.id AND ends_at > over
                     AND starts_at >= NEW.ends_on::timestamp AT TIME ZONE INTERVAL '+08:00') THEN
        PERFORM nzc_refuse('meter_ends_once', format('meter %s', OLD.id));
    END IF;
    RETURN NEW;
END $function$;
