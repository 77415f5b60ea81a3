-- At the commit a project is what its latest amendment says.
--
-- Fires AFTER INSERT ON project_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: project_is_as_amended.

CREATE OR REPLACE FUNCTION public.nzc_project_amendment_holds()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF (SELECT after FROM project_amendment WHERE project_id = NEW.project_id
         ORDER BY position DESC LIMIT 1)
       IS DISTINCT FROM
       (SELECT nzc_project_facts(o) FROM project AS o WHERE id = NEW.project_id) THEN
        PERFORM nzc_refuse('project_is_as_amended', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
