-- A salt comes with its leaf: one that was there before would keep the leaf from coming.
--
-- Fires AFTER INSERT ON log_salt REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: salt_comes_with_its_leaf.

CREATE OR REPLACE FUNCTION public.nzc_salt_comes_with()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE first bigint; last bigint; many bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, many FROM added;
    -- Without a gap, as leaves are, each has its own where these are as many.
    IF last - first + 1 <> many
       OR many <> (SELECT count(*) FROM log_node WHERE height = 0 AND index BETWEEN first - 1 AND last - 1) THEN
        PERFORM nzc_refuse('salt_comes_with_its_leaf', format('positions %s to %s', first, last));
    END IF;
    RETURN NULL;
END $function$;
