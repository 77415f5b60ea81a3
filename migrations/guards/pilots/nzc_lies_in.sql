-- Whether a pilot lies in another, or is it, by the placements before a position.
--
-- Called by nzc_check_movements, nzc_evaluation_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_lies_in(inner_id bigint, outer_id bigint, before bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    WITH RECURSIVE around (pilot_id) AS (
        SELECT inner_id
        UNION
        SELECT latest.surrounding_id
          FROM around
         CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement
                              WHERE pilot_placement.pilot_id = around.pilot_id
                                AND pilot_placement.position < before
                              ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL
    )
    SELECT EXISTS (SELECT FROM around WHERE pilot_id = outer_id)
$function$;
