-- The pieces of a position tile what it spent: as much of each batch as was spent is made anew.
-- (NULL: there is no such lot.) Beside a position no other condition may lead the search: an index
-- on a batch or an account would lead through everything that ever happened to it.
--
-- Called by nzc_check_postings, nzc_posted.
-- Refuses: lots_tile_what_was_spent.

CREATE OR REPLACE FUNCTION public.nzc_check_tiling(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    SELECT position INTO wrong
      FROM (SELECT position, batch_id, hi - lo AS tonnes FROM lot
             WHERE position BETWEEN first AND last AND batch_id <> position
            UNION ALL
            SELECT position, batch_id, lo - hi FROM nzc_spent(first, last)) AS part
     GROUP BY position, batch_id
    HAVING sum(tonnes) IS DISTINCT FROM 0 LIMIT 1;  -- NULL: there is no such lot.
    IF FOUND THEN
        PERFORM nzc_refuse('lots_tile_what_was_spent', format('position %s', wrong));
    END IF;
END $function$;
