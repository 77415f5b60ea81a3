-- A block says how the days of its production are known, and shares no serial with another of its
-- registry whose prefix is the same however it is written. What is withdrawn may be issued again.
--
-- Fires AFTER INSERT ON credit_batch REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: production_basis_is_known, issued_once_however_written.

CREATE OR REPLACE FUNCTION public.nzc_issued_alike()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT id INTO wrong FROM added WHERE production_basis IS NULL LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('production_basis_is_known', format('position %s', wrong));
    END IF;
    -- A block meets the one that starts last at or before it, or one that starts within it.
    SELECT a.id INTO wrong
      FROM added AS a
     CROSS JOIN LATERAL (
            (SELECT b.id, b.hi FROM credit_batch AS b
              WHERE (b.registry, b.prefix_key) = (a.registry, a.prefix_key)
                AND b.lo <= a.lo AND b.id <> a.id
                AND b.withdrawn_position IS NULL
              ORDER BY b.lo DESC LIMIT 1)
            UNION ALL
            (SELECT b.id, b.hi FROM credit_batch AS b
              WHERE (b.registry, b.prefix_key) = (a.registry, a.prefix_key)
                AND b.lo > a.lo AND b.lo < a.hi
                AND b.withdrawn_position IS NULL
              ORDER BY b.lo LIMIT 1)) AS other
     WHERE other.hi > a.lo LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issued_once_however_written', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
