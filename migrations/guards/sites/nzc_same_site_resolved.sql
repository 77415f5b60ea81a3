-- What is resolved was found to be at one site before. What is found inside a pilot names its
-- methodologies, as what is placed there does.
--
-- Fires AFTER INSERT ON same_site_resolution FOR EACH ROW.
-- Refuses: same_site_is_found_first, found_inside_with_methodology.

CREATE OR REPLACE FUNCTION public.nzc_same_site_resolved()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM same_site
                    WHERE subject_id = NEW.subject_id AND other_id = NEW.other_id AND position < NEW.position) THEN
        PERFORM nzc_refuse('same_site_is_found_first', format('position %s', NEW.position));
    END IF;
    -- What is found inside a pilot, and is no forestry, is so by its methodology, of every enrolment.
    IF NEW.finding = 'SAME' AND EXISTS (
        SELECT FROM project AS p
          JOIN enrolment AS e ON e.project_id = p.id AND e.methodology IS NULL
          LEFT JOIN enrolment_methodology AS s ON s.enrolment_id = e.id
         WHERE p.id IN (NEW.subject_id, NEW.other_id) AND NOT p.forestry AND s.methodology IS NULL) THEN
        PERFORM nzc_refuse('found_inside_with_methodology', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
