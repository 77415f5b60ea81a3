-- What can be amended of a project: what it is called. Where it is, and in which pilot, other
-- tables say.
--
-- Called by nzc_project_amended, nzc_project_amendment_follows, nzc_project_amendment_holds.

CREATE OR REPLACE FUNCTION public.nzc_project_facts(of_project project)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object('name_zh', of_project.name_zh, 'name_en', of_project.name_en)
$function$;
