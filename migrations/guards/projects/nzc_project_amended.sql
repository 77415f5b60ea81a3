-- A project changes only in what can be amended, and only as its latest amendment says.
--
-- Fires BEFORE UPDATE ON project FOR EACH ROW.
-- Refuses: project_is_as_amended.

CREATE OR REPLACE FUNCTION public.nzc_project_amended()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF to_jsonb(NEW) || nzc_project_facts(OLD) <> to_jsonb(OLD)
       OR NOT EXISTS (SELECT FROM (SELECT before, after FROM project_amendment
                                    WHERE project_id = OLD.id
                                    ORDER BY position DESC LIMIT 1) AS latest
                       WHERE (before, after) = (nzc_project_facts(OLD), nzc_project_facts(NEW))) THEN
        PERFORM nzc_refuse('project_is_as_amended', format('project %s', OLD.id));
    END IF;
    RETURN NEW;
END $function$;
