-- The lots that were spent from the first position to the last. As a function, so that whoever
-- joins them plans for many, and each lot is looked up by itself all the same. In order, because no
-- other index than that of positions has it: while a table is empty, all indexes look equally good,
-- and the plan stays.
--
-- Called by nzc_check_lots, nzc_check_tiling.

CREATE OR REPLACE FUNCTION public.nzc_spent(first bigint, last bigint)
 RETURNS TABLE("position" bigint, account_id bigint, batch_id bigint, lo bigint, hi bigint, since bigint)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_nestloop TO 'on'
 SET enable_hashjoin TO 'off'
AS $function$
BEGIN
    RETURN QUERY
    SELECT spent.position, l.account_id, l.batch_id, l.lo, l.hi, l.since
      FROM lot_spent AS spent
      LEFT JOIN lot AS l ON l.position = spent.lot_position AND l.piece = spent.lot_piece
     WHERE spent.position BETWEEN first AND last
     ORDER BY spent.position;
END $function$;
