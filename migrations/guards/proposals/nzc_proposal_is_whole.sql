-- A proposal is what its entry of the log says, for a time to come, on grounds, and by a key of its programme's
-- registry: who approves it later reads the entry, and what is carried out is compared with the proposal.
--
-- Fires AFTER INSERT ON proposal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: proposal_is_as_logged, proposed_by_its_registry.

CREATE OR REPLACE FUNCTION public.nzc_proposal_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE entry public.log_entry;
BEGIN
    SELECT * INTO entry FROM log_entry WHERE position = NEW.id;
    IF (entry.kind = 'ORDER_PROPOSED' AND entry.at < NEW.expires_at
        AND entry.body @> jsonb_build_object(
            'programme', NEW.programme, 'quantity', NEW.quantity, 'corrects', NEW.posting_id,
            'batch', NEW.batch_id, 'lo', NEW.lo, 'hi', NEW.hi)
        AND (entry.body ->> 'expires_at')::timestamptz = NEW.expires_at
        AND EXISTS (SELECT FROM grounds WHERE position = NEW.id)) IS NOT TRUE THEN
        PERFORM nzc_refuse('proposal_is_as_logged', format('proposal %s', NEW.id));
    END IF;
    IF NOT nzc_key_of_registry(entry.api_key_id, entry.organisation_id, NEW.programme) THEN
        PERFORM nzc_refuse('proposed_by_its_registry', format('proposal %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
