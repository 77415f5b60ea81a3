"""What a registry issued wrongly can be withdrawn, while nothing of it has moved: its serials are issued rightly then.
Invalidations of what was held, and invalidations and exports of whole batches, can be corrected.

An earlier release beside it does not know that a batch is withdrawn, or an order corrected."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

BATCHES = (
    "ALTER TABLE credit_batch ADD COLUMN withdrawn_position bigint",
    "ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_withdrawn_check "
    "CHECK (withdrawn_position > id)",
    "ALTER TABLE credit_batch DROP CONSTRAINT credit_batch_no_overlap_excl",
    """ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_no_overlap_excl
       EXCLUDE USING gist (registry WITH =, prefix WITH =, int8range(lo, hi) WITH &&)
       WHERE (withdrawn_position IS NULL)""",
    # Few are, and they are looked for with each posting that follows another process's.
    "CREATE INDEX credit_batch_withdrawn_idx ON credit_batch (withdrawn_position) "
    "WHERE withdrawn_position IS NOT NULL",
    "GRANT UPDATE ON credit_batch TO nzc_api",
)

# A batch is withdrawn once, and nothing else of it ever changes.
BATCH_WITHDRAWN = f"""
CREATE FUNCTION nzc_batch_withdrawn() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF TG_OP = 'INSERT' THEN
        PERFORM nzc_refuse('batch_starts_standing', format('credit batch %s', NEW.id));
    END IF;
    IF OLD.withdrawn_position IS NOT NULL
       OR to_jsonb(NEW) - 'withdrawn_position' <> to_jsonb(OLD) - 'withdrawn_position' THEN
        PERFORM nzc_refuse('batch_stays_as_issued', format('credit batch %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

# It is withdrawn by the correction of its issuance, and by that always.
WITHDRAWN_BY_CORRECTION = f"""
CREATE FUNCTION nzc_withdrawn_by_correction() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE batch bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF (SELECT withdrawn_position FROM credit_batch WHERE id = batch)
       IS DISTINCT FROM (SELECT c.position FROM correction AS c JOIN credit_batch AS b ON b.id = c.posting_id
                          WHERE c.posting_id = batch) THEN
        PERFORM nzc_refuse('withdrawn_by_correction', format('credit batch %s', batch));
    END IF;
    RETURN NULL;
END $$
"""

# A correction moves back what was moved; one of an order about a whole batch, which moved nothing, moves nothing.
CORRECTION_IS_OF_POSTING = f"""
CREATE FUNCTION nzc_correction_is_of_posting() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF EXISTS (SELECT FROM movement WHERE position = NEW.position)
       IS DISTINCT FROM NOT EXISTS (SELECT FROM batch_fact
                                     WHERE position = NEW.posting_id AND kind IN ('INVALIDATE', 'EXPORT')) THEN
        PERFORM nzc_refuse('correction_is_of_posting', format('%s of correction', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    "DROP TRIGGER credit_batch_append_only ON credit_batch",
    "CREATE TRIGGER credit_batch_kept BEFORE DELETE OR TRUNCATE ON credit_batch "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER credit_batch_starts_standing BEFORE INSERT ON credit_batch "
    "FOR EACH ROW WHEN (NEW.withdrawn_position IS NOT NULL) EXECUTE FUNCTION nzc_batch_withdrawn()",
    # Afterwards, since what is generated of a row is not there before.
    "CREATE TRIGGER credit_batch_withdrawn AFTER UPDATE ON credit_batch "
    "FOR EACH ROW EXECUTE FUNCTION nzc_batch_withdrawn()",
    "CREATE CONSTRAINT TRIGGER credit_batch_withdrawn_position_is_logged "
    "AFTER UPDATE OF withdrawn_position ON credit_batch DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('withdrawn_position')",
    "CREATE CONSTRAINT TRIGGER credit_batch_withdrawn_with_correction "
    "AFTER UPDATE ON credit_batch DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION nzc_withdrawn_by_correction('id')",
    "CREATE CONSTRAINT TRIGGER correction_withdraws_batch AFTER INSERT ON correction "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_withdrawn_by_correction('posting_id')",
    "DROP TRIGGER correction_position_moves ON correction",
    "CREATE CONSTRAINT TRIGGER correction_position_moves AFTER INSERT ON correction "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_correction_is_of_posting()",
)

# What may move, with what is corrected and withdrawn since.
CHECK_MOVEMENTS = f"""
CREATE OR REPLACE FUNCTION nzc_check_movements(first bigint, last bigint) RETURNS void LANGUAGE plpgsql {SEARCH_PATH} AS $$
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
    -- exported serves no pilot (rule 10). An order that was corrected holds nothing back any more.
    SELECT m.position INTO wrong
      FROM movement AS m
      JOIN batch_fact AS f ON f.batch_id = m.batch_id + 0 AND f.position <= m.position
      JOIN account AS debit ON debit.id = m.debit_id
      JOIN account AS credit ON credit.id = m.credit_id + 0
     WHERE m.position BETWEEN first AND last
       AND NOT EXISTS (SELECT FROM correction AS c
                        WHERE c.posting_id = f.position AND c.position < m.position)
       AND CASE f.kind
           WHEN 'EXPORT' THEN credit.kind IN ('PENDING', 'RETIREMENT') OR credit.purpose = 'OWN_SINK'
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
                    WHERE d.batch_id = m.batch_id AND r.finding IS DISTINCT FROM 'DISTINCT'
                      AND (SELECT withdrawn_position FROM credit_batch WHERE id = d.other_id) IS NULL)
        OR EXISTS (SELECT FROM double_issuance AS d
                     LEFT JOIN double_issuance_resolution AS r
                       ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id)
                      AND r.position < m.position
                    WHERE d.other_id = m.batch_id AND d.batch_id < m.position AND r.finding IS NULL
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

    -- Reductions produced inside a pilot's boundary never offset it (rule 5).
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
END $$
"""

# What is withdrawn doubles nothing.
CHECK_DOUBLES = f"""
CREATE OR REPLACE FUNCTION nzc_check_doubles(first bigint, last bigint) RETURNS void LANGUAGE plpgsql {SEARCH_PATH} AS $$
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
END $$
"""

# Its serials may be issued again.
ISSUED_ALIKE = f"""
CREATE OR REPLACE FUNCTION nzc_issued_alike() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT id INTO wrong FROM added WHERE production_basis IS NULL LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('production_basis_is_known', format('position %s', wrong));
    END IF;
    -- A block meets the one that starts last at or before it, or one that starts within it.
    SELECT a.id INTO wrong
      FROM added AS a
     CROSS JOIN LATERAL (
            (SELECT b.id, b.hi FROM credit_batch AS b
              WHERE (b.registry, b.prefix_key) = (a.registry, a.prefix_key)
                AND b.lo <= a.lo AND b.id <> a.id
                AND b.withdrawn_position IS NULL
              ORDER BY b.lo DESC LIMIT 1)
            UNION ALL
            (SELECT b.id, b.hi FROM credit_batch AS b
              WHERE (b.registry, b.prefix_key) = (a.registry, a.prefix_key)
                AND b.lo > a.lo AND b.lo < a.hi
                AND b.withdrawn_position IS NULL
              ORDER BY b.lo LIMIT 1)) AS other
     WHERE other.hi > a.lo LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issued_once_however_written', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

# A correction moves to wherever what it corrects came from.
CHECK_SAID = f"""
CREATE OR REPLACE FUNCTION nzc_check_said(first bigint, last bigint) RETURNS void LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    SELECT e.position INTO wrong
      FROM (SELECT *, sum(hi - lo) OVER (PARTITION BY position) AS tonnes
              FROM movement WHERE position BETWEEN first AND last) AS m
      JOIN log_entry AS e ON e.position = m.position
      JOIN account AS debit ON debit.id = m.debit_id + 0
      JOIN account AS credit ON credit.id = m.credit_id + 0
     WHERE m.tonnes <> (e.body ->> 'quantity')::bigint
        OR credit.kind <> CASE e.kind
    WHEN 'CREDITS_ISSUED' THEN 'HOLDING' WHEN 'CREDITS_TRANSFERRED' THEN 'HOLDING'
    WHEN 'CREDITS_RETIRED' THEN 'RETIREMENT' WHEN 'RETIREMENT_REQUESTED' THEN 'PENDING'
    WHEN 'RETIREMENT_REQUEST_CANCELLED' THEN 'HOLDING'
    WHEN 'RETIREMENT_REQUEST_EXPIRED' THEN 'HOLDING' WHEN 'CREDITS_USED' THEN 'OTHER_USE'
    WHEN 'CREDITS_FROZEN' THEN 'FROZEN' WHEN 'CREDITS_UNFROZEN' THEN 'HOLDING'
    WHEN 'CREDITS_INVALIDATED' THEN 'INVALIDATED'
    WHEN 'POSTING_CORRECTED' THEN
        CASE WHEN debit.kind = 'INVALIDATED' OR credit.kind = 'ISSUANCE' THEN credit.kind ELSE 'HOLDING' END END
        OR credit.pilot_id IS NOT NULL
           AND ((e.body ->> 'pilot')::bigint IS DISTINCT FROM credit.pilot_id
                OR (e.body ->> 'accounting_period')::bigint IS DISTINCT FROM credit.period_id)
        OR debit.organisation_id <> coalesce(e.body ->> 'from', e.body ->> 'holder')::bigint
        OR credit.organisation_id IS NOT NULL
           AND credit.organisation_id <> coalesce(e.body ->> 'to', e.body ->> 'holder')::bigint
        OR credit.purpose IS NOT NULL AND credit.purpose <> e.body ->> 'purpose' LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('posting_is_as_logged', format('position %s', wrong));
    END IF;
END $$
"""


def upgrade() -> None:
    """Add it."""
    for statement in (
        *BATCHES,
        BATCH_WITHDRAWN,
        WITHDRAWN_BY_CORRECTION,
        CORRECTION_IS_OF_POSTING,
        *TRIGGERS,
        CHECK_MOVEMENTS,
        CHECK_DOUBLES,
        ISSUED_ALIKE,
        CHECK_SAID,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
