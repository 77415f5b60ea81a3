-- A document comes to something as it is registered, or as the next version of a line that has it
-- is recorded.
--
-- Fires AFTER INSERT ON attachment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: attachment_comes_with.

CREATE OR REPLACE FUNCTION public.nzc_attachment_comes_with()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT nzc_appended_now(greatest(NEW.document_id, NEW.subject_id))
       OR NOT (NEW.subject_id = (SELECT subject_id FROM document WHERE id = NEW.document_id)
               OR EXISTS (SELECT FROM inventory_line AS l
                            JOIN inventory AS next ON next.id = l.inventory_id
                            JOIN inventory AS before
                              ON before.series_id = next.series_id AND before.version < next.version
                            JOIN inventory_line AS was
                              ON was.inventory_id = before.id AND was.role = l.role
                            JOIN attachment AS a
                              ON a.subject_id = was.id AND a.document_id = NEW.document_id
                           WHERE l.id = NEW.subject_id)) THEN
        PERFORM nzc_refuse('attachment_comes_with', format('document %s', NEW.document_id));
    END IF;
    RETURN NULL;
END $function$;
