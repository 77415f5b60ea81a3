-- A suspicion keeps batches from being used, so it rests on something, whenever it came up: two
-- batches that stand, a day of both, and one project, or two that were found at one site by then.
-- (Whether a part of an issuance is suspected, `nzc_check_doubles` asks, as it is issued.)
--
-- Fires AFTER INSERT ON double_issuance DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: suspicion_is_warranted.

CREATE OR REPLACE FUNCTION public.nzc_suspicion_is_warranted()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (
        SELECT FROM credit_batch AS b
          JOIN credit_batch AS other
            ON other.produced_from <= b.produced_to AND b.produced_from <= other.produced_to
         WHERE (b.id, other.id) = (NEW.batch_id, NEW.other_id)
           AND coalesce(b.withdrawn_position > NEW.position, true)
           AND coalesce(other.withdrawn_position > NEW.position, true)
           AND (b.project_id = other.project_id
                OR EXISTS (SELECT FROM same_site AS s
                            WHERE s.subject_id = greatest(b.project_id, other.project_id)
                              AND s.other_id = least(b.project_id, other.project_id)
                              AND s.position <= NEW.position
                              AND (s.by <> 'LOCALITY' OR b.programme <> other.programme)))) THEN
        PERFORM nzc_refuse('suspicion_is_warranted', format('batches %s and %s', NEW.batch_id, NEW.other_id));
    END IF;
    RETURN NULL;
END $function$;
