-- After nzc_posted, which asks whether this very transaction appended the entries: triggers fire in
-- the order of their names.
--
-- Fires AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT.

CREATE OR REPLACE FUNCTION public.nzc_said()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE first bigint; last bigint;
BEGIN
    SELECT min(position), max(position) INTO first, last FROM added;
    IF first IS NOT NULL THEN
        PERFORM nzc_check_said(first, last);
    END IF;
    RETURN NULL;
END $function$;
