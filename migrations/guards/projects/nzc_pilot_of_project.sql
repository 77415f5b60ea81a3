-- The pilot that a project lies in for what is posted at a position: by the latest placement before
-- it, else as the project was registered.
--
-- Called by nzc_check_movements, nzc_enrolled.

CREATE OR REPLACE FUNCTION public.nzc_pilot_of_project(of_project bigint, at_position bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT CASE WHEN latest.position IS NULL THEN p.pilot_id ELSE latest.pilot_id END
      FROM project AS p
      LEFT JOIN LATERAL (SELECT position, pilot_id FROM project_placement
                          WHERE project_id = p.id AND position < at_position
                          ORDER BY position DESC LIMIT 1) AS latest ON true
     WHERE p.id = of_project
$function$;
