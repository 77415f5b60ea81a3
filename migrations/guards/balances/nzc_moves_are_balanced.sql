-- Each move has its balances. That all moves from the first to the last position have theirs is
-- asked with the balances (nzc_balance_follows): here only those two are looked at, and that
-- nothing is added to positions that were balanced before.
--
-- Fires AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: movements_are_balanced.

CREATE OR REPLACE FUNCTION public.nzc_moves_are_balanced()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE first bigint; last bigint; many bigint; wrong bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, many FROM added;
    SELECT position INTO wrong
      FROM added AS m
     WHERE position IN (first, last)
       AND (many <> (SELECT count(*) FROM movement WHERE position BETWEEN first AND last)
            OR NOT EXISTS (SELECT FROM balance AS b
                            WHERE b.account_id = m.credit_id AND b.batch_id = m.batch_id
                              AND b.position = m.position)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('movements_are_balanced', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
