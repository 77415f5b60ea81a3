-- How every guard refuses: an integrity constraint violation (SQLSTATE 23000) that names the guard
-- as its constraint, so that whoever catches it knows which one it was. The detail says which row.
--
-- Called by many.

CREATE OR REPLACE FUNCTION public.nzc_refuse(guard text, detail text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    RAISE EXCEPTION '%: %', guard, detail USING ERRCODE = '23000', CONSTRAINT = guard;
END $function$;
