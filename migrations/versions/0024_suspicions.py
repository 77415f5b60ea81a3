"""A suspicion of a double issuance has a position of its own: it may come up after both were issued, as their projects are
found at one site. And two rules that no guard knew: what is found inside a pilot names its methodologies, and what is
exported is not withdrawn.

An earlier release beside it records no such position, and is stopped before."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    # What was suspected so far came up with the later issuance.
    "ALTER TABLE double_issuance ADD COLUMN position bigint NOT NULL GENERATED ALWAYS AS (batch_id) STORED",
    "ALTER TABLE double_issuance ALTER COLUMN position DROP EXPRESSION",
    "ALTER TABLE double_issuance ADD CONSTRAINT double_issuance_later_check CHECK (position >= batch_id)",
    "CREATE INDEX double_issuance_position_idx ON double_issuance (position)",
    # What was found at one site so far was compared only with what was issued later.
    "ALTER TABLE same_site ADD COLUMN compared boolean NOT NULL DEFAULT false",
    "ALTER TABLE same_site ALTER COLUMN compared SET DEFAULT true",
)

# At the commit: what is suspected shares a day with what was issued before of its project, or of one that was found at
# its site by then.
SUSPICION_IS_WARRANTED = f"""
CREATE FUNCTION nzc_suspicion_is_warranted() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
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
END $$
"""

# At the commit: what had been issued at two sites that are found to be one is suspected, of each batch the hundred oldest
# at once.
FOUND_AT_ONE_SITE = f"""
CREATE FUNCTION nzc_found_at_one_site() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
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
END $$
"""

TRIGGERS = (
    "DROP TRIGGER double_issuance_batch_id_is_logged ON double_issuance",
    "CREATE CONSTRAINT TRIGGER double_issuance_position_is_logged AFTER INSERT ON double_issuance "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position')",
    "DROP TRIGGER double_issuance_comes_first ON double_issuance",
    "CREATE TRIGGER double_issuance_comes_first AFTER INSERT ON double_issuance REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position')",
    "CREATE CONSTRAINT TRIGGER double_issuance_warranted AFTER INSERT ON double_issuance "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_suspicion_is_warranted()",
    "CREATE CONSTRAINT TRIGGER same_site_suspected AFTER INSERT ON same_site "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_found_at_one_site()",
)

# What is posted after a suspicion came up is judged by it; what is exported does not go back to its registry.
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

# What is enrolled after its project was found inside a pilot names its methodology, too.
ENROLLED = f"""
CREATE OR REPLACE FUNCTION nzc_enrolled() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
    DECLARE wrong bigint;
    BEGIN
        SELECT e.id INTO wrong FROM added AS e JOIN project AS p ON p.id = e.project_id
         WHERE e.sink <> p.forestry
            OR e.methodology IS NULL AND NOT p.forestry
               AND (nzc_pilot_of_project(p.id, e.id) IS NOT NULL
                    OR EXISTS (SELECT FROM same_site_resolution AS r
                                WHERE p.id IN (r.subject_id, r.other_id)
                                  AND r.finding = 'SAME' AND r.position < e.id)) LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('forestry_follows_methodology', format('enrolment %s', wrong));
        END IF;
        SELECT e.id INTO wrong
          FROM added AS e
          JOIN enrolment AS other USING (programme, number_key) WHERE other.id <> e.id LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('enrolled_once_however_written', format('enrolment %s', wrong));
        END IF;
        RETURN NULL;
    END $$
"""

SAME_SITE_RESOLVED = f"""
CREATE OR REPLACE FUNCTION nzc_same_site_resolved() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM same_site
                    WHERE subject_id = NEW.subject_id AND other_id = NEW.other_id AND position < NEW.position) THEN
        PERFORM nzc_refuse('same_site_is_found_first', format('position %s', NEW.position));
    END IF;
    -- What is found inside a pilot, and is no forestry, is so by its methodology, of every enrolment.
    IF NEW.finding = 'SAME' AND EXISTS (
        SELECT FROM project AS p
          JOIN enrolment AS e ON e.project_id = p.id AND e.methodology IS NULL
          LEFT JOIN enrolment_methodology AS s ON s.enrolment_id = e.id
         WHERE p.id IN (NEW.subject_id, NEW.other_id) AND NOT p.forestry AND s.methodology IS NULL) THEN
        PERFORM nzc_refuse('found_inside_with_methodology', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Add it."""
    for statement in (
        *TABLES,
        SUSPICION_IS_WARRANTED,
        FOUND_AT_ONE_SITE,
        *TRIGGERS,
        CHECK_MOVEMENTS,
        ENROLLED,
        SAME_SITE_RESOLVED,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
