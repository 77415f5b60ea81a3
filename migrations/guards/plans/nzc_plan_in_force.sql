-- The version of a pilot's plan that was in force before a position: of those that were approved the last.
--
-- Called by nzc_completion_is_whole, nzc_milestone_reached_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_plan_in_force(of_pilot bigint, before bigint)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT max(plan.id) FROM plan
     WHERE pilot_id = of_pilot
       AND EXISTS (SELECT FROM plan_step WHERE plan_id = plan.id AND state = 'APPROVED' AND position < before)
$function$;
