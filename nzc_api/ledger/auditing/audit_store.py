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

from nzc_api.database.engine import Database, Lent
from nzc_api.database.sql_files import sql_in
from nzc_api.ids import Position
from nzc_api.ledger.tables import LONGEST, REGISTRIES, SIZE
from nzc_api.log.chain import DIGEST_SQL, GENESIS_SQL
from nzc_api.log.rows import BINDING, DIGESTS_SQL, MEMBER, POSTED
from nzc_api.log.tables import REFERENCE_KEY
from nzc_api.numbers import NUMBER_KEY

_sql = sql_in(__package__, "ledger")

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
    ("double_issuance", "position"), ("double_issuance_resolution", "position"),
    ("grounds", "position"), ("balance", "position"),
    ("pilot_amendment", "position"), ("inventory", "id"), ("inventory_line", "position"),
    ("verification_opinion", "position"), ("site", "position"), ("same_site", "position"),
    ("same_site_resolution", "position"), ("project_placement", "position"),
    ("target", "id"), ("document", "id"), ("meter", "id"), ("meter_device", "position"),
    ("meter_placement", "position"), ("meter_gateway", "position"), ("reading_batch", "id"),
    ("meter_rollup", "position"), ("denominator", "id"), ("energy_baseline", "id"),
    ("monitoring_alert", "id"), ("monitoring_alert_end", "position"),
    ("accounting_period", "withdrawn_position"),
    ("organisation_amendment", "position"), ("project_amendment", "position"),
    ("enrolment_methodology", "position"), ("crediting_period", "position"),
    ("proposal", "id"), ("proposal_end", "position"),
    ("application", "id"), ("application_step", "position"), ("criterion_claim", "id"),
    ("criterion_judgement", "id"), ("measure", "id"), ("measure_progress", "position"),
    ("measure_effect", "id"), ("potential_analysis", "id"), ("financing", "id"), ("financing_end", "position"),
    ("post", "id"), ("appointment", "id"), ("name_erasure", "position"), ("duty", "id"),
    ("management_rule", "id"), ("rule_repeal", "position"), ("upkeep", "id"),
    ("plan", "id"), ("plan_step", "position"),
    ("milestone_reached", "position"), ("completion", "position"),
    ("evaluation", "id"), ("self_evaluation", "id"), ("panel", "id"), ("site_visit", "id"),
    ("evaluation_score", "id"), ("finding", "id"), ("finding_step", "position"), ("evaluation_decision", "id"),
    ("follow_up", "id"),
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
SAID = _sql("said")

# What rows of the ledger, and of what it rests on, say, each by itself, beside their entries.
TOLD = _sql("told")

# What was written with an entry is what the entry is bound to, table by table; and nothing is written with an entry of
# a kind that is never bound.
BOUND = f"""
    WITH entries AS MATERIALIZED (
        SELECT position, kind, subject_id, body -> '{MEMBER}' AS rows FROM log_entry
         WHERE position BETWEEN $2::bigint AND $3::bigint
    ), found AS ({DIGESTS_SQL}), said AS (
        SELECT position, key AS what, value AS digest FROM entries, jsonb_each_text(rows)
    )
    SELECT position, what AS table, said.digest AS log_says, found.digest AS rows_say
      FROM said FULL JOIN found USING (position, what) JOIN entries AS e USING (position)
     WHERE said.digest IS DISTINCT FROM found.digest
       AND (e.rows IS NOT NULL
            OR e.kind <> ALL ('{{{",".join(sorted(BINDING))}}}') AND what <> ALL ('{{{",".join(POSTED)}}}'))
     ORDER BY position, what LIMIT $1
"""  # noqa: S608  (our own names)


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
PERIODS = _sql("periods")

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

ENTRY_MOVES = _sql("entry_moves").format(MOVES=MOVES, _OF_ORDERS=_OF_ORDERS)

MOVEMENT_JOINS = _sql("movement_joins")

# One lot that was spent is tiled by pieces that begin and end with it, do not overlap, and have its
# tonnes; only of what is not so plain the serials themselves are compared.
SPENT_IS_TILED = _sql("spent_is_tiled")

# Into each account came exactly the pieces that movements brought there.
CREDITED = _sql("credited")

# Each movement took from lots of the account that it debits: from one, or else from several together.
DEBITED = _sql("debited")

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

AVAILABLE = _sql("available")

# Each account and batch that something moved into or out of has its balance: the one before, and what
# moved. Only issuance is below zero. The one before is mostly of the same slice; only where it is not,
# or something seems wrong, it is looked up.
BALANCES = _sql("balances")

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
                      PARTITION BY upper(registry), upper({NUMBER_KEY.format(text="prefix")})
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

# Crediting periods are as entries say them, all of them; monitoring periods of what stands lie in the latest.
CREDITED_FOR = _sql("credited_for")

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

# What seems to be issued twice is suspected, of a batch the hundred oldest at once: see `nzc_check_doubles` and
# `nzc_found_at_one_site`. What was issued, or found, before there were these was compared in another way.
SUSPECTED = _sql("suspected")

# What gives a sink back does so to a pilot that it lies in, for a period with days in which it grew.
OWN_SINKS = _sql("own_sinks")

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
CONSERVED = _sql("conserved")


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
RETIRED_ONCE = _sql("retired_once").format(
    beside_one=_overlapping("one.batch_id", "one.lo", "one.hi"),
    within_pair=_overlapping("pair.batch_id", "pair.lo", "pair.hi"),
)

# A correction takes back what it corrects, to where it came from; what was requested and confirmed,
# to its holder.
CORRECTIONS = _sql("corrections")

# What was corrected may be; of issuances that is their withdrawal, and of orders that of a whole batch.
CORRECTED = _sql("corrected")

# What an open request asked for is pending, less what was confirmed of it in parts, and nothing of one that ended.
REQUESTS = _sql("requests")

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
UNITS = _sql("units")

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

    async def head(self) -> Position:
        """The last position."""
        return Position(await self._number(HEAD))

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
            connection = await stack.enter_async_context(Lent(database.pool, again=False))
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
