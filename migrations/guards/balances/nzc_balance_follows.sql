-- Each balance follows from the one before it and from what its position moved, and each move has
-- its balances. What was before is looked up once for an account and batch.
--
-- Fires AFTER INSERT ON balance REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: balance_follows_movements.

CREATE OR REPLACE FUNCTION public.nzc_balance_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE first bigint; last bigint; wrong bigint;
BEGIN
    SELECT min(position), max(position) INTO first, last FROM added;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF NOT (nzc_appended_now(first) AND nzc_appended_now(last)) THEN
        PERFORM nzc_refuse('balance_follows_movements', format('positions %s to %s', first, last));
    END IF;
    SELECT position INTO wrong
      FROM (SELECT account_id, batch_id, position, sum(moved)::bigint AS moved,
                   max(balance) AS tonnes, lag(max(balance)) OVER steps AS before,
                   row_number() OVER steps AS nth
              FROM (SELECT credit_id, batch_id, position, hi - lo, NULL::bigint
                      FROM movement WHERE position BETWEEN first AND last
                    UNION ALL
                    SELECT debit_id, batch_id, position, lo - hi, NULL
                      FROM movement WHERE position BETWEEN first AND last
                    UNION ALL
                    SELECT account_id, batch_id, position, NULL, tonnes FROM added)
                AS leg (account_id, batch_id, position, moved, balance)
             GROUP BY account_id, batch_id, position
            WINDOW steps AS (PARTITION BY account_id, batch_id ORDER BY position)) AS step
     WHERE tonnes - moved IS DISTINCT FROM CASE WHEN nth > 1 THEN before ELSE coalesce(
               (SELECT earlier.tonnes FROM balance AS earlier
                 WHERE earlier.account_id = step.account_id AND earlier.batch_id = step.batch_id
                   AND earlier.position < step.position
                 ORDER BY earlier.position DESC LIMIT 1), 0) END LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('balance_follows_movements', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
