-- The heart of the ledger: what was added is checked as a set, from the first of its positions to
-- the last, by what a table's rows can break. All of it is of this transaction.
--
-- Fires AFTER INSERT ON credit_batch, lot, lot_spent, movement REFERENCING NEW TABLE AS added FOR
--   EACH STATEMENT.
-- Refuses: posting_is_logged.

CREATE OR REPLACE FUNCTION public.nzc_posted()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE first bigint; last bigint;
BEGIN
    IF TG_TABLE_NAME = 'credit_batch' THEN
        SELECT min(id), max(id) INTO first, last FROM added;
    ELSE
        SELECT min(position), max(position) INTO first, last FROM added;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM nzc_lock_head();
    -- Positions are dense: what lies between two entries of this transaction is of it too.
    IF NOT (nzc_appended_now(first) AND nzc_appended_now(last)) THEN
        PERFORM nzc_refuse('posting_is_logged', format('positions %s to %s', first, last));
    END IF;
    CASE TG_TABLE_NAME
        WHEN 'credit_batch' THEN
            PERFORM nzc_check_issuances(first, last);
            PERFORM nzc_check_doubles(first, last);
        WHEN 'movement' THEN PERFORM nzc_check_movements(first, last);
        WHEN 'lot_spent' THEN PERFORM nzc_check_tiling(first, last);
        WHEN 'lot' THEN
            PERFORM nzc_check_lots(first, last);
            PERFORM nzc_check_issuances(first, last);
    END CASE;
    RETURN NULL;
END $function$;
