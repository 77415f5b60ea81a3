-- A salt comes with its leaf: one that was there before would keep the leaf from coming.
--
-- Fires AFTER INSERT ON log_salt REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: salt_comes_with_its_leaf.

CREATE OR REPLACE FUNCTION public.nzc_salt_comes_with()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE alone bigint;
BEGIN
    SELECT min(position) INTO alone FROM added AS a
     WHERE NOT EXISTS (SELECT FROM log_node AS n WHERE n.height = 0 AND n.index = a.position - 1);
    IF alone IS NOT NULL THEN
        PERFORM nzc_refuse('salt_comes_with_its_leaf', format('position %s', alone));
    END IF;
    RETURN NULL;
END $function$;
