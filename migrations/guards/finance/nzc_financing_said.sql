-- All that the log says of a financing: not who lends, nor what another product is called.
--
-- Called by nzc_financing_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_financing_said(of_financing financing)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object(
        'pilot', of_financing.pilot_id, 'product', of_financing.product,
        'amount', trim_scale(of_financing.amount)::text,
        'starts_on', of_financing.starts_on, 'ends_on', of_financing.ends_on,
        'allocations', coalesce((SELECT jsonb_agg(jsonb_build_array(measure_id, trim_scale(amount)::text)
                                                  ORDER BY measure_id)
                                   FROM financing_allocation WHERE financing_id = of_financing.id), '[]'),
        'pledges', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                        measure_id, trim_scale(share)::text, starts_on, ends_on)
                                        ORDER BY number)
                               FROM financing_pledge WHERE financing_id = of_financing.id), '[]'))
$function$;
