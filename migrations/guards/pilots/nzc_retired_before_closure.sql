-- Nothing is retired, or requested, in a period that starts after its pilot's last day. Most often
-- no pilot has one, which is asked first.
--
-- Fires AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: retired_before_closure.

CREATE OR REPLACE FUNCTION public.nzc_retired_before_closure()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM pilot WHERE closed_on IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT m.position INTO wrong
      FROM added AS m
      JOIN account AS credit ON credit.id = m.credit_id
      JOIN pilot AS closed ON closed.id = credit.pilot_id AND closed.closed_on IS NOT NULL
      JOIN accounting_period AS p ON p.id = credit.period_id AND p.starts_on > closed.closed_on
     LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('retired_before_closure', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
