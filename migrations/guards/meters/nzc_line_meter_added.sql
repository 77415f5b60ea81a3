-- A line that rests on a meter is a source of its inventory, of all its days, and of a meter that
-- is there, as of a position before the line's.
--
-- Fires AFTER INSERT ON line_meter REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: line_rests_on_its_meter.

CREATE OR REPLACE FUNCTION public.nzc_line_meter_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    SELECT a.line_id INTO wrong
      FROM added AS a
      JOIN inventory_line AS l ON l.id = a.line_id
      JOIN inventory AS i ON i.id = l.inventory_id
      LEFT JOIN meter AS m ON m.id = a.meter_id AND a.as_of < l.position
     WHERE l.inventory_id <> a.inventory_id OR l.role <> 'SOURCE' OR m.id IS NULL
        OR (i.starts_on, i.ends_on) <> (a.starts_on, a.ends_on) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('line_rests_on_its_meter', format('line %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
