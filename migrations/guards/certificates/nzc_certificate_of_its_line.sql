-- Certificates serve a line of green power in their own inventory, by its series, and their power
-- was produced on days of it. (What was amended in one transaction may be gone again by its end.)
--
-- Fires AFTER INSERT ON line_certificate DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: certificate_of_its_line.

CREATE OR REPLACE FUNCTION public.nzc_certificate_of_its_line()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (
        SELECT FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
         WHERE l.id = NEW.line_id AND i.id = NEW.inventory_id AND i.series_id = NEW.series_id
           AND l.role = 'SOURCE' AND nzc_is_bought_power(l.category, l.factor)
           AND i.starts_on <= NEW.produced_from AND NEW.produced_to <= i.ends_on)
       -- Neither line nor certificate may be there any more: an amendment writes both anew.
       AND EXISTS (SELECT FROM line_certificate AS c WHERE (c.line_id, c.number) = (NEW.line_id, NEW.number)) THEN
        PERFORM nzc_refuse('certificate_of_its_line', format('line %s', NEW.line_id));
    END IF;
    RETURN NULL;
END $function$;
