-- An amendment is written before the project is changed, and begins with what the project is. The
-- three guards of amendments together: one begins with what is, the change is the latest one's, and
-- at the commit what it says is so.
--
-- Fires AFTER INSERT ON project_amendment FOR EACH ROW.
-- Refuses: amendment_follows_project.

CREATE OR REPLACE FUNCTION public.nzc_project_amendment_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.before IS DISTINCT FROM
       (SELECT nzc_project_facts(o) FROM project AS o WHERE id = NEW.project_id) THEN
        PERFORM nzc_refuse('amendment_follows_project', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
