-- What is certainly at one site is recorded before the site is: by code, by the same coordinates,
-- by the same address (a key that ends with a colon is a locality). How near is near, a setting
-- says, which the database does not know. A site is of a project or a pilot.
--
-- Fires AFTER INSERT ON site REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: same_site_is_recorded, site_is_of_something.

CREATE OR REPLACE FUNCTION public.nzc_site_compared()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT a.position INTO wrong
      FROM added AS a
     CROSS JOIN LATERAL (
            SELECT subject_id FROM site WHERE code_key = a.code_key
            UNION SELECT subject_id FROM site WHERE latitude = a.latitude AND longitude = a.longitude
            UNION SELECT subject_id FROM site
                   WHERE key = a.key AND a.key NOT LIKE '%:' AND coalesce(district = a.district, true)
           ) AS other
     WHERE other.subject_id <> a.subject_id
       AND NOT EXISTS (SELECT FROM same_site AS s
                        WHERE s.subject_id = greatest(a.subject_id, other.subject_id)
                          AND s.other_id = least(a.subject_id, other.subject_id)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('same_site_is_recorded', format('position %s', wrong));
    END IF;
    SELECT a.position INTO wrong
      FROM added AS a
     WHERE NOT EXISTS (SELECT FROM project WHERE id = a.subject_id)
       AND NOT EXISTS (SELECT FROM pilot WHERE id = a.subject_id) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('site_is_of_something', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
