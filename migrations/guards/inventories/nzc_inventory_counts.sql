-- Whether an inventory counts: it was handed in, and no later version that is verified has taken its place.
--
-- Called by nzc_meter_days_count_once, nzc_meter_placed.

CREATE OR REPLACE FUNCTION public.nzc_inventory_counts(inventory inventory)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT $1.submitted_position IS NOT NULL
       AND NOT EXISTS (SELECT FROM inventory AS later
                        WHERE later.series_id = $1.series_id AND later.version > $1.version
                          AND later.verified_position IS NOT NULL)
$function$;
