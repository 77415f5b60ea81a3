-- What had been issued at two sites is suspected when they are found to be one, at that commit: of
-- each batch, the later of two, the hundred oldest at once (the rule's bound, `MOST_DOUBLES`). A
-- locality is enough only where the programmes differ. (What is issued later,
-- `nzc_check_doubles` compares.)
--
-- Fires AFTER INSERT ON same_site DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: same_site_is_compared, issued_at_one_site_is_suspected.

CREATE OR REPLACE FUNCTION public.nzc_found_at_one_site()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    IF NOT NEW.compared THEN
        PERFORM nzc_refuse('same_site_is_compared', format('position %s', NEW.position));
    END IF;
    SELECT pair.batch_id INTO wrong
      FROM (SELECT greatest(one.id, other.id) AS batch_id, least(one.id, other.id) AS other_id
              FROM credit_batch AS one
              JOIN credit_batch AS other
                ON other.produced_from <= one.produced_to AND one.produced_from <= other.produced_to
               AND (NEW."by" <> 'LOCALITY' OR one.programme <> other.programme)
             WHERE (one.project_id, other.project_id) = (NEW.subject_id, NEW.other_id)
               AND one.id < NEW.position AND coalesce(one.withdrawn_position > NEW.position, true)
               AND other.id < NEW.position AND coalesce(other.withdrawn_position > NEW.position, true)) AS pair
     WHERE NOT EXISTS (SELECT FROM double_issuance AS d
                        WHERE (d.batch_id, d.other_id) = (pair.batch_id, pair.other_id))
       AND (SELECT count(*) FROM double_issuance AS d
             WHERE d.batch_id = pair.batch_id AND d.other_id < pair.other_id
               AND d.position = NEW.position) < 100 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issued_at_one_site_is_suspected', format('batch %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
