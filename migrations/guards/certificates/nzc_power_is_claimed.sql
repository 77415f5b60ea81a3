-- Whether an inventory that was handed in claims, by certificates, power of a project's plant on a
-- day of which reductions are in force: of one inventory, or one batch.
--
-- Called by nzc_certified_power_is_not_credited, nzc_credited_power_is_not_certified.

CREATE OR REPLACE FUNCTION public.nzc_power_is_claimed(of_inventory bigint, of_batch bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT EXISTS (
        SELECT FROM public.line_certificate AS c
          JOIN public.inventory AS i ON i.id = c.inventory_id AND i.submitted_position IS NOT NULL
          JOIN public.site AS s ON s.code_key = c.plant_key
          JOIN public.credit_batch AS b ON b.project_id = s.subject_id AND b.withdrawn_position IS NULL
           AND daterange(b.produced_from, b.produced_to, '[]') && daterange(c.produced_from, c.produced_to, '[]')
         WHERE (of_inventory IS NULL OR c.inventory_id = of_inventory) AND (of_batch IS NULL OR b.id = of_batch))
$function$;
