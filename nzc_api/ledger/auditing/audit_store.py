"""The SQL of the audit: what must hold of the ledger's tables, each query finding the rows that are
wrong.

``$1`` is the most rows to tell. A query over a slice of positions or batches gets its first
as ``$2`` and its last as ``$3``; so neither the server nor we hold more than a slice.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import text

from nzc_api.database.engine import Database, lent
from nzc_api.ledger.tables import LONGEST, REGISTRIES, SIZE
from nzc_api.log.chain import DIGEST_SQL, GENESIS_SQL
from nzc_api.log.tables import REFERENCE_KEY
from nzc_api.numbers import NUMBER_KEY

# In seconds: an audit takes as long as it takes.
PATIENCE = 86_400.0

# One snapshot for the whole audit, which is planned anew for every slice. Work is shared among
# connections, not again within each.
SETTINGS = text("""
    SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', '0', true),
           set_config('plan_cache_mode', 'force_custom_plan', true),
           set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
           set_config('max_parallel_workers_per_gather', '0', true)
""")

EXPORT = text("SELECT pg_export_snapshot()")

HEAD = "SELECT position FROM log_head"
# Every so many batches, where a slice of them starts.
BATCH_STARTS = """
    SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM credit_batch) AS numbered
     WHERE nth % $1 = 1 % $1 ORDER BY id
"""

_MISSING = """
    SELECT g AS position FROM generate_series($2::bigint, $3::bigint) AS g
     WHERE NOT EXISTS (SELECT FROM log_entry AS e
                        WHERE e.position BETWEEN $2 AND $3 AND e.position = g)"""

DENSE = f"""
    SELECT position AS missing_position FROM ({_MISSING}) AS missing ORDER BY 1 LIMIT $1
"""  # noqa: S608

TIMES = """
    SELECT position, at, at_before
      FROM (SELECT position, at, lag(at) OVER (ORDER BY position) AS at_before
              FROM log_entry WHERE position BETWEEN $2::bigint - 1 AND $3::bigint) AS e
     WHERE at < at_before ORDER BY position LIMIT $1
"""

HEAD_FOLLOWS = f"""
    SELECT h.position AS head, h.at AS head_at, h.digest AS head_digest,
           last.position AS last_entry, last.at AS last_at, last.digest AS last_digest
      FROM log_head AS h
      LEFT JOIN (SELECT position, at, digest FROM log_entry ORDER BY position DESC LIMIT 1) AS last ON true
     WHERE h.position <> coalesce(last.position, 0) OR h.at < last.at
        OR h.digest <> coalesce(last.digest, {GENESIS_SQL}) LIMIT $1
"""  # noqa: S608  (our own names)

CHAINED = f"""
    SELECT position
      FROM (SELECT *, lag(digest) OVER (ORDER BY position) AS prior
              FROM log_entry WHERE position BETWEEN $2::bigint - 1 AND $3::bigint) AS e
     WHERE position >= $2::bigint AND digest <> {DIGEST_SQL} ORDER BY position LIMIT $1
"""  # noqa: S608  (our own names)

# Whatever has a position.
PLACED = (
    ("log_entry", "position"), ("movement", "position"), ("lot", "position"),
    ("lot_spent", "position"), ("available_lot", "lot_position"), ("credit_batch", "id"),
    ("project", "id"), ("enrolment", "id"), ("batch_fact", "position"),
    ("retirement_request", "id"), ("request_end", "position"), ("request_part", "position"),
    ("correction", "position"), ("credit_batch", "withdrawn_position"),
    ("double_issuance_resolution", "position"), ("grounds", "position"), ("balance", "position"),
    ("pilot_amendment", "position"), ("inventory", "id"), ("inventory_line", "position"),
    ("verification_opinion", "position"), ("site", "position"), ("same_site", "position"),
    ("same_site_resolution", "position"), ("project_placement", "position"),
    ("target", "id"), ("document", "id"), ("meter", "id"), ("meter_device", "position"),
    ("meter_placement", "position"), ("meter_gateway", "position"), ("reading_batch", "id"),
    ("accounting_period", "withdrawn_position"),
    ("organisation_amendment", "position"), ("project_amendment", "position"),
    ("enrolment_methodology", "position"), ("proposal", "id"), ("proposal_end", "position"),
    ("application", "id"), ("application_step", "position"), ("criterion_claim", "id"),
    ("criterion_judgement", "id"), ("measure", "id"), ("measure_progress", "position"),
    ("measure_effect", "id"), ("potential_analysis", "id"),
)  # fmt: skip

_PLACED = " UNION ALL ".join(
    f"SELECT '{table}' AS what, {column} AS position FROM {table}"  # noqa: S608  (our own names)
    for table, column in PLACED
)

_AT = " UNION ALL ".join(
    f"SELECT '{table}' AS what FROM {table} WHERE {column} = missing.position"  # noqa: S608
    for table, column in PLACED
)

OUTSIDE = f"""
    SELECT * FROM ({_PLACED}) AS placed
     WHERE position < 1 OR position > $2::bigint
     ORDER BY what, position LIMIT $1
"""  # noqa: S608

# Only where there is no entry it is asked what lies there.
LOGGED = f"""
    WITH missing AS MATERIALIZED ({_MISSING})
    SELECT DISTINCT placed.what, position
      FROM missing CROSS JOIN LATERAL ({_AT}) AS placed
     ORDER BY what, position LIMIT $1
"""  # noqa: S608

# What rows say was posted at a position, and what the log says.
SAID = """
    WITH said (position, kind) AS (
        SELECT position, CASE kind WHEN 'FREEZE' THEN 'BATCH_FROZEN'
                                   WHEN 'UNFREEZE' THEN 'BATCH_UNFROZEN'
                                   WHEN 'INVALIDATE' THEN 'BATCH_INVALIDATED'
                                   ELSE 'BATCH_EXPORTED' END
          FROM batch_fact WHERE position BETWEEN $2::bigint AND $3::bigint
        UNION ALL
        SELECT id, 'RETIREMENT_REQUESTED' FROM retirement_request WHERE id BETWEEN $2 AND $3
        UNION ALL
        SELECT position, 'RETIREMENT_REQUEST_' || outcome FROM request_end
         WHERE position BETWEEN $2 AND $3 AND outcome <> 'CONFIRMED'
        UNION ALL
        SELECT position, 'POSTING_CORRECTED' FROM correction WHERE position BETWEEN $2 AND $3
        UNION ALL
        SELECT position, 'DOUBLE_ISSUANCE_RESOLVED' FROM double_issuance_resolution
         WHERE position BETWEEN $2 AND $3
        UNION ALL
        SELECT id, 'CREDITS_ISSUED' FROM credit_batch WHERE id BETWEEN $2 AND $3
        UNION ALL
        SELECT id, 'PROJECT_REGISTERED' FROM project WHERE id BETWEEN $2 AND $3
        UNION ALL
        SELECT id, 'PROJECT_ENROLLED' FROM enrolment WHERE id BETWEEN $2 AND $3
        UNION ALL
        SELECT position, 'PILOT_AMENDED' FROM pilot_amendment WHERE position BETWEEN $2 AND $3
        UNION ALL
        SELECT position, 'ORGANISATION_AMENDED' FROM organisation_amendment WHERE position BETWEEN $2 AND $3
        UNION ALL
        SELECT withdrawn_position, 'ACCOUNTING_PERIOD_WITHDRAWN' FROM accounting_period
         WHERE withdrawn_position BETWEEN $2 AND $3
        UNION ALL
        (SELECT position, CASE WHEN EXISTS (SELECT FROM pilot WHERE id = subject_id)
                               THEN 'PILOT_SITE_STATED' ELSE 'PROJECT_AMENDED' END
           FROM site WHERE position BETWEEN $2 AND $3 AND position <> subject_id
         UNION SELECT position, 'PROJECT_AMENDED' FROM project_placement WHERE position BETWEEN $2 AND $3
         UNION SELECT position, 'PROJECT_AMENDED' FROM project_amendment WHERE position BETWEEN $2 AND $3
         UNION SELECT position, 'PROJECT_AMENDED' FROM enrolment_methodology
                WHERE position BETWEEN $2 AND $3)
        UNION ALL
        SELECT position, CASE WHEN (SELECT count(*) FROM pilot WHERE id IN (subject_id, other_id)) = 2
                              THEN 'PILOT_SITE_RESOLVED' ELSE 'PROJECT_SITE_RESOLVED' END
          FROM same_site_resolution WHERE position BETWEEN $2 AND $3
    ), logged AS (
        SELECT position, kind FROM log_entry
         WHERE position BETWEEN $2 AND $3
           AND kind IN ('BATCH_FROZEN', 'BATCH_UNFROZEN', 'BATCH_INVALIDATED', 'BATCH_EXPORTED',
                        'RETIREMENT_REQUESTED', 'RETIREMENT_REQUEST_CANCELLED',
                        'RETIREMENT_REQUEST_EXPIRED', 'POSTING_CORRECTED',
                        'DOUBLE_ISSUANCE_RESOLVED', 'CREDITS_ISSUED', 'PROJECT_REGISTERED',
                        'PROJECT_ENROLLED', 'PILOT_AMENDED', 'PILOT_SITE_STATED', 'PROJECT_AMENDED',
                        'PILOT_SITE_RESOLVED', 'PROJECT_SITE_RESOLVED', 'ACCOUNTING_PERIOD_WITHDRAWN',
                        'ORGANISATION_AMENDED')
    )
    SELECT position, said.kind AS rows_say, logged.kind AS log_says
      FROM said FULL JOIN logged USING (position)
     WHERE said.kind IS DISTINCT FROM logged.kind ORDER BY position LIMIT $1
"""


def _amended(thing: str) -> str:
    """Each amendment begins with what the one before it ended with, and the last one is what the thing is."""
    return f"""
    SELECT a.{thing}_id, a.position, a.before, a.after, coalesce(a.earlier, a.before) AS was, now.facts AS is
      FROM (SELECT *, lag(after) OVER amendments AS earlier, lead(position) OVER amendments AS next
              FROM {thing}_amendment
            WINDOW amendments AS (PARTITION BY {thing}_id ORDER BY position)) AS a
      LEFT JOIN (SELECT id, to_jsonb(p) AS facts FROM {thing} AS p) AS now ON now.id = a.{thing}_id
     WHERE a.before <> a.earlier
        OR a.next IS NULL AND (now.facts @> a.after) IS NOT TRUE
     ORDER BY a.position LIMIT $1
"""  # noqa: S608  (our own names)


AMENDED = _amended("pilot")
ORGANISATIONS_AMENDED = _amended("organisation")
PROJECTS_AMENDED = _amended("project")

# Periods of one pilot that stand share no day, and nothing rests on one that was withdrawn.
PERIODS = """
    SELECT p.pilot_id, p.id AS period_id, other.id AS other_period, i.id AS inventory_id, t.id AS target_id,
           m.position AS posting
      FROM accounting_period AS p
      LEFT JOIN accounting_period AS other
        ON p.withdrawn_position IS NULL AND other.withdrawn_position IS NULL
       AND other.pilot_id = p.pilot_id AND other.id < p.id
       AND other.starts_on <= p.ends_on AND p.starts_on <= other.ends_on
      LEFT JOIN inventory AS i
        ON p.withdrawn_position IS NOT NULL AND i.period_id = p.id AND i.discarded_position IS NULL
      LEFT JOIN target AS t ON p.withdrawn_position IS NOT NULL AND t.baseline_period_id = p.id
      LEFT JOIN account AS a ON p.withdrawn_position IS NOT NULL AND a.period_id = p.id
      LEFT JOIN movement AS m
        ON m.credit_id = a.id
       AND NOT EXISTS (SELECT FROM request_end WHERE request_id = m.position)
       AND NOT EXISTS (SELECT FROM correction WHERE posting_id = m.position)
     WHERE coalesce(other.id, i.id, t.id, m.position) IS NOT NULL ORDER BY p.id LIMIT $1
"""

# An outcome points to what its organisation brought about, or had a part in: the verifier's to the
# inventory. What can be asked for again and changes nothing then may be anybody's.
OUTCOMES = """
    SELECT o.organisation_id, o.key, o.position, e.organisation_id AS entry_of
      FROM outcome AS o
      LEFT JOIN log_entry AS e ON e.position = o.position
      LEFT JOIN (SELECT DISTINCT subject_id, coalesce(organisation_id, 0) FROM log_entry
                  WHERE subject_id <> position) AS part (subject_id, organisation_id)
        ON (part.subject_id, part.organisation_id) = (o.position, o.organisation_id)
     WHERE o.position IS NOT NULL
       AND (e.position IS NULL
            OR coalesce(e.organisation_id, 0) <> o.organisation_id AND part.subject_id IS NULL
               AND e.kind NOT IN ('API_KEY_ISSUED', 'PILOT_REGISTERED'))
     ORDER BY o.position LIMIT $1
"""

# Into which kinds of account each kind of entry moves.
MOVES = """(VALUES ('CREDITS_ISSUED', ARRAY['HOLDING']), ('CREDITS_TRANSFERRED', ARRAY['HOLDING']),
                   ('CREDITS_RETIRED', ARRAY['RETIREMENT']), ('RETIREMENT_REQUESTED', ARRAY['PENDING']),
                   ('RETIREMENT_REQUEST_CANCELLED', ARRAY['HOLDING']),
                   ('RETIREMENT_REQUEST_EXPIRED', ARRAY['HOLDING']), ('CREDITS_USED', ARRAY['OTHER_USE']),
                   ('CREDITS_FROZEN', ARRAY['FROZEN']), ('CREDITS_UNFROZEN', ARRAY['HOLDING']),
                   ('CREDITS_INVALIDATED', ARRAY['INVALIDATED']),
                   ('POSTING_CORRECTED', ARRAY['HOLDING', 'FROZEN', 'ISSUANCE']))"""

# The corrections of orders about whole batches, which move nothing.
_OF_ORDERS = (
    """SELECT c.position FROM correction AS c JOIN batch_fact AS f ON f.position = c.posting_id"""
)

ENTRY_MOVES = f"""
    SELECT position, e.kind, e.body ->> 'quantity' AS entry_says, wrong.moved,
           (SELECT string_agg(DISTINCT c.kind, ', ')
              FROM movement AS m JOIN account AS c ON c.id = m.credit_id
             WHERE m.position = wrong.position) AS moved_into,
           wrong.as_said
      FROM (SELECT position, sum(tonnes) AS moved, bool_and(as_said) AS as_said
              FROM (SELECT position, (e.body ->> 'quantity')::bigint AS quantity,
                           m.hi - m.lo AS tonnes,
                           c.kind = ANY(e.accounts)
                           AND (c.pilot_id, c.period_id, c.purpose) IS NOT DISTINCT FROM
                               ((e.body ->> 'pilot')::bigint,
                                (e.body ->> 'accounting_period')::bigint, e.body ->> 'purpose')
                           AND coalesce(d.organisation_id
                                        = coalesce(e.body ->> 'from', e.body ->> 'holder')::bigint,
                                        true)
                           AND coalesce(c.organisation_id
                                        = coalesce(e.body ->> 'to', e.body ->> 'holder')::bigint,
                                        true) AS as_said
                      FROM (SELECT e.position, e.body, k.accounts
                              FROM log_entry AS e JOIN {MOVES} AS k (kind, accounts)
                                ON k.kind = e.kind
                             WHERE e.position BETWEEN $2::bigint AND $3::bigint
                               AND e.position NOT IN ({_OF_ORDERS})) AS e
                      FULL JOIN (SELECT * FROM movement WHERE position BETWEEN $2 AND $3) AS m
                     USING (position)
                      LEFT JOIN account AS d ON d.id = m.debit_id
                      LEFT JOIN account AS c ON c.id = m.credit_id) AS line
             GROUP BY position
            HAVING sum(tonnes) IS DISTINCT FROM min(quantity)
                OR NOT bool_and(coalesce(as_said, false))) AS wrong
      LEFT JOIN log_entry AS e USING (position)
     ORDER BY position LIMIT $1
"""  # noqa: S608  (our own names)

MOVEMENT_JOINS = """
    SELECT m.*, b.lo AS batch_lo, b.hi AS batch_hi, debit.kind AS debit, credit.kind AS credit
      FROM movement AS m
      LEFT JOIN credit_batch AS b ON b.id = m.batch_id
      LEFT JOIN account AS debit ON debit.id = m.debit_id
      LEFT JOIN account AS credit ON credit.id = m.credit_id
     WHERE m.position BETWEEN $2::bigint AND $3::bigint
       AND (b.id IS NULL OR debit.id IS NULL OR credit.id IS NULL OR m.debit_id = m.credit_id
            OR m.lo < b.lo OR m.hi > b.hi
            OR coalesce(debit.programme, b.programme) <> b.programme
            OR coalesce(credit.programme, b.programme) <> b.programme
            OR (debit.kind = 'ISSUANCE') <> (m.batch_id = m.position)
            OR (credit.kind = 'ISSUANCE' OR debit.kind = 'INVALIDATED')
               AND NOT EXISTS (SELECT FROM correction AS c WHERE c.position = m.position))
     ORDER BY m.position, m.line LIMIT $1
"""

# One lot that was spent is tiled by pieces that begin and end with it, do not overlap, and have its
# tonnes; only of what is not so plain the serials themselves are compared.
SPENT_IS_TILED = """
    WITH made AS (
        SELECT position, batch_id, min(lo) AS lo, max(hi) AS hi, sum(hi - lo) AS tonnes,
               bool_or(lo < before) AS overlap
          FROM (SELECT position, batch_id, lo, hi,
                       lag(hi) OVER (PARTITION BY position, batch_id ORDER BY lo) AS before
                  FROM lot
                 WHERE position BETWEEN $2::bigint AND $3::bigint AND batch_id <> position) AS piece
         GROUP BY position, batch_id
    ), gone AS (
        SELECT s.position, l.batch_id, min(l.lo) AS lo, max(l.hi) AS hi, count(*) AS lots
          FROM lot_spent AS s
          LEFT JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
         WHERE s.position BETWEEN $2 AND $3
         GROUP BY s.position, l.batch_id
    ), unplain AS (
        SELECT coalesce(made.position, gone.position) AS position,
               coalesce(made.batch_id, gone.batch_id) AS batch_id
          FROM made
          FULL JOIN gone ON gone.position = made.position AND gone.batch_id = made.batch_id
         WHERE made.position IS NULL OR gone.position IS NULL
            OR (gone.lots, made.overlap IS TRUE, made.lo, made.hi, made.tonnes)
               IS DISTINCT FROM (1, false, gone.lo, gone.hi, gone.hi - gone.lo)
    )
    SELECT position, batch_id, gone.serials AS spent, made.serials AS pieces,
           gone.tonnes AS spent_tonnes, made.tonnes AS pieces_tonnes
      FROM unplain
     CROSS JOIN LATERAL (
            SELECT range_agg(int8range(lo, hi)) AS serials, sum(hi - lo) AS tonnes FROM lot
             WHERE lot.position = unplain.position AND lot.batch_id + 0 = unplain.batch_id
               AND lot.batch_id <> lot.position) AS made
     CROSS JOIN LATERAL (
            SELECT range_agg(int8range(l.lo, l.hi)) AS serials, sum(l.hi - l.lo) AS tonnes
              FROM lot_spent AS s
              JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
             WHERE s.position = unplain.position AND l.batch_id + 0 = unplain.batch_id) AS gone
     WHERE made.serials IS NULL OR gone.serials IS NULL OR made.serials <> gone.serials
        OR made.tonnes <> gone.tonnes
     ORDER BY 1, 2 LIMIT $1
"""

# Into each account came exactly the pieces that movements brought there.
CREDITED = """
    SELECT position, batch_id, account_id, moved.serials AS moved, made.serials AS pieces
      FROM (SELECT position, batch_id, credit_id AS account_id,
                   range_agg(int8range(lo, hi)) AS serials, sum(hi - lo) AS tonnes
              FROM movement WHERE position BETWEEN $2::bigint AND $3::bigint
             GROUP BY position, batch_id, credit_id) AS moved
      FULL JOIN (SELECT position, batch_id, account_id, range_agg(int8range(lo, hi)) AS serials,
                        sum(hi - lo) AS tonnes
                   FROM lot WHERE position BETWEEN $2 AND $3 AND since = position
                  GROUP BY position, batch_id, account_id) AS made
     USING (position, batch_id, account_id)
     WHERE moved.serials IS DISTINCT FROM made.serials OR moved.tonnes <> made.tonnes
     ORDER BY 1, 2, 3 LIMIT $1
"""

# Each movement took from lots of the account that it debits: from one, or else from several together.
DEBITED = """
    WITH several AS (
        SELECT DISTINCT m.position, m.batch_id, m.debit_id AS account_id
          FROM movement AS m
         WHERE m.position BETWEEN $2::bigint AND $3::bigint AND m.batch_id <> m.position
           AND NOT EXISTS (SELECT FROM lot_spent AS s
                             JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
                            WHERE s.position = m.position AND l.batch_id + 0 = m.batch_id
                              AND l.account_id = m.debit_id AND l.lo <= m.lo AND m.hi <= l.hi
                              AND s.position BETWEEN $2 AND $3)
    )
    SELECT position, batch_id, account_id, moved.serials AS moved, gone.serials AS spent
      FROM several
     CROSS JOIN LATERAL (
            SELECT range_agg(int8range(m.lo, m.hi)) AS serials FROM movement AS m
             WHERE m.position = several.position AND m.batch_id + 0 = several.batch_id
               AND m.debit_id + 0 = several.account_id) AS moved
     CROSS JOIN LATERAL (
            SELECT range_agg(int8range(l.lo, l.hi)) AS serials
              FROM lot_spent AS s
              JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
             WHERE s.position = several.position AND l.batch_id + 0 = several.batch_id
               AND l.account_id = several.account_id) AS gone
     WHERE gone.serials IS NULL OR NOT gone.serials @> moved.serials
     ORDER BY 1, 2, 3 LIMIT $1
"""

REMAINDERS = """
    SELECT r.*
      FROM lot AS r
     WHERE r.position BETWEEN $2::bigint AND $3::bigint AND r.since <> r.position
       AND NOT EXISTS (SELECT FROM lot_spent AS s
                         JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
                        WHERE s.position = r.position AND l.batch_id + 0 = r.batch_id
                          AND l.account_id = r.account_id AND l.since = r.since
                          AND l.lo <= r.lo AND r.hi <= l.hi)
     ORDER BY r.position, r.piece LIMIT $1
"""

AVAILABLE = """
    SELECT coalesce(held.position, v.lot_position) AS position,
           coalesce(held.piece, v.lot_piece) AS piece, to_jsonb(held) AS lot, to_jsonb(v) AS cached
      FROM (SELECT l.position, l.piece, l.account_id, b.vintage, l.batch_id, l.lo, l.hi, l.since
              FROM lot AS l
              JOIN account AS a ON a.id = l.account_id AND a.kind = 'HOLDING'
              LEFT JOIN credit_batch AS b ON b.id = l.batch_id
             WHERE l.position BETWEEN $2::bigint AND $3::bigint
               AND NOT EXISTS (SELECT FROM lot_spent AS s
                                WHERE s.lot_position = l.position AND s.lot_piece = l.piece
                                  AND s.lot_position BETWEEN $2 AND $3)) AS held
      FULL JOIN (SELECT * FROM available_lot WHERE lot_position BETWEEN $2 AND $3) AS v
        ON v.lot_position = held.position AND v.lot_piece = held.piece
     WHERE (held.account_id, held.vintage, held.batch_id, held.lo, held.hi, held.since)
           IS DISTINCT FROM (v.account_id, v.vintage, v.batch_id, v.lo, v.hi, v.since)
     ORDER BY 1, 2 LIMIT $1
"""

# Each account and batch that something moved into or out of has its balance: the one before, and what
# moved. Only issuance is below zero. The one before is mostly of the same slice; only where it is not,
# or something seems wrong, it is looked up.
BALANCES = """
    WITH step AS (
        SELECT account_id, batch_id, position, sum(moved) AS moved, max(balance) AS tonnes,
               lag(max(balance)) OVER (PARTITION BY account_id, batch_id ORDER BY position) AS before
          FROM (SELECT credit_id, batch_id, position, hi - lo, NULL::bigint
                  FROM movement WHERE position BETWEEN $2::bigint AND $3::bigint
                UNION ALL
                SELECT debit_id, batch_id, position, lo - hi, NULL
                  FROM movement WHERE position BETWEEN $2 AND $3
                UNION ALL
                SELECT account_id, batch_id, position, NULL, tonnes
                  FROM balance WHERE position BETWEEN $2 AND $3)
            AS leg (account_id, batch_id, position, moved, balance)
         GROUP BY account_id, batch_id, position
    ), unplain AS (
        SELECT step.*, a.kind
          FROM step LEFT JOIN account AS a ON a.id = step.account_id
         WHERE before IS NULL OR (tonnes - before = moved) IS NOT TRUE
            OR (tonnes * CASE a.kind WHEN 'ISSUANCE' THEN -1 ELSE 1 END >= 0) IS NOT TRUE
    )
    SELECT u.account_id, u.batch_id, u.position, u.tonnes, coalesce(earlier.tonnes, 0) AS before,
           u.moved
      FROM unplain AS u
      LEFT JOIN LATERAL (
            SELECT tonnes FROM balance AS e
             WHERE e.account_id = u.account_id AND e.batch_id = u.batch_id
               AND e.position < u.position
             ORDER BY e.position DESC LIMIT 1) AS earlier ON true
     WHERE u.tonnes - coalesce(earlier.tonnes, 0) IS DISTINCT FROM u.moved
        OR (u.tonnes * CASE u.kind WHEN 'ISSUANCE' THEN -1 ELSE 1 END >= 0) IS NOT TRUE
     ORDER BY 3, 1, 2 LIMIT $1
"""

ISSUED_WHOLE = """
    SELECT b.id AS batch_id, b.quantity, m.lo AS moved_lo, m.hi AS moved_hi, l.lo AS lot_lo,
           l.hi AS lot_hi
      FROM credit_batch AS b
      LEFT JOIN movement AS m ON m.position = b.id AND m.line = 0 AND m.batch_id = b.id
      LEFT JOIN lot AS l ON l.position = b.id AND l.piece = 0 AND l.batch_id = b.id
     WHERE b.id BETWEEN $2::bigint AND $3::bigint
       AND (b.lo, b.hi, b.lo, b.hi, m.credit_id)
           IS DISTINCT FROM (m.lo, m.hi, l.lo, l.hi, l.account_id)
     ORDER BY b.id LIMIT $1
"""

REGISTRY = f"""
    SELECT id AS batch_id, programme, registry, by_certificate
      FROM credit_batch
     WHERE (programme, registry, by_certificate) NOT IN ({REGISTRIES})
     ORDER BY id LIMIT $1
"""  # noqa: S608  (our own data)

# No serial lies in two blocks of a registry and prefix that stand, however they are written.
# Each block is compared with the one before it that reaches furthest.
ISSUED_ONCE = f"""
    SELECT id AS batch_id, registry, prefix, lo, hi, furthest[2] AS other_id, furthest[1] AS other_hi
      FROM (SELECT *, max(ARRAY[hi, id]) OVER (
                      PARTITION BY upper(registry), upper({NUMBER_KEY.format(of="prefix")})
                      ORDER BY lo, hi, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS furthest
              FROM credit_batch WHERE withdrawn_position IS NULL) AS block
     WHERE lo < furthest[1] ORDER BY id LIMIT $1
"""  # noqa: S608  (our own names)

# What is forestry is so by its methodology, and its batches are what their project is (rule 6).
FORESTRY = """
    SELECT what, said.id, project_id, says AS says_forestry, p.forestry AS project_is
      FROM (SELECT 'enrolment', id, project_id, sink FROM enrolment WHERE sink IS NOT NULL
            UNION ALL SELECT 'methodology', e.id, e.project_id, s.sink
                        FROM enrolment_methodology AS s JOIN enrolment AS e ON e.id = s.enrolment_id
                       WHERE s.sink IS NOT NULL OR e.methodology IS NOT NULL
            UNION ALL SELECT 'batch', id, project_id, forestry FROM credit_batch
            UNION ALL SELECT 'batch by vintage', id, project_id, false FROM credit_batch
                       WHERE forestry AND production_basis = 'VINTAGE')
        AS said (what, id, project_id, says)
      JOIN project AS p ON p.id = said.project_id
     WHERE says <> p.forestry ORDER BY said.id LIMIT $1
"""

# What is certainly at one site is recorded: by its code, or by the same coordinates.
SITES_MATCHED = """
    SELECT a.subject_id, b.subject_id AS other_id, a.position
      FROM site AS a
      JOIN site AS b ON b.code_key = a.code_key OR (b.latitude, b.longitude) = (a.latitude, a.longitude)
     WHERE b.subject_id < a.subject_id
       AND NOT EXISTS (SELECT FROM same_site AS s
                        WHERE (s.subject_id, s.other_id) = (a.subject_id, b.subject_id))
     ORDER BY 1, 2 LIMIT $1
"""

# The parts of one registration of reductions agree, and come to no more than was registered.
PARTS = """
    SELECT programme, min(issuance) AS issuance, sum(quantity) AS issued, min(issuance_quantity) AS registered
      FROM credit_batch WHERE issuance IS NOT NULL AND withdrawn_position IS NULL
     GROUP BY programme, issuance_key
    HAVING sum(quantity) > min(issuance_quantity)
        OR count(DISTINCT (project_id, reductions_registered_on, issuance_quantity)) > 1
     ORDER BY programme, issuance LIMIT $1
"""

# What seems to be issued twice is suspected, of a batch the hundred oldest: see `nzc_check_doubles`. What
# was issued before there were sites was compared in another way.
SUSPECTED = """
    SELECT b.id AS batch_id, other.id AS other_id
      FROM credit_batch AS b
     CROSS JOIN LATERAL (
            SELECT found.id
              FROM (SELECT b.project_id, true AS near
                    UNION ALL
                    SELECT beside.project_id, bool_or(beside.near)
                      FROM (SELECT s.other_id, s.by <> 'LOCALITY' FROM same_site AS s
                             WHERE s.subject_id = b.project_id AND s.position < b.id
                            UNION ALL
                            SELECT s.subject_id, s.by <> 'LOCALITY' FROM same_site AS s
                             WHERE s.other_id = b.project_id AND s.position < b.id) AS beside (project_id, near)
                     GROUP BY beside.project_id) AS here
             CROSS JOIN LATERAL (
                    SELECT c.id FROM credit_batch AS c
                     WHERE c.project_id = here.project_id AND c.id < b.id
                       AND coalesce(c.withdrawn_position > b.id, true)
                       AND (here.near OR c.programme <> b.programme)
                       AND (c.programme = b.programme AND c.issuance_key = b.issuance_key) IS NOT TRUE
                       AND c.produced_from <= b.produced_to AND b.produced_from <= c.produced_to
                     ORDER BY c.id LIMIT 100) AS found
             ORDER BY found.id LIMIT 100) AS other
     WHERE b.id BETWEEN $2::bigint AND $3::bigint AND b.compared
       AND NOT EXISTS (SELECT FROM double_issuance AS d
                        WHERE (d.batch_id, d.other_id) = (b.id, other.id))
     ORDER BY 1, 2 LIMIT $1
"""

# What gives a sink back does so to a pilot that it lies in, for a period with days in which it grew.
OWN_SINKS = """
    WITH RECURSIVE given AS (
        SELECT m.position, m.batch_id, b.produced_from, b.produced_to, p.forestry,
               CASE WHEN placed.position IS NULL THEN p.pilot_id ELSE placed.pilot_id END AS inside_id,
               a.pilot_id, a.period_id
          FROM account AS a
          JOIN movement AS m ON m.credit_id = a.id
          JOIN credit_batch AS b ON b.id = m.batch_id
          JOIN project AS p ON p.id = b.project_id
          LEFT JOIN LATERAL (SELECT position, pilot_id FROM project_placement
                              WHERE project_id = p.id AND position < m.position
                              ORDER BY position DESC LIMIT 1) AS placed ON true
         WHERE a.purpose = 'OWN_SINK' AND a.pilot_id IS NOT NULL
    ), around (position, outer_id) AS (
        SELECT position, inside_id FROM given
        UNION
        SELECT around.position, latest.surrounding_id
          FROM around
         CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement AS placed
                              WHERE placed.pilot_id = around.outer_id
                                AND placed.position < around.position
                              ORDER BY placed.position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL
    )
    SELECT given.position, given.batch_id, given.inside_id, given.pilot_id, given.period_id
      FROM given
      LEFT JOIN accounting_period AS t ON t.id = given.period_id AND t.pilot_id = given.pilot_id
     WHERE (given.forestry AND t.starts_on <= given.produced_to AND given.produced_from <= t.ends_on
            AND EXISTS (SELECT FROM around
                         WHERE around.position = given.position AND outer_id = given.pilot_id))
           IS NOT TRUE
     ORDER BY given.position LIMIT $1
"""

# A registry's number names one order, of what was not corrected.
ONE_ORDER = f"""
    SELECT programme, number, min(position) AS position, max(position) AS other_position
      FROM (SELECT position, body ->> 'programme' AS programme,
                   {REFERENCE_KEY} AS number,
                   ARRAY[body ->> 'pilot', body ->> 'accounting_period', body ->> 'purpose',
                         body ->> 'beneficiary',
                         coalesce(body ->> 'retired_on', body ->> 'used_on')] AS named
              FROM log_entry AS e
             WHERE kind IN ('CREDITS_RETIRED', 'CREDITS_USED') AND (body ->> 'reference') IS NOT NULL
               AND NOT EXISTS (SELECT FROM correction AS c WHERE c.posting_id = e.position)) AS entry
     GROUP BY programme, number HAVING count(DISTINCT named) > 1
     ORDER BY 3 LIMIT $1
"""  # noqa: S608  (our own names)

CURRENT = """
    (SELECT l.* FROM lot AS l
      WHERE l.batch_id BETWEEN $2::bigint AND $3::bigint
        AND NOT EXISTS (SELECT FROM lot_spent AS s
                         WHERE s.lot_position = l.position AND s.lot_piece = l.piece))"""

TILED = f"""
    SELECT b.id AS batch_id, b.lo AS batch_lo, b.hi AS batch_hi, c.position, c.piece, c.lo, c.hi,
           c.before AS previous_hi
      FROM credit_batch AS b
      LEFT JOIN (SELECT l.*, lag(hi) OVER tiles AS before, lead(lo) OVER tiles AS after
                   FROM {CURRENT} AS l WINDOW tiles AS (PARTITION BY batch_id ORDER BY lo, hi)) AS c
        ON c.batch_id = b.id
     WHERE b.id BETWEEN $2 AND $3
       AND (c.batch_id IS NULL OR c.lo <> coalesce(c.before, b.lo)
            OR (c.after IS NULL AND c.hi <> b.hi))
     ORDER BY b.id, c.lo LIMIT $1
"""  # noqa: S608

# What went back to its registry lies with it, and is issued no more.
LOTS_ARE_BALANCES = f"""
    SELECT c.account_id, c.batch_id, c.tonnes AS lots, latest.tonnes AS balance
      FROM (SELECT l.account_id, l.batch_id,
                   sum(CASE WHEN a.kind = 'ISSUANCE' THEN 0 ELSE hi - lo END) AS tonnes
              FROM {CURRENT} AS l JOIN account AS a ON a.id = l.account_id
             GROUP BY l.account_id, l.batch_id) AS c
      LEFT JOIN LATERAL (
            SELECT tonnes FROM balance AS b
             WHERE b.account_id = c.account_id AND b.batch_id = c.batch_id
             ORDER BY b.position DESC LIMIT 1) AS latest ON true
     WHERE c.tonnes IS DISTINCT FROM latest.tonnes ORDER BY 1, 2 LIMIT $1
"""  # noqa: S608

# Of each account and batch only the latest balance is read: the next pair is found by skipping.
CONSERVED = """
    WITH RECURSIVE pair (account_id, batch_id) AS (
        SELECT a.id, first.batch_id
          FROM account AS a
         CROSS JOIN LATERAL (SELECT batch_id FROM balance WHERE balance.account_id = a.id
                              ORDER BY batch_id LIMIT 1) AS first
        UNION ALL
        SELECT pair.account_id, next.batch_id
          FROM pair
         CROSS JOIN LATERAL (
                SELECT batch_id FROM balance
                 WHERE balance.account_id = pair.account_id AND balance.batch_id > pair.batch_id
                 ORDER BY batch_id LIMIT 1) AS next
    ), sums AS (
        SELECT pair.batch_id, a.kind, sum(latest.tonnes) AS tonnes
          FROM pair JOIN account AS a ON a.id = pair.account_id
         CROSS JOIN LATERAL (
                SELECT tonnes FROM balance
                 WHERE balance.account_id = pair.account_id AND balance.batch_id = pair.batch_id
                 ORDER BY balance.position DESC LIMIT 1) AS latest
         GROUP BY pair.batch_id, a.kind
    )
    SELECT coalesce(b.id, s.batch_id) AS batch_id, b.issued,
           sum(s.tonnes) FILTER (WHERE kind = 'ISSUANCE') AS issuance,
           sum(s.tonnes) FILTER (WHERE kind = 'HOLDING') AS held,
           sum(s.tonnes) FILTER (WHERE kind = 'PENDING') AS pending,
           sum(s.tonnes) FILTER (WHERE kind = 'RETIREMENT') AS retired,
           sum(s.tonnes) FILTER (WHERE kind = 'OTHER_USE') AS used,
           sum(s.tonnes) FILTER (WHERE kind = 'FROZEN') AS frozen,
           sum(s.tonnes) FILTER (WHERE kind = 'INVALIDATED') AS invalidated
      FROM (SELECT id, CASE WHEN withdrawn_position IS NULL THEN quantity ELSE 0 END AS issued
              FROM credit_batch) AS b
      FULL JOIN sums AS s ON s.batch_id = b.id
     GROUP BY b.id, b.issued, s.batch_id
    HAVING b.issued IS DISTINCT FROM sum(s.tonnes) FILTER (WHERE kind <> 'ISSUANCE')
        OR b.issued IS DISTINCT FROM - sum(s.tonnes) FILTER (WHERE kind = 'ISSUANCE')
     ORDER BY 1 LIMIT $1
"""


def _overlapping(batch: str, lo: str, hi: str) -> str:
    """The movements of serials of a range: size by size (see `SIZE`), as one begins at most so far
    before what it overlaps."""
    return f"""
        generate_series(2, 64) AS sized (size)
        CROSS JOIN LATERAL (
            SELECT * FROM movement
             WHERE batch_id = {batch} AND {SIZE} = sized.size AND lo < {hi} AND hi > {lo}
               AND lo > {lo} - ({LONGEST} >> (sized.size - 2))
            OFFSET 0)"""  # noqa: S608  (our own names)


# A serial that was retired twice, and did not leave its first retirement in between. Those that may
# be are found in one pass in order of serials; only they are looked at.
RETIRED_ONCE = f"""
    WITH retired AS (
        SELECT m.*, max(m.hi) OVER (PARTITION BY m.batch_id ORDER BY m.lo, m.hi
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
          FROM movement AS m JOIN account AS c ON c.id = m.credit_id AND c.kind = 'RETIREMENT'
    ), twice AS MATERIALIZED (
        SELECT * FROM retired WHERE lo < reached
    ), pair AS (
        SELECT one.batch_id, greatest(one.lo, other.lo) AS lo, least(one.hi, other.hi) AS hi,
               least(one.position, other.position) AS first_position,
               greatest(one.position, other.position) AS again_position,
               CASE WHEN one.position < other.position THEN one.credit_id
                    ELSE other.credit_id END AS first_credit_id
          FROM twice AS one
         CROSS JOIN {_overlapping("one.batch_id", "one.lo", "one.hi")} AS other
          JOIN account AS c ON c.id = other.credit_id AND c.kind = 'RETIREMENT'
         WHERE (other.position, other.line) <> (one.position, one.line)
    )
    SELECT DISTINCT batch_id, lo, hi, first_position, again_position
      FROM pair
     WHERE NOT coalesce((
           SELECT range_agg(int8range(o.lo, o.hi))
             FROM {_overlapping("pair.batch_id", "pair.lo", "pair.hi")} AS o
            WHERE o.debit_id = pair.first_credit_id
              AND o.position > pair.first_position AND o.position <= pair.again_position)
           @> int8range(pair.lo, pair.hi), false)
     ORDER BY 1, 2, 4 LIMIT $1
"""  # noqa: S608  (our own names)

# A correction takes back what it corrects, to where it came from; what was requested and confirmed,
# to its holder.
CORRECTIONS = """
    WITH posted AS (
        SELECT c.position, m.batch_id, m.credit_id AS from_id,
               CASE WHEN o.kind = 'PENDING' THEN h.id ELSE o.id END AS to_id,
               range_agg(int8range(m.lo, m.hi)) AS serials, sum(m.hi - m.lo) AS tonnes
          FROM correction AS c
          LEFT JOIN movement AS m ON m.position = c.posting_id
          LEFT JOIN account AS o ON o.id = m.debit_id
          LEFT JOIN account AS h ON o.kind = 'PENDING' AND h.kind = 'HOLDING'
           AND (h.programme, h.organisation_id) = (o.programme, o.organisation_id)
         WHERE NOT EXISTS (SELECT FROM batch_fact AS f WHERE f.position = c.posting_id)
         GROUP BY 1, 2, 3, 4
    ), back AS (
        SELECT c.position, m.batch_id, m.debit_id AS from_id, m.credit_id AS to_id,
               range_agg(int8range(m.lo, m.hi)) AS serials, sum(m.hi - m.lo) AS tonnes
          FROM correction AS c JOIN movement AS m ON m.position = c.position
         GROUP BY 1, 2, 3, 4
    )
    SELECT position, batch_id, from_id, to_id, posted.serials AS posted, back.serials AS taken_back
      FROM posted FULL JOIN back USING (position, batch_id, from_id, to_id)
     WHERE posted.serials IS DISTINCT FROM back.serials OR posted.tonnes IS DISTINCT FROM back.tonnes
     ORDER BY position LIMIT $1
"""

# What was corrected may be; of issuances that is their withdrawal, and of orders that of a whole batch.
CORRECTED = """
    SELECT c.position, c.posting_id, e.kind, b.withdrawn_position, f.kind AS of_order
      FROM (SELECT id, withdrawn_position FROM credit_batch WHERE withdrawn_position IS NOT NULL) AS b
      FULL JOIN correction AS c ON c.posting_id = b.id
      LEFT JOIN log_entry AS e ON e.position = c.posting_id
      LEFT JOIN batch_fact AS f ON f.position = c.posting_id
     WHERE CASE
           WHEN e.kind = 'CREDITS_ISSUED' THEN c.position = b.withdrawn_position
           WHEN e.kind IN ('BATCH_INVALIDATED', 'BATCH_EXPORTED') THEN f.position IS NOT NULL
           ELSE e.kind IN ('CREDITS_RETIRED', 'CREDITS_USED', 'CREDITS_TRANSFERRED', 'CREDITS_INVALIDATED')
                AND b.id IS NULL AND f.position IS NULL
           END IS NOT TRUE
     ORDER BY 1 LIMIT $1
"""

# What an open request asked for is pending, less what was confirmed of it in parts, and nothing of one that ended.
REQUESTS = """
    SELECT r.id AS request_id, x.position AS ended, x.outcome, e.body ->> 'quantity' AS asked,
           part.tonnes AS confirmed_in_part, coalesce(p.tonnes, 0) AS pending
      FROM retirement_request AS r
      LEFT JOIN request_end AS x ON x.request_id = r.id
      LEFT JOIN log_entry AS e ON e.position = r.id
      LEFT JOIN LATERAL (
            SELECT sum(l.hi - l.lo) AS tonnes
              FROM lot AS l JOIN account AS a ON a.id = l.account_id AND a.kind = 'PENDING'
             WHERE l.position IN (SELECT r.id UNION ALL
                                  SELECT position FROM request_part WHERE request_id = r.id)
               AND l.since = r.id
               AND NOT EXISTS (SELECT FROM lot_spent AS s
                                WHERE s.lot_position = l.position AND s.lot_piece = l.piece)
            ) AS p ON true
      LEFT JOIN LATERAL (
            SELECT coalesce(sum(m.hi - m.lo), 0) AS tonnes
              FROM request_part AS of_it JOIN movement AS m ON m.position = of_it.position
             WHERE of_it.request_id = r.id
            ) AS part ON true
     WHERE coalesce(p.tonnes, 0) IS DISTINCT FROM
           CASE WHEN x.position IS NULL THEN (e.body ->> 'quantity')::bigint - part.tonnes ELSE 0 END
     ORDER BY r.id LIMIT $1
"""

PENDING = """
    SELECT l.*
      FROM lot AS l JOIN account AS a ON a.id = l.account_id AND a.kind = 'PENDING'
     WHERE l.position BETWEEN $2::bigint AND $3::bigint
       AND NOT EXISTS (SELECT FROM lot_spent AS s
                        WHERE s.lot_position = l.position AND s.lot_piece = l.piece
                          AND s.lot_position BETWEEN $2 AND $3)
       AND NOT EXISTS (SELECT FROM retirement_request AS r
                        WHERE r.id = l.since
                          AND NOT EXISTS (SELECT FROM request_end AS x WHERE x.request_id = r.id))
     ORDER BY l.position, l.piece LIMIT $1
"""

# The current lots of a programme in order of their serials, each with who and what it is for. Of what
# is retired the log says who held it.
UNITS = """
    SELECT b.registry, b.prefix, b.by_certificate, l.lo, l.hi, a.kind, o.name_zh AS holder_zh,
           o.name_en AS holder_en, p.code AS pilot_code, p.name_zh AS pilot_zh,
           p.name_en AS pilot_en,
           EXISTS (SELECT FROM batch_fact AS f
                    WHERE f.batch_id = b.id AND f.kind = 'INVALIDATE'
                      AND NOT EXISTS (SELECT FROM correction AS c
                                       WHERE c.posting_id = f.position)) AS invalidated
      FROM credit_batch AS b
      JOIN lot AS l ON l.batch_id = b.id
      JOIN account AS a ON a.id = l.account_id
      LEFT JOIN log_entry AS e ON e.position = l.since AND a.kind = 'RETIREMENT'
      LEFT JOIN organisation AS o
        ON o.id = coalesce(a.organisation_id, (e.body ->> 'holder')::bigint)
      LEFT JOIN pilot AS p ON p.id = a.pilot_id AND a.kind = 'RETIREMENT'
     WHERE b.programme = $1 AND b.withdrawn_position IS NULL
       AND NOT EXISTS (SELECT FROM lot_spent AS s
                        WHERE s.lot_position = l.position AND s.lot_piece = l.piece)
     ORDER BY b.registry COLLATE "C", b.prefix COLLATE "C", l.lo
"""

# How many rows of a stream are held at a time.
STREAMED = 2_000


class Snapshot:
    """The ledger at one moment, to be asked as long as it takes."""

    def __init__(self, driver: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._driver = driver

    async def rows(self, query: str, *given: int) -> list[dict[str, Any]]:
        found = await self._driver.fetch(query, *given, timeout=PATIENCE)
        return [dict(row) for row in found]

    async def stream(self, query: str, *given: Any) -> AsyncIterator[Mapping[str, Any]]:
        """The rows of a query, however many, a few at a time."""
        async for row in self._driver.cursor(query, *given, prefetch=STREAMED, timeout=PATIENCE):
            yield dict(row)

    async def head(self) -> int:
        """The last position."""
        return await self._number(HEAD)

    async def batch_starts(self, size: int) -> Sequence[int]:
        """The first batch of every so many."""
        rows = await self._driver.fetch(BATCH_STARTS, size, timeout=PATIENCE)
        return [row["id"] for row in rows]

    async def _number(self, query: str) -> int:
        return int(await self._driver.fetchval(query, timeout=PATIENCE) or 0)


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Snapshot]:
    """The ledger as it is now, and stays during the block whatever is posted meanwhile."""
    async with snapshots(database, 1) as (only,):
        yield only


@asynccontextmanager
async def snapshots(database: Database, many: int) -> AsyncIterator[list[Snapshot]]:
    """The ledger at one moment, over so many connections that can be asked side by side."""
    async with AsyncExitStack() as stack:
        taken: list[Snapshot] = []
        name: str | None = None
        for _ in range(many):
            connection = await stack.enter_async_context(lent(database.engine.connect()))
            await connection.execution_options(isolation_level="REPEATABLE READ")
            await stack.enter_async_context(connection.begin())
            if name is not None:
                # It takes no parameters; the name is PostgreSQL's own.
                await connection.execute(text(f"SET TRANSACTION SNAPSHOT '{name}'"))
            await connection.execute(SETTINGS)
            if name is None and many > 1:
                name = (await connection.execute(EXPORT)).scalar_one()
            raw = await connection.get_raw_connection()
            assert raw.driver_connection is not None
            taken.append(Snapshot(raw.driver_connection))
        yield taken
