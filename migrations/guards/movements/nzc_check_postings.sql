-- All checks at once, of the positions from the first to the last, for whoever asks of a whole
-- history.
--
-- Called by no other function.

CREATE OR REPLACE FUNCTION public.nzc_check_postings(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_check_lots(first, last);
    PERFORM nzc_check_tiling(first, last);
    PERFORM nzc_check_movements(first, last);
    PERFORM nzc_check_issuances(first, last);
    PERFORM nzc_check_doubles(first, last);
END $function$;
