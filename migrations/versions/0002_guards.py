"""What the database refuses, whatever the ledger's rules did: guards that hold against a bug and
against hand-typed SQL, also by the tables' owner.

Each raises an integrity constraint violation (SQLSTATE 23000) that names the guard. They are
statement triggers, so a batch of a thousand rows is checked as a set.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "log_entry", "outcome", "organisation", "pilot", "pilot_placement", "accounting_period",
    "pilot_overlap", "project", "enrolment", "credit_batch", "account", "movement", "lot",
    "lot_spent", "batch_fact", "double_issuance", "double_issuance_resolution",
    "retirement_request", "request_end", "correction", "grounds",
)  # fmt: skip

REFUSE = """
CREATE FUNCTION nzc_refuse(guard text, detail text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: %', guard, detail USING ERRCODE = '23000', CONSTRAINT = guard;
END $$
"""

REFUSE_CHANGE = """
CREATE FUNCTION nzc_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nzc_refuse('append_only', format('%s of %s is refused', TG_OP, TG_TABLE_NAME));
    RETURN NULL;
END $$
"""

# A guard locks the head before it reads: under the lock nothing that it reads can change, and a
# session whose snapshot is older than the last commit is told so instead of being judged by it.
LOCK_HEAD = """
CREATE FUNCTION nzc_lock_head() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM public.log_head FOR UPDATE;
END $$
"""

# Whether this very transaction appended the entry at a position: nothing is added to the past.
APPENDED_NOW = """
CREATE FUNCTION nzc_appended_now(at_position bigint) RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (SELECT FROM public.log_entry
                    WHERE position = at_position AND xmin = pg_current_xact_id()::xid)
$$
"""

# Deferred to the commit: a room may write its rows before or after their entry.
CHANGE_IS_LOGGED = """
CREATE FUNCTION nzc_change_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE happened bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF NOT nzc_appended_now(happened) THEN
        PERFORM nzc_refuse('change_is_logged', format('%s of %s', happened, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $$
"""

OUTCOME_IS_LOGGED = """
CREATE FUNCTION nzc_outcome_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unknown bigint;
BEGIN
    SELECT max(position) INTO unknown FROM added;
    IF unknown > (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('outcome_is_logged', format('position %s', unknown));
    END IF;
    RETURN NULL;
END $$
"""

LOG_IS_DENSE = """
CREATE FUNCTION nzc_log_is_dense() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT position INTO wrong
      FROM (SELECT position, at, fresh,
                   lag(position) OVER (ORDER BY position) AS prior_position,
                   lag(at) OVER (ORDER BY position) AS prior_at
              FROM (SELECT position, at, true AS fresh FROM added
                    UNION ALL
                    (SELECT position, at, false FROM log_entry
                      WHERE position < (SELECT min(position) FROM added)
                      ORDER BY position DESC LIMIT 1)) AS entry) AS neighbour
     WHERE fresh AND (position <> coalesce(prior_position, 0) + 1 OR at < prior_at
                      OR at > greatest(clock_timestamp(), prior_at))
     ORDER BY position LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('log_is_dense', format('position %s', wrong));
    END IF;
    SELECT max(position) INTO wrong FROM added;
    IF wrong <> (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('head_follows_log', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

HEAD_FOLLOWS = """
CREATE FUNCTION nzc_head_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.at < OLD.at
       OR NEW.at > greatest(clock_timestamp(), OLD.at)
       OR NEW.position <> coalesce((SELECT max(position) FROM log_entry), 0) THEN
        PERFORM nzc_refuse('head_follows_log', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

KEY_REVOKED_ONCE = """
CREATE FUNCTION nzc_key_revoked_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_position IS NOT NULL
       OR (NEW.id, NEW.organisation_id, NEW.label, NEW.secret_hash)
          IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.label, OLD.secret_hash) THEN
        PERFORM nzc_refuse('key_revoked_once', format('key %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

NOT_INSIDE_ITSELF = """
CREATE FUNCTION nzc_not_inside_itself() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    -- Each pair is found once, so that a ring ends the walk too.
    WITH RECURSIVE inside (pilot_id, outer_id) AS (
        SELECT pilot_id, pilot_id FROM added
        UNION
        SELECT inside.pilot_id, latest.surrounding_id
          FROM inside
         CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement
                              WHERE pilot_placement.pilot_id = inside.outer_id
                              ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL
    )
    SELECT inside.pilot_id INTO wrong
      FROM inside
     CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement
                          WHERE pilot_placement.pilot_id = inside.outer_id
                          ORDER BY position DESC LIMIT 1) AS latest
     WHERE latest.surrounding_id = inside.pilot_id LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('pilot_not_inside_itself', format('pilot %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

INVENTORY_MADE = """
CREATE FUNCTION nzc_inventory_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.submitted_position IS NOT NULL OR NEW.verified_position IS NOT NULL THEN
        PERFORM nzc_refuse('inventory_starts_as_draft', format('inventory %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM accounting_period AS p
                    WHERE p.id = NEW.period_id
                      AND p.starts_on <= NEW.starts_on AND NEW.ends_on <= p.ends_on) THEN
        PERFORM nzc_refuse('inventory_inside_period', format('inventory %s', NEW.id));
    END IF;
    IF NEW.version > 1 AND NOT EXISTS (
        SELECT FROM inventory AS i
         WHERE i.series_id = NEW.series_id AND i.version = NEW.version - 1
           AND i.submitted_position IS NOT NULL
           AND (i.pilot_id, i.period_id, i.phase, i.basis, i.starts_on, i.ends_on)
               = (NEW.pilot_id, NEW.period_id, NEW.phase, NEW.basis, NEW.starts_on, NEW.ends_on)) THEN
        PERFORM nzc_refuse('inventory_follows_version', format('inventory %s', NEW.id));
    END IF;
    RETURN NEW;
END $$
"""

INVENTORY_FROZEN = """
CREATE FUNCTION nzc_inventory_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF to_jsonb(NEW) - '{submitted_position,verified_position,verifier_id,status}'::text[]
       <> to_jsonb(OLD) - '{submitted_position,verified_position,verifier_id,status}'::text[]
       OR (OLD.submitted_position IS NOT NULL
           AND NEW.submitted_position IS DISTINCT FROM OLD.submitted_position)
       OR (OLD.verified_position IS NOT NULL
           AND (NEW.verified_position, NEW.verifier_id)
               IS DISTINCT FROM (OLD.verified_position, OLD.verifier_id)) THEN
        PERFORM nzc_refuse('inventory_is_frozen', format('inventory %s', OLD.id));
    END IF;
    IF OLD.verified_position IS NULL AND NEW.verified_position IS NOT NULL AND EXISTS (
        SELECT FROM inventory AS later
         WHERE later.series_id = NEW.series_id AND later.version > NEW.version
           AND later.submitted_position IS NOT NULL) THEN
        PERFORM nzc_refuse('inventory_is_latest', format('inventory %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

LINES_FROZEN = """
CREATE FUNCTION nzc_lines_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE frozen bigint;
BEGIN
    PERFORM nzc_lock_head();
    IF TG_TABLE_NAME = 'inventory_line' THEN
        SELECT i.id INTO frozen FROM changed JOIN inventory AS i ON i.id = changed.inventory_id
         WHERE i.submitted_position IS NOT NULL LIMIT 1;
    ELSE
        SELECT i.id INTO frozen FROM changed
          JOIN inventory_line AS l ON l.id = changed.line_id
          JOIN inventory AS i ON i.id = l.inventory_id
         WHERE i.submitted_position IS NOT NULL LIMIT 1;
    END IF;
    IF FOUND THEN
        PERFORM nzc_refuse('inventory_lines_are_frozen', format('inventory %s', frozen));
    END IF;
    RETURN NULL;
END $$
"""

# The heart of the ledger, for the positions from first to last: the pieces tile what was spent, and
# the movements are exactly what changed accounts. What a table's rows can break is checked when rows
# are added to it. Beside a position no other condition may lead the search (`+ 0`): an index on a
# batch or an account would lead through everything that ever happened to it.
CHECK_TILING = """
CREATE FUNCTION nzc_check_tiling(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT position INTO wrong
      FROM (SELECT position, batch_id, hi - lo AS tonnes FROM lot
             WHERE position BETWEEN first AND last AND batch_id <> position
            UNION ALL
            SELECT spent.position, l.batch_id, l.lo - l.hi
              FROM lot_spent AS spent
              LEFT JOIN lot AS l ON l.position = spent.lot_position AND l.piece = spent.lot_piece
             WHERE spent.position BETWEEN first AND last) AS part
     GROUP BY position, batch_id
    HAVING sum(tonnes) IS DISTINCT FROM 0 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('lots_tile_what_was_spent', format('position %s', wrong));
    END IF;
END $$
"""

CHECK_LOTS = """
CREATE FUNCTION nzc_check_lots(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT position INTO wrong
      FROM (SELECT position, lo, lag(hi) OVER (PARTITION BY position, batch_id ORDER BY lo) AS before
              FROM lot WHERE position BETWEEN first AND last) AS piece
     WHERE lo < before LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('lots_do_not_overlap', format('position %s', wrong));
    END IF;

    PERFORM nzc_check_tiling(first, last);

    -- Every piece lies in a lot that its position spent; what changed account, a movement moved.
    SELECT made.position INTO wrong
      FROM lot AS made
     WHERE made.position BETWEEN first AND last AND made.batch_id <> made.position
       AND NOT EXISTS (
           SELECT FROM lot_spent AS spent
             JOIN lot AS l ON l.position = spent.lot_position AND l.piece = spent.lot_piece
            WHERE spent.position = made.position AND l.batch_id + 0 = made.batch_id
              AND l.lo <= made.lo AND made.hi <= l.hi
              AND ((l.account_id = made.account_id AND l.since = made.since)
                   OR made.since = made.position AND EXISTS (
                   SELECT FROM movement AS m
                    WHERE m.position = made.position AND m.batch_id + 0 = made.batch_id
                      AND m.debit_id = l.account_id AND m.credit_id = made.account_id
                      AND m.lo <= made.lo AND made.hi <= m.hi))) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('lots_come_from_what_was_spent', format('position %s', wrong));
    END IF;
END $$
"""

CHECK_ISSUANCES = """
CREATE FUNCTION nzc_check_issuances(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    -- An issuance is one movement of the whole block out of its programme's issuance account, and
    -- one lot; nothing else touches that account.
    SELECT p.position INTO wrong
      FROM (SELECT position FROM movement WHERE position BETWEEN first AND last AND batch_id = position
            UNION SELECT position FROM lot WHERE position BETWEEN first AND last AND batch_id = position
            UNION SELECT id FROM credit_batch WHERE id BETWEEN first AND last) AS p
     WHERE NOT EXISTS (
           SELECT FROM credit_batch AS b
             JOIN movement AS m ON m.position = b.id AND m.batch_id = b.id
                               AND m.lo = b.lo AND m.hi = b.hi
             JOIN account AS a ON a.id = m.debit_id AND a.kind = 'ISSUANCE'
                              AND a.programme = b.programme
             JOIN lot AS l ON l.position = b.id AND l.batch_id = b.id AND l.lo = b.lo AND l.hi = b.hi
                          AND l.account_id = m.credit_id AND l.since = b.id
             JOIN project AS j ON j.id = b.project_id AND j.forestry = b.forestry
            WHERE b.id = p.position)
        OR (SELECT count(*) FROM lot WHERE lot.position = p.position) <> 1
        OR (SELECT count(*) FROM movement WHERE movement.position = p.position) <> 1 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issuance_is_whole', format('position %s', wrong));
    END IF;
END $$
"""

# One activity and day is issued in one form and by one programme (rule 2): two programmes' batches
# of a site are recorded as a suspicion, and nothing else is. The same as the rules' `same_site`.
CHECK_DOUBLES = """
CREATE FUNCTION nzc_check_doubles(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT b.id INTO wrong
      FROM credit_batch AS b
      JOIN credit_batch AS other
        ON other.project_id = b.project_id AND other.id < b.id AND other.programme = b.programme
       AND other.by_certificate <> b.by_certificate
       AND other.produced_from <= b.produced_to AND b.produced_from <= other.produced_to
     WHERE b.id BETWEEN first AND last LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issued_in_one_form', format('position %s', wrong));
    END IF;

    SELECT batch_id INTO wrong
      FROM (SELECT b.id AS batch_id, other.id AS other_id, 1 AS suspected
              FROM credit_batch AS b
              JOIN project AS p ON p.id = b.project_id
             CROSS JOIN LATERAL (
                    SELECT p.id
                    UNION SELECT q.id FROM project AS q WHERE q.site_code = p.site_code
                    UNION SELECT q.id FROM project AS q
                           WHERE q.latitude = p.latitude AND q.longitude = p.longitude
                    UNION SELECT q.id FROM project AS q
                           WHERE q.division_code = p.division_code AND q.site_key = p.site_key
                   ) AS here
              JOIN credit_batch AS other
                ON other.project_id = here.id AND other.id < b.id
               AND other.programme <> b.programme
               AND other.produced_from <= b.produced_to AND b.produced_from <= other.produced_to
             WHERE b.id BETWEEN first AND last
            UNION ALL
            SELECT batch_id, other_id, -1 FROM double_issuance
             WHERE batch_id BETWEEN first AND last) AS pair
     GROUP BY batch_id, other_id
    HAVING sum(suspected) <> 0 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('double_issuance_is_recorded', format('position %s', wrong));
    END IF;
END $$
"""

CHECK_MOVEMENTS = """
CREATE FUNCTION nzc_check_movements(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    -- Every movement moved whole: its serials became pieces in its credit account, from lots
    -- in its debit account.
    SELECT m.position INTO wrong
      FROM movement AS m
     WHERE m.position BETWEEN first AND last AND m.batch_id <> m.position
       AND m.hi - m.lo IS DISTINCT FROM (
           SELECT sum(made.hi - made.lo) FROM lot AS made
            WHERE made.position = m.position AND made.batch_id + 0 = m.batch_id
              AND made.account_id + 0 = m.credit_id AND m.lo <= made.lo AND made.hi <= m.hi
              AND EXISTS (
                  SELECT FROM lot_spent AS spent
                    JOIN lot AS l ON l.position = spent.lot_position AND l.piece = spent.lot_piece
                   WHERE spent.position = made.position AND l.batch_id + 0 = made.batch_id
                     AND l.account_id = m.debit_id AND l.lo <= made.lo AND made.hi <= l.hi)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('movements_match_lots', format('position %s', wrong));
    END IF;

    SELECT position INTO wrong
      FROM (SELECT position, lo, lag(hi) OVER (PARTITION BY position, batch_id ORDER BY lo) AS before
              FROM movement WHERE position BETWEEN first AND last) AS moved
     WHERE lo < before LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('movements_do_not_overlap', format('position %s', wrong));
    END IF;

    PERFORM nzc_check_issuances(first, last);

    -- Where serials may go from where they are. What was asked for goes where it was asked for, or
    -- back, when its request ends. Nothing leaves a retirement or another use but by invalidation, or
    -- by a correction. (Whether request and correction are in order is asked further below.)
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
                    OR credit.organisation_id = debit.organisation_id
                       AND (credit.kind IN ('OTHER_USE', 'FROZEN')
                            OR credit.kind = 'PENDING' AND EXISTS (
                               SELECT FROM retirement_request AS r WHERE r.id = m.position))
               WHEN 'PENDING' THEN EXISTS (
                    SELECT FROM request_end AS e
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
               WHEN 'INVALIDATED' THEN false
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
            OR EXISTS (SELECT FROM lot_spent AS spent
                         JOIN lot AS l
                           ON l.position = spent.lot_position AND l.piece = spent.lot_piece
                        WHERE spent.position = e.position AND l.since <> e.request_id)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('request_ends_whole', format('position %s', wrong));
    END IF;

    -- A correction takes a retirement, another use or a transfer back: whole, each tonne to whom it
    -- came from, and none that has moved since. Corrections are not corrected.
    SELECT c.position INTO wrong
      FROM correction AS c
     WHERE c.position BETWEEN first AND last
       AND (EXISTS (SELECT FROM correction AS earlier WHERE earlier.position = c.posting_id)
            OR EXISTS (SELECT FROM movement AS before
                         JOIN account AS debit ON debit.id = before.debit_id
                         JOIN account AS credit ON credit.id = before.credit_id
                        WHERE before.position = c.posting_id
                          AND credit.kind NOT IN ('RETIREMENT', 'OTHER_USE')
                          AND (debit.kind, credit.kind) <> ('HOLDING', 'HOLDING'))
            OR EXISTS (SELECT FROM lot_spent AS spent
                         JOIN lot AS l
                           ON l.position = spent.lot_position AND l.piece = spent.lot_piece
                        WHERE spent.position = c.position AND l.since <> c.posting_id)
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
    -- exported serves no pilot (rule 10).
    SELECT m.position INTO wrong
      FROM movement AS m
      JOIN batch_fact AS f ON f.batch_id = m.batch_id + 0 AND f.position <= m.position
      JOIN account AS debit ON debit.id = m.debit_id
      JOIN account AS credit ON credit.id = m.credit_id + 0
     WHERE m.position BETWEEN first AND last
       AND CASE f.kind
           WHEN 'EXPORT' THEN credit.kind IN ('PENDING', 'RETIREMENT')
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

    -- What may be one reduction issued twice serves nobody until that is resolved (rule 2).
    SELECT m.position INTO wrong
      FROM movement AS m
      JOIN account AS credit ON credit.id = m.credit_id
       AND credit.kind IN ('PENDING', 'RETIREMENT', 'OTHER_USE')
     WHERE m.position BETWEEN first AND last
       AND EXISTS (SELECT FROM double_issuance AS d
                     LEFT JOIN double_issuance_resolution AS r
                       ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id)
                      AND r.position < m.position
                    WHERE d.batch_id = m.batch_id AND r.finding IS DISTINCT FROM 'DISTINCT'
                       OR d.other_id = m.batch_id AND r.finding IS NULL) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('batch_is_not_doubled', format('position %s', wrong));
    END IF;

    -- A sink gets back only what forestry inside a pilot gave up (rule 6).
    SELECT m.position INTO wrong
      FROM movement AS m
      JOIN account AS credit ON credit.id = m.credit_id + 0 AND credit.purpose = 'OWN_SINK'
      JOIN credit_batch AS b ON b.id = m.batch_id + 0
      JOIN project AS p ON p.id = b.project_id
     WHERE m.position BETWEEN first AND last AND NOT (p.forestry AND p.pilot_id IS NOT NULL) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('own_sink_is_own', format('position %s', wrong));
    END IF;

    -- Reductions produced inside a pilot's boundary never offset it (rule 5).
    WITH RECURSIVE inside (position, pilot_id, outer_id) AS (
        SELECT m.position, credit.pilot_id, p.pilot_id
          FROM movement AS m
          JOIN credit_batch AS b ON b.id = m.batch_id
          JOIN project AS p ON p.id = b.project_id AND p.pilot_id IS NOT NULL
          JOIN account AS credit ON credit.id = m.credit_id
           AND credit.kind IN ('PENDING', 'RETIREMENT')
         WHERE m.position BETWEEN first AND last
        UNION
        SELECT inside.position, inside.pilot_id, latest.surrounding_id
          FROM inside
         CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement
                              WHERE pilot_placement.pilot_id = inside.outer_id
                                AND pilot_placement.position < inside.position
                              ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL
    )
    SELECT position INTO wrong FROM inside WHERE outer_id = pilot_id LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('credit_from_outside_boundary', format('position %s', wrong));
    END IF;
END $$
"""

CHECK_POSTINGS = """
CREATE FUNCTION nzc_check_postings(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nzc_check_lots(first, last);
    PERFORM nzc_check_movements(first, last);
    PERFORM nzc_check_doubles(first, last);
END $$
"""

POSTED = """
CREATE FUNCTION nzc_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE first bigint; last bigint;
BEGIN
    IF TG_TABLE_NAME = 'credit_batch' THEN
        SELECT min(id), max(id) INTO first, last FROM added;
    ELSE
        SELECT min(position), max(position) INTO first, last FROM added;
    END IF;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM nzc_lock_head();
    -- Positions are dense: what lies between two entries of this transaction is of it too.
    IF NOT (nzc_appended_now(first) AND nzc_appended_now(last)) THEN
        PERFORM nzc_refuse('posting_is_logged', format('positions %s to %s', first, last));
    END IF;
    CASE TG_TABLE_NAME
        WHEN 'credit_batch' THEN
            PERFORM nzc_check_issuances(first, last);
            PERFORM nzc_check_doubles(first, last);
        WHEN 'movement' THEN PERFORM nzc_check_movements(first, last);
        WHEN 'lot_spent' THEN PERFORM nzc_check_tiling(first, last);
        WHEN 'lot' THEN
            PERFORM nzc_check_lots(first, last);
            PERFORM nzc_check_issuances(first, last);
    END CASE;
    RETURN NULL;
END $$
"""

# What postings are judged by is written before they are: else they were judged without it.
FACTS_COME_FIRST = """
CREATE FUNCTION nzc_facts_come_first() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE earliest bigint;
BEGIN
    SELECT min((to_jsonb(added) ->> TG_ARGV[0])::bigint) INTO earliest FROM added;
    IF EXISTS (SELECT FROM movement WHERE position >= earliest) THEN
        PERFORM nzc_refuse('facts_come_first', format('%s of %s', earliest, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $$
"""

# What says that credits moved is written with their movements, which are judged by it.
CREDITS_MOVE = """
CREATE FUNCTION nzc_credits_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE happened bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF NOT EXISTS (SELECT FROM movement WHERE position = happened) THEN
        PERFORM nzc_refuse('credits_move', format('%s of %s', happened, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $$
"""

# Guards see the real tables, whatever temporary ones a session has.
SEARCH_PATH = """
DO $$
DECLARE guard regprocedure;
BEGIN
    FOR guard IN SELECT oid FROM pg_proc
                  WHERE proname LIKE 'nzc\\_%' AND pronamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', guard);
    END LOOP;
END $$
"""

# The rows that an entry brought about, by the column that names its position.
LOGGED = (
    ("organisation", "id", "INSERT"),
    ("api_key", "id", "INSERT"),
    ("api_key", "revoked_position", "UPDATE OF revoked_position"),
    ("pilot", "id", "INSERT"),
    ("pilot_placement", "position", "INSERT"),
    ("accounting_period", "id", "INSERT"),
    ("inventory", "id", "INSERT"),
    ("inventory", "submitted_position", "UPDATE OF submitted_position"),
    ("inventory", "verified_position", "UPDATE OF verified_position"),
    ("inventory_line", "id", "INSERT"),
    ("project", "id", "INSERT"),
    ("enrolment", "id", "INSERT"),
    ("pilot_overlap", "position", "INSERT"),
    ("batch_fact", "position", "INSERT"),
    ("double_issuance", "batch_id", "INSERT"),
    ("double_issuance_resolution", "position", "INSERT"),
    ("retirement_request", "id", "INSERT"),
    ("request_end", "position", "INSERT"),
    ("correction", "position", "INSERT"),
    ("grounds", "position", "INSERT"),
)

# What postings are judged by, by the column that names its position.
JUDGED_BY = (
    ("pilot_placement", "position"),
    ("batch_fact", "position"),
    ("double_issuance", "batch_id"),
    ("double_issuance_resolution", "position"),
    ("retirement_request", "id"),
    ("request_end", "position"),
    ("correction", "position"),
)

# What says of the posting at its position that credits moved.
SAYS_WHAT_MOVED = (
    ("retirement_request", "id"),
    ("request_end", "position"),
    ("correction", "position"),
)

FUNCTIONS = (
    REFUSE, LOCK_HEAD, APPENDED_NOW, REFUSE_CHANGE, LOG_IS_DENSE, HEAD_FOLLOWS, CHANGE_IS_LOGGED,
    OUTCOME_IS_LOGGED, KEY_REVOKED_ONCE, NOT_INSIDE_ITSELF, INVENTORY_MADE, INVENTORY_FROZEN,
    LINES_FROZEN, CHECK_TILING, CHECK_LOTS, CHECK_ISSUANCES, CHECK_DOUBLES, CHECK_MOVEMENTS,
    CHECK_POSTINGS, POSTED, FACTS_COME_FIRST, CREDITS_MOVE, SEARCH_PATH,
)  # fmt: skip


def upgrade() -> None:
    """Create the guards."""
    for function in FUNCTIONS:
        op.execute(function)
    for table in (*APPEND_ONLY, "log_head"):
        kinds = "DELETE OR TRUNCATE" if table == "log_head" else "UPDATE OR DELETE OR TRUNCATE"
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {kinds} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        )
    op.execute(
        "CREATE TRIGGER log_entry_dense AFTER INSERT ON log_entry REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_log_is_dense()"
    )
    for table, column, event in LOGGED:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER {event} ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        )
    op.execute(
        "CREATE TRIGGER outcome_is_logged AFTER INSERT ON outcome REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_outcome_is_logged()"
    )
    op.execute(
        "CREATE TRIGGER log_head_follows AFTER UPDATE ON log_head "
        "FOR EACH ROW EXECUTE FUNCTION nzc_head_follows()"
    )
    op.execute(
        "CREATE TRIGGER api_key_revoked_once BEFORE UPDATE ON api_key "
        "FOR EACH ROW EXECUTE FUNCTION nzc_key_revoked_once()"
    )
    op.execute(
        "CREATE TRIGGER api_key_kept BEFORE DELETE OR TRUNCATE ON api_key "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
    )
    op.execute(
        "CREATE TRIGGER pilot_placement_no_cycle AFTER INSERT ON pilot_placement "
        "REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_not_inside_itself()"
    )
    op.execute(
        "CREATE TRIGGER inventory_made BEFORE INSERT ON inventory "
        "FOR EACH ROW EXECUTE FUNCTION nzc_inventory_made()"
    )
    op.execute(
        "CREATE TRIGGER inventory_frozen BEFORE UPDATE ON inventory "
        "FOR EACH ROW EXECUTE FUNCTION nzc_inventory_frozen()"
    )
    op.execute(
        "CREATE TRIGGER inventory_kept BEFORE DELETE OR TRUNCATE ON inventory "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
    )
    for table in ("inventory_line", "line_gas"):
        op.execute(
            f"CREATE TRIGGER {table}_recorded AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS changed "
            "FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_removed AFTER DELETE ON {table} "
            "REFERENCING OLD TABLE AS changed "
            "FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        )
    for table in ("credit_batch", "movement", "lot", "lot_spent"):
        op.execute(
            f"CREATE TRIGGER {table}_posted AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS added "
            "FOR EACH STATEMENT EXECUTE FUNCTION nzc_posted()"
        )
    for table, column in JUDGED_BY:
        op.execute(
            f"CREATE TRIGGER {table}_comes_first AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('{column}')"
        )
    for table, column in SAYS_WHAT_MOVED:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_{column}_moves AFTER INSERT ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION nzc_credits_move('{column}')"
        )


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
