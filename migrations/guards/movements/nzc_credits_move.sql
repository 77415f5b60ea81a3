-- What says that credits moved is written with their movements, which are judged by it. The column
-- that holds its position is given. Deferred to the commit, for the movements come after it. (Of
-- corrections, some of which move nothing, nzc_correction_is_of_posting asks.)
--
-- Fires AFTER INSERT ON request_end ('position'), request_part ('position'), retirement_request
--   ('id') DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: credits_move.

CREATE OR REPLACE FUNCTION public.nzc_credits_move()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE happened bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF NOT EXISTS (SELECT FROM movement WHERE position = happened) THEN
        PERFORM nzc_refuse('credits_move', format('%s of %s', happened, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $function$;
