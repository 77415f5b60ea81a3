-- A meter itself and those that it is inside of, now. Each is found once, so that a ring ends the walk.
--
-- Called by nzc_meter_days_count_once, nzc_meter_placed.

CREATE OR REPLACE FUNCTION public.nzc_meters_around(meter bigint)
 RETURNS SETOF bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    WITH RECURSIVE around (meter_id) AS (
        SELECT $1
        UNION
        SELECT latest.parent_id
          FROM around
         CROSS JOIN LATERAL (SELECT parent_id FROM meter_placement AS p
                              WHERE p.meter_id = around.meter_id ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.parent_id IS NOT NULL
    )
    SELECT meter_id FROM around
$function$;
