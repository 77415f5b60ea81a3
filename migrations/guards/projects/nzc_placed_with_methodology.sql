-- What is placed in a pilot, and is no forestry, is so by its methodology, of every enrolment.
--
-- Fires AFTER INSERT ON project_placement REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: placed_with_methodology.

CREATE OR REPLACE FUNCTION public.nzc_placed_with_methodology()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    DECLARE wrong bigint;
    BEGIN
        SELECT a.position INTO wrong
          FROM added AS a
          JOIN project AS p ON p.id = a.project_id AND NOT p.forestry
          JOIN enrolment AS e ON e.project_id = p.id AND e.methodology IS NULL
          LEFT JOIN enrolment_methodology AS s ON s.enrolment_id = e.id
         WHERE a.pilot_id IS NOT NULL AND s.methodology IS NULL LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('placed_with_methodology', format('position %s', wrong));
        END IF;
        RETURN NULL;
    END $function$;
