-- What the log says of a version of a plan: all but texts. Numbers are texts, so that they stay exact.
--
-- Called by nzc_plan_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_plan_said(of_plan plan)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object(
        'pilot', of_plan.pilot_id, 'version', of_plan.version,
        'starts_on', of_plan.starts_on, 'ends_on', of_plan.ends_on,
        'construction_budget', trim_scale(of_plan.construction_budget)::text,
        'packages', coalesce((
            SELECT jsonb_agg(jsonb_build_array(stage, to_jsonb(ARRAY(
                       SELECT measure_id FROM plan_measure AS m
                        WHERE m.plan_id = of_plan.id AND m.package = number ORDER BY measure_id)))
                       ORDER BY number)
              FROM plan_package WHERE plan_id = of_plan.id), '[]'),
        'milestones', coalesce((
            SELECT jsonb_agg(jsonb_build_array(code, due_on, building) ORDER BY code COLLATE "C")
              FROM plan_milestone WHERE plan_id = of_plan.id), '[]'),
        'materials', coalesce((
            SELECT jsonb_agg(jsonb_build_array(
                       unit, trim_scale(quantity)::text, trim_scale(factor)::text, trim_scale(mass)::text,
                       trim_scale(distance)::text, trim_scale(haul_factor)::text) ORDER BY number)
              FROM plan_material WHERE plan_id = of_plan.id), '[]'))
$function$;
