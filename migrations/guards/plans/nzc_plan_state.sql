-- Where a version of a plan stood before a position, whatever was drafted after it.
--
-- Called by nzc_plan_is_whole, nzc_plan_step_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_plan_state(of_plan bigint, before bigint)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT coalesce((SELECT state FROM plan_step WHERE plan_id = of_plan AND position < before
                      ORDER BY position DESC LIMIT 1), 'DRAFT')
$function$;
