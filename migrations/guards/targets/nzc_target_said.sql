-- All that the log says of a version of a target.
--
-- Called by nzc_target_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_target_said(of_target target)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object(
        'pilot', of_target.pilot_id, 'version', of_target.version, 'reason', of_target.reason,
        'weakened', of_target.weakened, 'routes', to_jsonb(of_target.routes),
        'baseline', jsonb_build_object(
            'accounting_period', of_target.baseline_period_id, 'basis', of_target.baseline_basis,
            'position', of_target.baseline_position, 'year', of_target.baseline_year,
            'gross', trim_scale(of_target.baseline_gross)::text,
            'net', trim_scale(of_target.baseline_net)::text),
        'ceilings', (SELECT jsonb_agg(jsonb_build_array(year, trim_scale(net)::text,
                                                        trim_scale(gross)::text, credits) ORDER BY year)
                       FROM target_ceiling WHERE target_id = of_target.id))
$function$;
