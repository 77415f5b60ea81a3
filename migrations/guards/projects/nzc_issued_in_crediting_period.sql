-- A monitoring period lies in the crediting period of the enrolment, as it holds when the batch is
-- issued, where both are known.
--
-- Fires AFTER INSERT ON credit_batch REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: issued_in_crediting_period.

CREATE OR REPLACE FUNCTION public.nzc_issued_in_crediting_period()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    SELECT b.id INTO wrong
      FROM added AS b
      JOIN enrolment AS e ON e.project_id = b.project_id AND e.programme = b.programme
     CROSS JOIN LATERAL (SELECT starts_on, ends_on FROM crediting_period AS c
                          WHERE c.enrolment_id = e.id ORDER BY c.position DESC LIMIT 1) AS holds
     WHERE b.production_basis = 'MONITORING_PERIOD'
       AND (b.produced_from < holds.starts_on OR b.produced_to > holds.ends_on) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issued_in_crediting_period', format('credit batch %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
