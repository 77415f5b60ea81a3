-- Sums of days and months are written before their batch's entry, so that none is added to what was
-- logged.
--
-- Fires AFTER INSERT ON meter_rollup REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: rollup_comes_first.

CREATE OR REPLACE FUNCTION public.nzc_rollups_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO wrong FROM added;
    IF wrong <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('rollup_comes_first', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
