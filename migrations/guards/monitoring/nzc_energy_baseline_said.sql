-- All that the log says of an energy baseline.
--
-- Called by nzc_energy_baseline_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_energy_baseline_said(of_baseline energy_baseline)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object(
        'pilot', of_baseline.pilot_id, 'carrier', of_baseline.carrier, 'unit', of_baseline.unit,
        'step', of_baseline.step, 'starts_on', of_baseline.starts_on, 'ends_on', of_baseline.ends_on,
        'position', of_baseline.position, 'points', of_baseline.points,
        'intercept', trim_scale(of_baseline.intercept)::text,
        'r_squared', trim_scale(of_baseline.r_squared)::text,
        'cv_rmse', trim_scale(of_baseline.cv_rmse)::text,
        'variables', (SELECT jsonb_agg(jsonb_build_array(
                                 kind, product, trim_scale(slope)::text, trim_scale(least)::text,
                                 trim_scale(most)::text) ORDER BY number)
                        FROM public.energy_baseline_variable WHERE baseline_id = of_baseline.id))
$function$;
