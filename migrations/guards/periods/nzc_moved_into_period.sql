-- Credits are not moved into an account of a period that was withdrawn; it may have been opened
-- before. Most often no period was, which is asked first.
--
-- Fires AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: credited_period_stands.

CREATE OR REPLACE FUNCTION public.nzc_moved_into_period()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM accounting_period WHERE withdrawn_position IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT m.position INTO wrong
      FROM added AS m
      JOIN account AS credit ON credit.id = m.credit_id
      JOIN accounting_period AS p ON p.id = credit.period_id AND p.withdrawn_position IS NOT NULL
     LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('credited_period_stands', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
