-- No crediting period is stated that leaves out what was issued and stands.
--
-- Fires AFTER INSERT ON crediting_period REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: monitored_in_crediting_period.

CREATE OR REPLACE FUNCTION public.nzc_monitored_in_crediting_period()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT b.id INTO wrong
      FROM added AS a
      JOIN enrolment AS e ON e.id = a.enrolment_id
     CROSS JOIN LATERAL (SELECT starts_on, ends_on FROM crediting_period AS c
                          WHERE c.enrolment_id = e.id ORDER BY c.position DESC LIMIT 1) AS holds
      JOIN credit_batch AS b ON b.project_id = e.project_id AND b.programme = e.programme
     WHERE b.withdrawn_position IS NULL AND b.production_basis = 'MONITORING_PERIOD'
       AND (b.produced_from < holds.starts_on OR b.produced_to > holds.ends_on) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('monitored_in_crediting_period', format('credit batch %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
