-- Two persons order (decision 47): a proposal ends once, in time, by a key of its programme's registry. What
-- approves it is another key than proposed it, whose key is still in force, and comes in one commit with the
-- correction or the invalidation that was proposed, and with nothing else.
--
-- Fires AFTER INSERT ON proposal_end DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: proposal_ends_in_time, proposal_ended_by_its_registry, withdrawal_is_logged,
--   approved_by_another_key, proposer_key_is_in_force, approval_does_what_was_proposed.

CREATE OR REPLACE FUNCTION public.nzc_proposal_ended()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE asked public.proposal; proposed public.log_entry; entry public.log_entry;
BEGIN
    SELECT * INTO asked FROM proposal WHERE id = NEW.proposal_id;
    SELECT * INTO proposed FROM log_entry WHERE position = NEW.proposal_id;
    SELECT * INTO entry FROM log_entry WHERE position = NEW.position;
    IF (entry.at < asked.expires_at) IS NOT TRUE THEN
        PERFORM nzc_refuse('proposal_ends_in_time', format('proposal %s', asked.id));
    END IF;
    IF NOT nzc_key_of_registry(entry.api_key_id, entry.organisation_id, asked.programme) THEN
        PERFORM nzc_refuse('proposal_ended_by_its_registry', format('proposal %s', asked.id));
    END IF;
    IF NEW.outcome = 'WITHDRAWN' THEN
        IF (entry.kind, entry.subject_id) IS DISTINCT FROM ('PROPOSAL_WITHDRAWN', asked.id) THEN
            PERFORM nzc_refuse('withdrawal_is_logged', format('proposal %s', asked.id));
        END IF;
        RETURN NULL;
    END IF;
    IF entry.api_key_id = proposed.api_key_id THEN
        PERFORM nzc_refuse('approved_by_another_key', format('proposal %s', asked.id));
    END IF;
    IF EXISTS (SELECT FROM api_key WHERE id = proposed.api_key_id AND revoked_position IS NOT NULL) THEN
        PERFORM nzc_refuse('proposer_key_is_in_force', format('proposal %s', asked.id));
    END IF;
    -- The entry says how many tonnes moved (`posting_is_as_logged`), so none beside those that are meant.
    IF (entry.kind = proposed.body ->> 'order'
        AND (entry.body ->> 'proposal')::bigint = asked.id
        AND (entry.body ->> 'quantity')::bigint = asked.quantity
        AND CASE
            WHEN asked.posting_id IS NOT NULL THEN
                entry.kind = 'POSTING_CORRECTED' AND EXISTS (
                SELECT FROM correction AS c
                 WHERE (c.posting_id, c.position) = (asked.posting_id, entry.position))
            WHEN asked.lo IS NULL THEN
                entry.kind = 'BATCH_INVALIDATED' AND EXISTS (
                SELECT FROM batch_fact AS f
                 WHERE (f.position, f.batch_id, f.kind) = (entry.position, asked.batch_id, 'INVALIDATE'))
            ELSE entry.kind = 'CREDITS_INVALIDATED' AND asked.quantity = (
                SELECT sum(m.hi - m.lo) FROM movement AS m
                 WHERE m.position = entry.position AND m.batch_id + 0 = asked.batch_id
                   AND asked.lo <= m.lo AND m.hi <= asked.hi)
            END) IS NOT TRUE THEN
        PERFORM nzc_refuse('approval_does_what_was_proposed', format('proposal %s', asked.id));
    END IF;
    RETURN NULL;
END $function$;
