-- Whether credits may move as they did, for the positions from the first to the last. Beside a
-- position no other condition may lead the search (`+ 0`): an index on a batch or an account would
-- lead through everything that ever happened to it. Some conditions need more to be said of them:
--
-- * batch_is_not_doubled is asked only of credits that come to serve somebody (`OFFSET 0`), and of
--   each half of a suspicion by its own index. A suspicion judges what is posted after it, not what
--   came before it in the same transaction.
-- * own_sink_is_own: a sink is given back to a pilot that it lies in, for a period of that pilot
--   that has some of the days in which it grew.
-- * credit_from_outside_boundary: a project that lies in the pilot, or is at the site of a pilot
--   that it may be in, as long as that was not found distinct; or in one that lies in it, or shares
--   ground with it. Sources are those of few projects; each holds for what is posted after it, and
--   up to what ends it.
--
-- Called by nzc_check_postings, nzc_posted.
-- Refuses: movement_joins_accounts, request_sets_aside, request_part_leaves_some,
--   request_ends_whole, correction_reverses_posting, batch_is_free, batch_is_not_doubled,
--   own_sink_is_own, credit_from_outside_boundary.

CREATE OR REPLACE FUNCTION public.nzc_check_movements(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_check_moved(first, last);
    PERFORM nzc_check_issuances(first, last);

    -- Where serials may go from where they are. What was asked for goes where it was asked for, or
    -- back, when its request ends. Nothing leaves a retirement or another use but by invalidation, or
    -- by a correction. A block goes back to its registry whole, and what was invalidated to its holder,
    -- by a correction only. (Whether request and correction are in order is asked further below.)
    SELECT m.position INTO wrong
      FROM movement AS m
      LEFT JOIN credit_batch AS b ON b.id = m.batch_id
      LEFT JOIN account AS debit ON debit.id = m.debit_id
      LEFT JOIN account AS credit ON credit.id = m.credit_id
     WHERE m.position BETWEEN first AND last
       AND (b.id IS NULL OR debit.id IS NULL OR credit.id IS NULL
            OR coalesce(debit.programme, b.programme) <> b.programme
            OR coalesce(credit.programme, b.programme) <> b.programme
            OR NOT CASE debit.kind
               WHEN 'ISSUANCE' THEN m.batch_id = m.position AND credit.kind = 'HOLDING'
               WHEN 'HOLDING' THEN
                    credit.kind IN ('HOLDING', 'RETIREMENT', 'INVALIDATED')
                    OR credit.kind = 'ISSUANCE' AND EXISTS (
                       SELECT FROM correction AS c
                        WHERE c.position = m.position AND c.posting_id = m.batch_id)
                    OR credit.organisation_id = debit.organisation_id
                       AND (credit.kind IN ('OTHER_USE', 'FROZEN')
                            OR credit.kind = 'PENDING' AND EXISTS (
                               SELECT FROM retirement_request AS r WHERE r.id = m.position))
               WHEN 'PENDING' THEN EXISTS (
                    SELECT FROM (SELECT position, outcome FROM request_end UNION ALL SELECT position, 'CONFIRMED' FROM request_part) AS e
                     WHERE e.position = m.position
                       AND CASE e.outcome
                           WHEN 'CONFIRMED' THEN
                                credit.kind = 'RETIREMENT'
                                AND (credit.pilot_id, credit.period_id)
                                    = (debit.pilot_id, debit.period_id)
                           ELSE credit.kind = 'HOLDING'
                                AND credit.organisation_id = debit.organisation_id
                           END)
               WHEN 'FROZEN' THEN
                    credit.kind = 'INVALIDATED'
                    OR credit.kind = 'HOLDING' AND credit.organisation_id = debit.organisation_id
               WHEN 'INVALIDATED' THEN
                    credit.kind IN ('HOLDING', 'FROZEN') AND EXISTS (
                       SELECT FROM correction AS c WHERE c.position = m.position)
               ELSE credit.kind = 'INVALIDATED'
                    OR credit.kind = 'HOLDING' AND EXISTS (
                       SELECT FROM correction AS c WHERE c.position = m.position)
               END) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('movement_joins_accounts', format('position %s', wrong));
    END IF;

    -- A request sets credits aside for one pilot's period, until a time to come, and does nothing else.
    SELECT r.id INTO wrong
      FROM retirement_request AS r
      JOIN log_entry AS entry ON entry.position = r.id
     WHERE r.id BETWEEN first AND last
       AND (r.expires_at <= entry.at
            OR (SELECT count(DISTINCT m.credit_id) FROM movement AS m WHERE m.position = r.id) <> 1
            OR EXISTS (SELECT FROM movement AS m JOIN account AS credit ON credit.id = m.credit_id
                        WHERE m.position = r.id AND credit.kind <> 'PENDING')) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('request_sets_aside', format('position %s', wrong));
    END IF;

    -- A part of it takes only what it set aside, and leaves some: the last is its end.
    SELECT p.position INTO wrong
      FROM request_part AS p
     WHERE p.position BETWEEN first AND last
       AND ((SELECT sum(m.hi - m.lo) FROM movement AS m WHERE m.position = p.request_id)
            <= (SELECT sum(m.hi - m.lo)
                  FROM request_part AS other JOIN movement AS m ON m.position = other.position
                 WHERE other.request_id = p.request_id AND other.position <= p.position)
            OR EXISTS (SELECT FROM lot_spent AS spent
                         JOIN lot AS l
                           ON l.position = spent.lot_position AND l.piece = spent.lot_piece
                        WHERE spent.position = p.position AND l.since <> p.request_id)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('request_part_leaves_some', format('position %s', wrong));
    END IF;

    -- It ends for all that it set aside, and for nothing else; a request expires when its time is over.
    SELECT e.position INTO wrong
      FROM request_end AS e
      JOIN retirement_request AS r ON r.id = e.request_id
      JOIN log_entry AS entry ON entry.position = e.position
     WHERE e.position BETWEEN first AND last
       AND (e.outcome = 'EXPIRED' AND entry.at < r.expires_at
            OR (SELECT sum(m.hi - m.lo) FROM movement AS m WHERE m.position = e.position)
               IS DISTINCT FROM
               (SELECT sum(m.hi - m.lo) FROM movement AS m WHERE m.position = e.request_id)
               - coalesce((SELECT sum(m.hi - m.lo)
                             FROM request_part AS p JOIN movement AS m ON m.position = p.position
                            WHERE p.request_id = e.request_id), 0)
            OR EXISTS (SELECT FROM lot_spent AS spent
                         JOIN lot AS l
                           ON l.position = spent.lot_position AND l.piece = spent.lot_piece
                        WHERE spent.position = e.position AND l.since <> e.request_id)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('request_ends_whole', format('position %s', wrong));
    END IF;

    -- A correction takes a retirement, another use, a transfer, an issuance or an invalidation of what was
    -- held back: whole, each tonne to whom it came from, and none that has moved since (what was issued is held by whom
    -- it was issued to). Corrections are not corrected.
    SELECT c.position INTO wrong
      FROM correction AS c
     WHERE c.position BETWEEN first AND last
       AND (EXISTS (SELECT FROM correction AS earlier WHERE earlier.position = c.posting_id)
            OR EXISTS (SELECT FROM movement AS before
                         JOIN account AS debit ON debit.id = before.debit_id
                         JOIN account AS credit ON credit.id = before.credit_id
                        WHERE before.position = c.posting_id
                          AND credit.kind NOT IN ('RETIREMENT', 'OTHER_USE')
                          AND (debit.kind, credit.kind) NOT IN (
                              ('HOLDING', 'HOLDING'), ('ISSUANCE', 'HOLDING'),
                              ('HOLDING', 'INVALIDATED'), ('FROZEN', 'INVALIDATED')))
            OR EXISTS (SELECT FROM lot_spent AS spent
                         JOIN lot AS l
                           ON l.position = spent.lot_position AND l.piece = spent.lot_piece
                        WHERE spent.position = c.position AND l.since <> c.posting_id
                          AND l.batch_id <> c.posting_id)
            OR (SELECT sum(m.hi - m.lo) FROM movement AS m WHERE m.position = c.posting_id)
               IS DISTINCT FROM
               (SELECT sum(least(back.hi, before.hi) - greatest(back.lo, before.lo))
                  FROM movement AS before
                  JOIN account AS origin ON origin.id = before.debit_id
                  JOIN movement AS back
                    ON back.position = c.position AND back.batch_id + 0 = before.batch_id
                   AND back.debit_id + 0 = before.credit_id
                   AND back.lo < before.hi AND before.lo < back.hi
                  JOIN account AS credit ON credit.id = back.credit_id + 0
                 WHERE before.position = c.posting_id
                   AND (credit.id = origin.id
                        OR origin.kind = 'PENDING' AND credit.kind = 'HOLDING'
                           AND credit.organisation_id = origin.organisation_id))) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('correction_reverses_posting', format('position %s', wrong));
    END IF;

    -- What an order holds back stays: of a batch that is frozen or invalidated as a whole, only what
    -- was set aside goes back to its holder, and what is frozen may still be invalidated. What was
    -- exported serves no pilot (rule 10), and is not taken back by its registry. An order that was corrected holds nothing back any more.
    SELECT m.position INTO wrong
      FROM movement AS m
      JOIN batch_fact AS f ON f.batch_id = m.batch_id + 0 AND f.position <= m.position
      JOIN account AS debit ON debit.id = m.debit_id
      JOIN account AS credit ON credit.id = m.credit_id + 0
     WHERE m.position BETWEEN first AND last
       AND NOT EXISTS (SELECT FROM correction AS c
                        WHERE c.posting_id = f.position AND c.position < m.position)
       AND CASE f.kind
           WHEN 'EXPORT' THEN
                credit.kind IN ('PENDING', 'RETIREMENT', 'ISSUANCE') OR credit.purpose = 'OWN_SINK'
           WHEN 'INVALIDATE' THEN
                NOT (debit.kind IN ('PENDING', 'FROZEN') AND credit.kind = 'HOLDING')
           WHEN 'FREEZE' THEN
                credit.kind <> 'INVALIDATED'
                AND NOT (debit.kind IN ('PENDING', 'FROZEN') AND credit.kind = 'HOLDING')
                AND NOT EXISTS (SELECT FROM batch_fact AS thaw
                                 WHERE thaw.batch_id = f.batch_id AND thaw.kind = 'UNFREEZE'
                                   AND thaw.position BETWEEN f.position AND m.position)
           ELSE false END LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('batch_is_free', format('position %s', wrong));
    END IF;

    -- What may be one reduction issued twice serves nobody until that is resolved (rule 2), or one of the
    -- two issuances is withdrawn. (Which is asked of doubles alone: joined, all batches would be read for each.)
    SELECT m.position INTO wrong
      FROM (SELECT moved.position, moved.batch_id
              FROM movement AS moved
              JOIN account AS credit ON credit.id = moved.credit_id
               AND credit.kind IN ('PENDING', 'RETIREMENT', 'OTHER_USE')
             WHERE moved.position BETWEEN first AND last OFFSET 0) AS m
     WHERE EXISTS (SELECT FROM double_issuance AS d
                     LEFT JOIN double_issuance_resolution AS r
                       ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id)
                      AND r.position < m.position
                    WHERE d.batch_id = m.batch_id AND d.position < m.position AND r.finding IS DISTINCT FROM 'DISTINCT'
                      AND (SELECT withdrawn_position FROM credit_batch WHERE id = d.other_id) IS NULL)
        OR EXISTS (SELECT FROM double_issuance AS d
                     LEFT JOIN double_issuance_resolution AS r
                       ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id)
                      AND r.position < m.position
                    WHERE d.other_id = m.batch_id AND d.position < m.position AND r.finding IS NULL
                      AND (SELECT withdrawn_position FROM credit_batch WHERE id = d.batch_id) IS NULL) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('batch_is_not_doubled', format('position %s', wrong));
    END IF;

    -- A sink gets back only what forestry inside a pilot gave up (rule 6).
    SELECT m.position INTO wrong
      FROM movement AS m
      JOIN account AS credit ON credit.id = m.credit_id + 0 AND credit.purpose = 'OWN_SINK'
      JOIN credit_batch AS b ON b.id = m.batch_id + 0
      JOIN project AS p ON p.id = b.project_id
     WHERE m.position BETWEEN first AND last AND (p.forestry AND nzc_lies_in(nzc_pilot_of_project(p.id, m.position), credit.pilot_id, m.position)
            AND EXISTS (SELECT FROM accounting_period AS a
                         WHERE a.id = credit.period_id AND a.pilot_id = credit.pilot_id
                           AND a.starts_on <= b.produced_to AND b.produced_from <= a.ends_on))
           IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('own_sink_is_own', format('position %s', wrong));
    END IF;

    -- Reductions produced inside a pilot's boundary never offset it (rule 5). Most projects lie nowhere near one.
    IF EXISTS (SELECT FROM (SELECT DISTINCT b.project_id + 0 AS id
                              FROM (SELECT batch_id FROM movement WHERE position BETWEEN first AND last OFFSET 0) AS m
                              JOIN credit_batch AS b ON b.id = m.batch_id OFFSET 0) AS of
                WHERE EXISTS (SELECT FROM project AS p WHERE p.id = of.id AND p.pilot_id IS NOT NULL)
                   OR EXISTS (SELECT FROM project_placement AS p WHERE p.project_id = of.id)
                   OR EXISTS (SELECT FROM same_site AS s WHERE s.subject_id = of.id)
                   OR EXISTS (SELECT FROM same_site AS s WHERE s.other_id = of.id)) THEN
        WITH RECURSIVE moved AS MATERIALIZED (
            SELECT m.position, credit.pilot_id, b.project_id
              FROM movement AS m
              JOIN credit_batch AS b ON b.id = m.batch_id
              JOIN account AS credit ON credit.id = m.credit_id
               AND credit.kind IN ('PENDING', 'RETIREMENT')
             WHERE m.position BETWEEN first AND last
        ), source AS (
            SELECT of.project_id, lies.pilot_id, lies.since, lies.until
              FROM (SELECT DISTINCT project_id FROM moved) AS of
             CROSS JOIN LATERAL (
                    SELECT placed.pilot_id, placed.position AS since,
                           lead(placed.position) OVER (ORDER BY placed.position) AS until
                      FROM (SELECT 0::bigint AS position, pilot_id FROM project WHERE id = of.project_id
                            UNION ALL
                            SELECT position, pilot_id FROM project_placement
                             WHERE project_id = of.project_id) AS placed
                    UNION ALL
                    SELECT beside.pilot_id, beside.position, r.position
                      FROM (SELECT other_id AS pilot_id, position FROM same_site
                             WHERE subject_id = of.project_id AND by <> 'LOCALITY'
                            UNION ALL
                            SELECT subject_id, position FROM same_site
                             WHERE other_id = of.project_id AND by <> 'LOCALITY') AS beside
                      JOIN pilot ON pilot.id = beside.pilot_id
                      LEFT JOIN same_site_resolution AS r
                        ON r.subject_id = greatest(beside.pilot_id, of.project_id)
                       AND r.other_id = least(beside.pilot_id, of.project_id) AND r.finding = 'DISTINCT') AS lies
             WHERE lies.pilot_id IS NOT NULL
        ), inside (position, pilot_id, outer_id, shared) AS (
            SELECT moved.position, moved.pilot_id, source.pilot_id, false
              FROM moved
              JOIN source ON source.project_id = moved.project_id AND source.since < moved.position
                         AND (source.until IS NULL OR moved.position <= source.until)
            UNION
            SELECT inside.position, inside.pilot_id, next.id, inside.shared OR next.shared
              FROM inside
             CROSS JOIN LATERAL (
                    SELECT latest.surrounding_id AS id, false AS shared
                      FROM (SELECT surrounding_id FROM pilot_placement
                             WHERE pilot_placement.pilot_id = inside.outer_id
                               AND pilot_placement.position < inside.position
                             ORDER BY position DESC LIMIT 1) AS latest
                    UNION ALL
                    SELECT other_id, true FROM pilot_overlap
                     WHERE pilot_overlap.pilot_id = inside.outer_id
                       AND pilot_overlap.position < inside.position AND NOT inside.shared
                    UNION ALL
                    SELECT pilot_overlap.pilot_id, true FROM pilot_overlap
                     WHERE other_id = inside.outer_id
                       AND pilot_overlap.position < inside.position AND NOT inside.shared) AS next
             WHERE next.id IS NOT NULL
        )
        SELECT position INTO wrong FROM inside WHERE outer_id = pilot_id LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('credit_from_outside_boundary', format('position %s', wrong));
        END IF;
    END IF;
END $function$;
