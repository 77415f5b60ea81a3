-- What is answered again to an idempotency key is no entry that the log does not have yet, and says
-- as of which position it was decided.
--
-- Fires AFTER INSERT ON outcome REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: outcome_is_logged, outcome_says_as_of.

CREATE OR REPLACE FUNCTION public.nzc_outcome_is_logged()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE unknown bigint;
BEGIN
    SELECT max(greatest(position, as_of)) INTO unknown FROM added;
    IF unknown > (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('outcome_is_logged', format('position %s', unknown));
    END IF;
    IF EXISTS (SELECT FROM added WHERE as_of IS NULL) THEN
        PERFORM nzc_refuse('outcome_says_as_of', (SELECT min(key) FROM added WHERE as_of IS NULL));
    END IF;
    RETURN NULL;
END $function$;
