-- What changed account at a position is as much as was moved. So every movement moved whole, and
-- none overlaps another: each piece that changed account lies in a movement (nzc_check_lots), and
-- pieces do not overlap.
--
-- Called by nzc_check_movements.
-- Refuses: movements_match_lots.

CREATE OR REPLACE FUNCTION public.nzc_check_moved(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    SELECT position INTO wrong
      FROM (SELECT position, hi - lo AS tonnes FROM movement
             WHERE position BETWEEN first AND last AND batch_id <> position
            UNION ALL
            SELECT position, lo - hi FROM lot
             WHERE position BETWEEN first AND last AND batch_id <> position AND since = position) AS part
     GROUP BY position
    HAVING sum(tonnes) <> 0 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('movements_match_lots', format('position %s', wrong));
    END IF;
END $function$;
