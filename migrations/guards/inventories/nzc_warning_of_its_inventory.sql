-- A warning is of lines of its own inventory.
--
-- Fires AFTER INSERT ON inventory_warning REFERENCING NEW TABLE AS changed FOR EACH STATEMENT.
-- Refuses: warning_of_its_inventory.

CREATE OR REPLACE FUNCTION public.nzc_warning_of_its_inventory()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    SELECT changed.inventory_id INTO wrong FROM changed
      JOIN inventory_line AS l ON l.id IN (changed.line_id, changed.other_line_id)
     WHERE l.inventory_id <> changed.inventory_id LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('warning_of_its_inventory', format('inventory %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
