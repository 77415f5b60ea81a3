-- A pilot changes only in what can be amended, and only as its latest amendment says. Its last day
-- comes forward only where nothing is accounted for after it.
--
-- Fires BEFORE UPDATE ON pilot FOR EACH ROW.
-- Refuses: pilot_is_as_amended.

CREATE OR REPLACE FUNCTION public.nzc_pilot_amended()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF to_jsonb(NEW) || nzc_pilot_facts(OLD) <> to_jsonb(OLD)
       OR NOT EXISTS (SELECT FROM (SELECT before, after FROM pilot_amendment WHERE pilot_id = OLD.id
                                    ORDER BY position DESC LIMIT 1) AS latest
                       WHERE (before, after) = (nzc_pilot_facts(OLD), nzc_pilot_facts(NEW))) THEN
        PERFORM nzc_refuse('pilot_is_as_amended', format('pilot %s', OLD.id));
    END IF;
    IF NEW.closed_on < coalesce(OLD.closed_on, 'infinity') THEN
        PERFORM nzc_check_closure(NEW.id, NEW.closed_on);
    END IF;
    RETURN NEW;
END $function$;
