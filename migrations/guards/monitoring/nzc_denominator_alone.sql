-- Of no day two amounts of one kind count: of the very same days the latest does, and where that has
-- no value, none.
--
-- Fires AFTER INSERT ON denominator FOR EACH ROW.
-- Refuses: denominator_counts_alone.

CREATE OR REPLACE FUNCTION public.nzc_denominator_alone()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.value IS NOT NULL AND EXISTS (
        SELECT FROM denominator AS d
         WHERE d.pilot_id = NEW.pilot_id AND d.kind = NEW.kind AND d.product IS NOT DISTINCT FROM NEW.product
           AND (d.starts_on, d.ends_on) <> (NEW.starts_on, NEW.ends_on)
           AND daterange(d.starts_on, d.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
           AND d.value IS NOT NULL
           AND NOT EXISTS (
               SELECT FROM denominator AS later
                WHERE later.pilot_id = d.pilot_id AND later.kind = d.kind
                  AND later.product IS NOT DISTINCT FROM d.product
                  AND (later.starts_on, later.ends_on) = (d.starts_on, d.ends_on) AND later.id > d.id)) THEN
        PERFORM nzc_refuse('denominator_counts_alone', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
