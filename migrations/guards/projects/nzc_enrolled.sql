-- An enrolment's methodology is of forestry where the project is, and only there. One that names
-- none is of forestry, or of a project in no pilot (what is enrolled may have been placed there
-- after its registration, or found to be there). An authority's number enrols once, however it is
-- written.
--
-- Fires AFTER INSERT ON enrolment REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: forestry_follows_methodology, enrolled_once_however_written.

CREATE OR REPLACE FUNCTION public.nzc_enrolled()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    DECLARE wrong bigint;
    BEGIN
        SELECT e.id INTO wrong FROM added AS e JOIN project AS p ON p.id = e.project_id
         WHERE e.sink <> p.forestry
            OR e.methodology IS NULL AND NOT p.forestry
               AND (nzc_pilot_of_project(p.id, e.id) IS NOT NULL
                    OR EXISTS (SELECT FROM same_site_resolution AS r
                                WHERE p.id IN (r.subject_id, r.other_id)
                                  AND r.finding = 'SAME' AND r.position < e.id)) LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('forestry_follows_methodology', format('enrolment %s', wrong));
        END IF;
        SELECT e.id INTO wrong
          FROM added AS e
          JOIN enrolment AS other USING (programme, number_key) WHERE other.id <> e.id LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('enrolled_once_however_written', format('enrolment %s', wrong));
        END IF;
        RETURN NULL;
    END $function$;
