-- Lines, their gases, warnings and meters are added and removed only while the inventory is a
-- draft. `changed` is what was added, or what was removed.
--
-- Fires AFTER DELETE ON inventory_line, inventory_warning, line_certificate, line_gas, line_meter
--   REFERENCING OLD TABLE AS changed FOR EACH STATEMENT.
-- Fires AFTER INSERT ON inventory_line, inventory_warning, line_certificate, line_gas, line_meter
--   REFERENCING NEW TABLE AS changed FOR EACH STATEMENT.
-- Refuses: inventory_lines_are_frozen.

CREATE OR REPLACE FUNCTION public.nzc_lines_frozen()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE frozen bigint;
BEGIN
    PERFORM nzc_lock_head();
    IF TG_TABLE_NAME = 'line_gas' THEN
        SELECT i.id INTO frozen FROM changed
          JOIN inventory_line AS l ON l.id = changed.line_id
          JOIN inventory AS i ON i.id = l.inventory_id
         WHERE i.submitted_position IS NOT NULL OR i.discarded_position IS NOT NULL LIMIT 1;
    ELSE
        SELECT i.id INTO frozen FROM changed JOIN inventory AS i ON i.id = changed.inventory_id
         WHERE i.submitted_position IS NOT NULL OR i.discarded_position IS NOT NULL LIMIT 1;
    END IF;
    IF FOUND THEN
        PERFORM nzc_refuse('inventory_lines_are_frozen', format('inventory %s', frozen));
    END IF;
    RETURN NULL;
END $function$;
