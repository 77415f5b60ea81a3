-- The day in Guangdong on which an entry was committed: what it says has happened lies on no later one.
--
-- Called by nzc_completion_is_whole, nzc_evaluation_is_whole, nzc_finding_is_whole,
--   nzc_milestone_reached_is_whole, nzc_site_visit_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_entry_day(of_position bigint)
 RETURNS date
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT (at AT TIME ZONE INTERVAL '+08:00')::date FROM log_entry WHERE position = of_position
$function$;
