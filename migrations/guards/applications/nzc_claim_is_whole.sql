-- Something is claimed while the applicant writes, of the application's own kind; what was judged does
-- not change beneath the judgement. Asked at the commit of a claim and of each of its documents.
--
-- Fires AFTER INSERT ON claim_document ('claim_id'), criterion_claim ('id') DEFERRABLE INITIALLY
--   DEFERRED FOR EACH ROW.
-- Refuses: claimed_while_open, claim_is_of_its_kind, claim_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_claim_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE it criterion_claim;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM criterion_claim WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF nzc_application_state(it.application_id, it.id) NOT IN ('OPEN', 'RETURNED') THEN
        PERFORM nzc_refuse('claimed_while_open', format('claim %s', it.id));
    END IF;
    IF NOT nzc_criterion_is_of(it.criterion, it.application_id) THEN
        PERFORM nzc_refuse('claim_is_of_its_kind', format('claim %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.application_id
                      AND kind = 'CRITERION_CLAIMED'
                      AND body = jsonb_build_object(
                          'criterion', it.criterion,
                          'documents', coalesce((SELECT jsonb_agg(sha256 ORDER BY number)
                                                   FROM claim_document WHERE claim_id = it.id), '[]'))) THEN
        PERFORM nzc_refuse('claim_is_as_logged', format('claim %s', it.id));
    END IF;
    RETURN NULL;
END $function$;
