-- What the log says of a measure: all but texts. Numbers are texts, so that they stay exact.
--
-- Called by nzc_measure_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_measure_said(of_measure measure)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object(
        'pilot', of_measure.pilot_id, 'technology', of_measure.technology,
        'catalogue', of_measure.catalogue, 'route', of_measure.route, 'stage', of_measure.stage,
        'capex', trim_scale(of_measure.capex)::text,
        'opex_change', trim_scale(of_measure.opex_change)::text,
        'life_years', of_measure.life_years, 'starts_on', of_measure.starts_on,
        'expected', trim_scale(of_measure.expected)::text,
        'savings', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                 carrier, trim_scale(quantity)::text, unit, trim_scale(price)::text)
                                 ORDER BY carrier COLLATE "C")
                               FROM measure_saving WHERE measure_id = of_measure.id), '[]'),
        'excludes', coalesce((SELECT jsonb_agg(other_id ORDER BY other_id)
                                FROM measure_exclusion WHERE measure_id = of_measure.id), '[]'))
$function$;
