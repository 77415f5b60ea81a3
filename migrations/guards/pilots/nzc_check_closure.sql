-- Nothing is accounted for days after a pilot's last: an inventory has no such day (a discarded one
-- accounts for none), and nothing is retired, or requested, in a period that starts after it.
-- Balances tell that, which follow from what moved (nzc_balance_follows).
--
-- Called by nzc_pilot_amended.
-- Refuses: inventory_before_closure, retired_before_closure.

CREATE OR REPLACE FUNCTION public.nzc_check_closure(closed bigint, last_day date)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF EXISTS (SELECT FROM inventory WHERE pilot_id = closed AND ends_on > last_day
                                       AND discarded_position IS NULL) THEN
        PERFORM nzc_refuse('inventory_before_closure', format('pilot %s', closed));
    END IF;
    IF EXISTS (SELECT FROM account AS a
                 JOIN accounting_period AS p ON p.id = a.period_id AND p.starts_on > last_day
                CROSS JOIN LATERAL (
                      SELECT DISTINCT ON (batch_id) tonnes FROM balance WHERE account_id = a.id
                       ORDER BY batch_id, position DESC) AS latest
                WHERE a.pilot_id = closed AND latest.tonnes > 0) THEN
        PERFORM nzc_refuse('retired_before_closure', format('pilot %s', closed));
    END IF;
END $function$;
