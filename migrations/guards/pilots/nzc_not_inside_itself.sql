-- No pilot lies in itself, by however many others: a ring would have no outermost boundary. Latest
-- placements count.
--
-- Fires AFTER INSERT ON pilot_placement REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: pilot_not_inside_itself.

CREATE OR REPLACE FUNCTION public.nzc_not_inside_itself()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    -- Each pair is found once, so that a ring ends the walk too.
    WITH RECURSIVE inside (pilot_id, outer_id) AS (
        SELECT pilot_id, pilot_id FROM added
        UNION
        SELECT inside.pilot_id, latest.surrounding_id
          FROM inside
         CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement
                              WHERE pilot_placement.pilot_id = inside.outer_id
                              ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL
    )
    SELECT inside.pilot_id INTO wrong
      FROM inside
     CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement
                          WHERE pilot_placement.pilot_id = inside.outer_id
                          ORDER BY position DESC LIMIT 1) AS latest
     WHERE latest.surrounding_id = inside.pilot_id LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('pilot_not_inside_itself', format('pilot %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
