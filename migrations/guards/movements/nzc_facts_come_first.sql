-- What postings are judged by is written before they are: else they were judged without it. The
-- column that holds its position is given.
--
-- Fires AFTER INSERT ON batch_fact ('position'), correction ('position'), double_issuance
--   ('position'), double_issuance_resolution ('position'), pilot_overlap ('position'),
--   pilot_placement ('position'), project_placement ('position'), request_end ('position'),
--   request_part ('position'), retirement_request ('id'), same_site ('position'),
--   same_site_resolution ('position') REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: facts_come_first.

CREATE OR REPLACE FUNCTION public.nzc_facts_come_first()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE earliest bigint;
BEGIN
    SELECT min((to_jsonb(added) ->> TG_ARGV[0])::bigint) INTO earliest FROM added;
    IF EXISTS (SELECT FROM movement WHERE position >= earliest) THEN
        PERFORM nzc_refuse('facts_come_first', format('%s of %s', earliest, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $function$;
