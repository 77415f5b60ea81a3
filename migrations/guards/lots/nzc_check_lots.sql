-- No two pieces overlap, and every piece lies in a lot that its position spent, where it stayed, or
-- out of which a movement moved it. That they tile what was spent is asked with what was spent: a
-- piece that is added to those that do lies outside, or overlaps. What lots come from is joined as
-- sets; each piece searched for by itself took twice as long.
--
-- Called by nzc_check_postings, nzc_posted.
-- Refuses: lots_do_not_overlap, lots_come_from_what_was_spent.

CREATE OR REPLACE FUNCTION public.nzc_check_lots(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_hashjoin TO 'on'
 SET enable_nestloop TO 'off'
AS $function$
DECLARE overlapping bigint; unfounded bigint;
BEGIN
    SELECT min(made.position) FILTER (WHERE made.lo < made.before),
           min(made.position) FILTER (
               WHERE made.batch_id <> made.position
                 AND ((l.account_id = made.account_id AND l.since = made.since)
                      OR (made.since = made.position AND m.position IS NOT NULL)) IS NOT TRUE)
      INTO overlapping, unfounded
      FROM (SELECT *, lag(hi) OVER (PARTITION BY position, batch_id ORDER BY lo) AS before
              FROM lot WHERE position BETWEEN first AND last) AS made
      LEFT JOIN nzc_spent(first, last) AS l
        ON l.position = made.position AND l.batch_id = made.batch_id
       AND l.lo <= made.lo AND made.hi <= l.hi
      LEFT JOIN (SELECT * FROM movement WHERE position BETWEEN first AND last) AS m
        ON m.position = made.position AND m.batch_id = made.batch_id
       AND m.debit_id = l.account_id AND m.credit_id = made.account_id
       AND m.lo <= made.lo AND made.hi <= m.hi;
    IF overlapping IS NOT NULL THEN
        PERFORM nzc_refuse('lots_do_not_overlap', format('position %s', overlapping));
    END IF;
    IF unfounded IS NOT NULL THEN
        PERFORM nzc_refuse('lots_come_from_what_was_spent', format('position %s', unfounded));
    END IF;
END $function$;
