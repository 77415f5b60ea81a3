-- The first lock of whatever writes. Under it nothing that a guard reads can change, and a session
-- whose snapshot is older than the last commit is told so by PostgreSQL instead of being judged by
-- what it sees.
--
-- Called by many.

CREATE OR REPLACE FUNCTION public.nzc_lock_head()
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM FROM public.log_head FOR UPDATE;
END $function$;
