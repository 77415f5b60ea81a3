-- One activity and day is issued in one form, and once (rule 2): batches of one site that share a
-- day are recorded as a suspicion, and nothing else is. Two blocks of one project and programme are
-- parts of one issuance where both say so. Of two projects that have no more than their locality in
-- common, only the batches of two programmes are suspected. Of one batch the oldest are recorded,
-- up to the rule's bound (`MOST_DOUBLES`). What was issued before there was this guard was not
-- `compared`; from then on everything is. What is withdrawn doubles nothing.
--
-- Called by nzc_check_postings, nzc_posted.
-- Refuses: issued_in_one_form, batch_is_compared, issuance_has_its_parts,
--   double_issuance_is_recorded.

CREATE OR REPLACE FUNCTION public.nzc_check_doubles(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    SELECT b.id INTO wrong
      FROM credit_batch AS b
      JOIN credit_batch AS other
        ON other.project_id = b.project_id AND other.id < b.id AND other.programme = b.programme
       AND other.by_certificate <> b.by_certificate AND other.withdrawn_position IS NULL
       AND other.produced_from <= b.produced_to AND b.produced_from <= other.produced_to
     WHERE b.id BETWEEN first AND last LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issued_in_one_form', format('position %s', wrong));
    END IF;

    SELECT id INTO wrong FROM credit_batch WHERE id BETWEEN first AND last AND NOT compared LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('batch_is_compared', format('position %s', wrong));
    END IF;

    SELECT max(part.id) INTO wrong
      FROM (SELECT DISTINCT programme, issuance_key FROM credit_batch
             WHERE id BETWEEN first AND last AND issuance IS NOT NULL) AS issued
      JOIN credit_batch AS part USING (programme, issuance_key)
     WHERE part.withdrawn_position IS NULL
     GROUP BY programme, issuance_key
    HAVING sum(part.quantity) > min(part.issuance_quantity)
        OR count(DISTINCT (part.project_id, part.reductions_registered_on, part.issuance_quantity)) > 1 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issuance_has_its_parts', format('position %s', wrong));
    END IF;

    -- All that is alike has the same doubles, apart from those that came after it, and from what is withdrawn.
    WITH alike AS (
        SELECT project_id, programme, issuance_key, produced_from, produced_to,
               max(id) AS latest, array_agg(id) AS ids
          FROM credit_batch WHERE id BETWEEN first AND last
         GROUP BY project_id, programme, issuance_key, produced_from, produced_to
    ), pair AS (
        SELECT b.id AS batch_id, other.id AS other_id
          FROM alike
         CROSS JOIN LATERAL (
                SELECT found.id
                  FROM (SELECT alike.project_id, true AS near
                        UNION ALL
                        SELECT beside.project_id, bool_or(beside.near)
                          FROM (SELECT s.other_id, s.by <> 'LOCALITY' FROM same_site AS s
                                 WHERE s.subject_id = alike.project_id
                                UNION ALL
                                SELECT s.subject_id, s.by <> 'LOCALITY' FROM same_site AS s
                                 WHERE s.other_id = alike.project_id) AS beside (project_id, near)
                         GROUP BY beside.project_id) AS here
                 CROSS JOIN LATERAL (
                        SELECT c.id FROM credit_batch AS c
                         WHERE c.project_id = here.project_id AND c.id < alike.latest
                           AND c.withdrawn_position IS NULL
                           AND (here.near OR c.programme <> alike.programme)
                           AND (c.programme = alike.programme AND c.issuance_key = alike.issuance_key) IS NOT TRUE
                           AND c.produced_from <= alike.produced_to AND alike.produced_from <= c.produced_to
                         ORDER BY c.id LIMIT 100) AS found
                 ORDER BY found.id LIMIT 100) AS other
         CROSS JOIN LATERAL unnest(alike.ids) AS b (id)
         WHERE other.id < b.id
    ), recorded AS (
        SELECT batch_id, other_id FROM double_issuance WHERE batch_id BETWEEN first AND last
    )
    SELECT batch_id INTO wrong
      FROM pair FULL JOIN recorded USING (batch_id, other_id)
     WHERE pair.other_id IS NULL OR recorded.other_id IS NULL LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('double_issuance_is_recorded', format('position %s', wrong));
    END IF;
END $function$;
