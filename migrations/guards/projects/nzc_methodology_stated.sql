-- A methodology is stated of an enrolment that named none, and judged as it would have been at
-- that.
--
-- Fires AFTER INSERT ON enrolment_methodology REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: methodology_is_stated_once, methodology_is_of_forestry.

CREATE OR REPLACE FUNCTION public.nzc_methodology_stated()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    DECLARE wrong bigint;
    BEGIN
        PERFORM nzc_lock_head();
        SELECT e.id INTO wrong FROM added AS a JOIN enrolment AS e ON e.id = a.enrolment_id
         WHERE e.methodology IS NOT NULL LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('methodology_is_stated_once', format('enrolment %s', wrong));
        END IF;
        SELECT e.id INTO wrong
          FROM added AS a
          JOIN enrolment AS e ON e.id = a.enrolment_id
          JOIN project AS p ON p.id = e.project_id WHERE a.sink <> p.forestry LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('methodology_is_of_forestry', format('enrolment %s', wrong));
        END IF;
        RETURN NULL;
    END $function$;
