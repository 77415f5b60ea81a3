"""The SQL of what commands are decided on, and of the same things where they are read: set-based, a constant number of
statements however many are asked for."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, columns, sent, unnested
from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import is_any_of, rows_by
from nzc_api.database.metadata import columns_of
from nzc_api.grounds import Grounds
from nzc_api.ids import AccountId, BatchId, OrganisationId, PeriodId, PilotId, Position, RequestId
from nzc_api.ledger.commands import ResolveDoubleIssuance
from nzc_api.ledger.model import (
    Account,
    BatchFacts,
    BatchOrder,
    CreditBatch,
    DoubleIssuance,
    Finding,
    Issued,
    Lot,
    LotId,
    Movement,
    Order,
    Posted,
    ReferenceKey,
    RequestOutcome,
    RetiredTonnes,
    RetirementRequest,
    Unissued,
)
from nzc_api.ledger.posting.rules.issued_by_one import MOST_DOUBLES
from nzc_api.ledger.posting.state import MOST_LOTS, Age
from nzc_api.ledger.reading.batch_order_store import ORDERS, orders_in, orders_of
from nzc_api.ledger.rows import (
    BATCH,
    account_in,
    batch_in,
    order_in,
)
from nzc_api.ledger.serials import SerialRange
from nzc_api.ledger.tables import (
    account,
    credit_batch,
    double_issuance_resolution,
    grounds,
)
from nzc_api.ledger.verifications import VerifiedReductions
from nzc_api.log.asked import LATEST
from nzc_api.log.tables import REFERENCE_KEY
from nzc_api.numbers import number_key
from nzc_api.pilots.errors import MOST_RESTING
from nzc_api.pilots.model import Resting
from nzc_api.pilots.store import resting_in

# What issuances say of those who verified, and of labels.
VERIFIED = DriverStatement("""
    SELECT position, body -> 'verification' AS verification, body -> 'labels' AS labels FROM log_entry
     WHERE kind = 'CREDITS_ISSUED' AND position = ANY(CAST(CAST(:batches AS text) AS bigint[]))
""")

# What is retired for a pilot, or requested, in periods that start after a day; but for what will never
# count again.
RETIRED_AFTER = DriverStatement(f"""
    SELECT a.period_id, sum(latest.tonnes) AS tonnes
      FROM account AS a
      JOIN accounting_period AS p ON p.id = a.period_id AND p.starts_on > :day
     CROSS JOIN LATERAL (
            SELECT DISTINCT ON (batch_id) batch_id, tonnes FROM balance
             WHERE account_id = a.id ORDER BY batch_id, position DESC) AS latest
     WHERE a.pilot_id = :pilot AND a.kind IN ('RETIREMENT', 'PENDING')
       AND NOT EXISTS (SELECT FROM ({ORDERS}) AS o
                        WHERE o.batch_id = latest.batch_id AND o.status IN ('INVALIDATED', 'EXPORTED')
                          AND upper_inf(o.during))
     GROUP BY a.period_id HAVING sum(latest.tonnes) > 0 ORDER BY a.period_id
""")  # noqa: S608  (our own names)

# What of credits rests on a period: requests that are open, retirements and other uses that were not corrected.
ON_PERIOD = DriverStatement("""
    SELECT position AS id, count(*) OVER () AS total
      FROM (SELECT DISTINCT m.position
              FROM accounting_period AS p
              JOIN account AS a ON a.pilot_id = p.pilot_id AND a.period_id = p.id
              JOIN movement AS m ON m.credit_id = a.id
             WHERE p.id = :period
               AND NOT EXISTS (SELECT FROM request_end WHERE request_id = m.position)
               AND NOT EXISTS (SELECT FROM correction WHERE posting_id = m.position)) AS resting
     ORDER BY position LIMIT :most
""")

# Blocks of one registry and prefix that stand as of a position never overlap: a range meets the last that starts at
# or before it, if that reaches so far, and those that start within it. Rows are compared, because no other
# index than that of blocks could serve that.
BATCHES_IN = DriverStatement(f"""
    SELECT DISTINCT ON (b.id) {BATCH}
      FROM unnest(CAST(:registries AS text[]), CAST(:prefixes AS text[]),
                  CAST(:los AS bigint[]), CAST(:his AS bigint[])) AS r (registry, prefix, lo, hi)
     CROSS JOIN LATERAL (
            (SELECT * FROM credit_batch AS c
              WHERE (c.registry, c.prefix, c.lo) <= (r.registry, r.prefix, r.lo)
                AND c.id <= :as_of AND coalesce(c.withdrawn_position > :as_of, true)
              ORDER BY c.registry DESC, c.prefix DESC, c.lo DESC LIMIT 1)
            UNION ALL
            (SELECT * FROM credit_batch AS c
              WHERE (c.registry, c.prefix, c.lo) > (r.registry, r.prefix, r.lo)
                AND (c.registry, c.prefix, c.lo) < (r.registry, r.prefix, r.hi)
                AND c.id <= :as_of AND coalesce(c.withdrawn_position > :as_of, true)
              ORDER BY c.registry, c.prefix, c.lo LIMIT :most)) AS b
     WHERE (b.registry, b.prefix) = (r.registry, r.prefix) AND b.hi > r.lo
""")  # noqa: S608  (our own names)

# The same of blocks to be issued, however their prefixes are written.
BATCHES_ALIKE = DriverStatement(f"""
    SELECT DISTINCT ON (b.id) {BATCH}
      FROM unnest(CAST(:registries AS text[]), CAST(:keys AS text[]),
                  CAST(:los AS bigint[]), CAST(:his AS bigint[])) AS r (registry, key, lo, hi)
     CROSS JOIN LATERAL (
            (SELECT * FROM credit_batch AS c
              WHERE (c.registry, c.prefix_key) = (r.registry, r.key) AND c.lo <= r.lo
                AND c.withdrawn_position IS NULL
              ORDER BY c.lo DESC LIMIT 1)
            UNION ALL
            (SELECT * FROM credit_batch AS c
              WHERE (c.registry, c.prefix_key) = (r.registry, r.key) AND c.lo > r.lo AND c.lo < r.hi
                AND c.withdrawn_position IS NULL
              ORDER BY c.lo LIMIT 1)) AS b
     WHERE b.hi > r.lo
""")  # noqa: S608  (our own names)

# What each registry's number named first, of what was not corrected since. (`+ 0`: by the index of numbers.)
REFERRED = DriverStatement(f"""
    SELECT k.of_programme, k.key, e.position, e.body
      FROM unnest(CAST(:programmes AS text[]), CAST(:keys AS text[])) AS k (of_programme, key)
     CROSS JOIN LATERAL (
            SELECT position, body FROM log_entry AS e
             WHERE body ->> 'programme' = k.of_programme AND {REFERENCE_KEY} = k.key
               AND kind IN ('CREDITS_RETIRED', 'CREDITS_USED') AND (body ->> 'reference') IS NOT NULL
               AND NOT EXISTS (SELECT FROM correction AS c WHERE c.posting_id = e.position)
             ORDER BY position + 0 LIMIT 1) AS e
""")  # noqa: S608  (our own names)

# The current lots that hold each range, found by one probe a lot: of the lots that start at or
# before a serial, the one that starts last, ends first and was made last is its current one.
LOTS_IN = DriverStatement(f"""
    WITH RECURSIVE walk (wanted, wanted_hi, steps, position, piece, account_id, batch_id, lo, hi,
                         since) AS (
        SELECT r.ordinality, r.hi, 1, l.position, l.piece, l.account_id, l.batch_id, l.lo, l.hi,
               l.since
          FROM {unnested("batches los his")} WITH ORDINALITY AS r (batch_id, lo, hi, ordinality)
         CROSS JOIN LATERAL (
                SELECT * FROM lot
                 WHERE lot.batch_id = r.batch_id AND lot.lo <= r.lo
                 ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
        UNION ALL
        SELECT walk.wanted, walk.wanted_hi, walk.steps + 1,
               l.position, l.piece, l.account_id, l.batch_id, l.lo, l.hi, l.since
          FROM walk
         CROSS JOIN LATERAL (
                SELECT * FROM lot
                 WHERE lot.batch_id = walk.batch_id AND lot.lo <= walk.hi
                 ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
         WHERE walk.hi < walk.wanted_hi AND walk.steps <= :most
    )
    SELECT DISTINCT position, piece, account_id, batch_id, lo, hi, since FROM walk
""")  # noqa: S608  (our own names)

# The oldest lots of each holding until they add up to what is wanted of it.
OLDEST_LOTS = DriverStatement("""
    SELECT l.*
      FROM unnest(CAST(:accounts AS bigint[]), CAST(:wanted AS bigint[]), CAST(:most AS int[]))
        AS w (account_id, tonnes, most)
     CROSS JOIN LATERAL (
            SELECT a.lot_position, a.lot_piece, a.account_id, a.vintage, a.batch_id, a.lo, a.hi,
                   a.since,
                   sum(a.hi - a.lo) OVER (
                       ORDER BY a.vintage, a.batch_id, a.lo
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
              FROM (SELECT * FROM available_lot
                     WHERE available_lot.account_id = w.account_id
                     ORDER BY vintage, batch_id, lo LIMIT w.most) AS a) AS l
     WHERE coalesce(l.before, 0) < w.tonnes
     ORDER BY l.account_id, l.vintage, l.batch_id, l.lo
""")

_ACCOUNT = columns_of(account, "a")
ACCOUNTS = DriverStatement(f"""
    SELECT {_ACCOUNT} FROM account AS a WHERE a.kind IN ('ISSUANCE', 'INVALIDATED')
    UNION ALL
    SELECT {_ACCOUNT} FROM account AS a WHERE a.organisation_id = ANY(CAST(:organisations AS bigint[]))
    UNION ALL
    SELECT {_ACCOUNT} FROM unnest(CAST(:pilots AS bigint[]), CAST(:periods AS bigint[])) AS p (pilot, period)
      JOIN account AS a ON a.pilot_id = p.pilot AND a.period_id = p.period
""")  # noqa: S608  (our own names)

# The batches that the reductions of a project and of certain days seem to have been issued in before, the oldest
# of each first: those of the project itself, and of projects at one site with it, that are no parts of the same
# issuance; and one that the project has in another form.
BATCHES_BESIDE = DriverStatement(f"""
    SELECT DISTINCT {BATCH}
      FROM (SELECT DISTINCT * FROM unnest(
                CAST(:projects AS bigint[]), CAST(:from_days AS date[]), CAST(:to_days AS date[]),
                CAST(:programmes AS text[]), CAST(:issuance_keys AS text[]), CAST(:certified AS boolean[])))
        AS r (project_id, produced_from, produced_to, programme, issuance_key, by_certificate)
     CROSS JOIN LATERAL (
            (SELECT c.* FROM credit_batch AS c
              WHERE c.project_id IN (
                    SELECT r.project_id
                    UNION SELECT s.other_id FROM same_site AS s WHERE s.subject_id = r.project_id
                    UNION SELECT s.subject_id FROM same_site AS s WHERE s.other_id = r.project_id)
                AND c.withdrawn_position IS NULL
                AND (c.programme = r.programme AND c.issuance_key = r.issuance_key) IS NOT TRUE
                AND (c.programme <> r.programme OR c.project_id = r.project_id OR EXISTS (
                    SELECT FROM same_site AS s
                     WHERE s.by <> 'LOCALITY' AND s.subject_id = greatest(c.project_id, r.project_id)
                       AND s.other_id = least(c.project_id, r.project_id)))
                AND c.produced_from <= r.produced_to AND r.produced_from <= c.produced_to
              ORDER BY c.id LIMIT :most)
            UNION ALL
            (SELECT c.* FROM credit_batch AS c
              WHERE c.project_id = r.project_id AND c.programme = r.programme
                AND c.withdrawn_position IS NULL
                AND c.by_certificate <> r.by_certificate
                AND c.produced_from <= r.produced_to AND r.produced_from <= c.produced_to LIMIT 1)) AS b
""")  # noqa: S608  (our own names)

# What was issued so far of each registration of reductions. Its parts agree in all but their tonnes.
ISSUED = DriverStatement("""
    SELECT programme, issuance_key, min(project_id) AS project_id, min(reductions_registered_on) AS registered_on,
           min(issuance_quantity) AS registered, sum(quantity) AS tonnes
      FROM credit_batch
     WHERE (programme, issuance_key) IN (
           SELECT * FROM unnest(CAST(:programmes AS text[]), CAST(:issuance_keys AS text[])))
       AND withdrawn_position IS NULL
     GROUP BY programme, issuance_key
""")

POSTED = DriverStatement("""
    SELECT e.position, e.kind, e.body ->> 'programme' AS programme, c.position AS corrected, f.batch_id
      FROM log_entry AS e
      LEFT JOIN correction AS c ON c.posting_id = e.position
      LEFT JOIN batch_fact AS f ON f.position = e.position
     WHERE e.position = ANY(CAST(:positions AS bigint[]))
       AND (f.position IS NOT NULL OR EXISTS (SELECT FROM movement AS m WHERE m.position = e.position))
""")

REQUESTS = DriverStatement("""
    SELECT r.id, r.expires_at, x.position AS ended, x.outcome, e.body,
           ARRAY(SELECT p.position FROM request_part AS p
                  WHERE p.request_id = r.id ORDER BY p.position) AS parts,
           ARRAY(SELECT (part.body ->> 'quantity')::bigint
                   FROM request_part AS p JOIN log_entry AS part USING (position)
                  WHERE p.request_id = r.id ORDER BY p.position) AS tonnes_of_parts
      FROM retirement_request AS r
      JOIN log_entry AS e ON e.position = r.id
      LEFT JOIN request_end AS x ON x.request_id = r.id
     WHERE r.id = ANY(CAST(:ids AS bigint[]))
""")

BATCH_ORDERS = DriverStatement(orders_of(sent("batches")))

CHANGED_SINCE = DriverStatement("""
    SELECT EXISTS (SELECT FROM credit_batch WHERE withdrawn_position > :position),
           EXISTS (SELECT FROM log_entry WHERE position > :position AND kind <> ALL (CAST(:postings AS text[])))
""")

DOUBLES = DriverStatement(f"""
    SELECT d.batch_id, d.other_id, d.position, r.finding
      FROM (SELECT batch_id, other_id, position FROM double_issuance
             WHERE batch_id = ANY({sent("batches")})
            UNION
            SELECT batch_id, other_id, position FROM double_issuance
             WHERE other_id = ANY({sent("batches")})) AS d
      LEFT JOIN double_issuance_resolution AS r USING (batch_id, other_id)
     ORDER BY d.batch_id, d.other_id
""")  # noqa: S608  (our own names)

MOVEMENTS_AT = DriverStatement(f"""
    SELECT position, line, debit_id, credit_id, batch_id, lo, hi
      FROM movement WHERE position = ANY({sent("positions")}) ORDER BY position, line
""")  # noqa: S608  (our own names)

# What each position moved of each batch.
SHARES_AT = DriverStatement(f"""
    SELECT m.position, m.tonnes, {BATCH}
      FROM (SELECT position, batch_id, sum(hi - lo) AS tonnes FROM movement
             WHERE position = ANY(CAST(:positions AS bigint[])) GROUP BY position, batch_id) AS m
      JOIN credit_batch AS b ON b.id = m.batch_id
     ORDER BY m.position, m.batch_id
""")  # noqa: S608  (our own names)

CORRECTIONS = DriverStatement(f"""
    SELECT posting_id, position FROM correction WHERE posting_id = ANY({sent("postings")})
""")  # noqa: S608  (our own names)

EXPIRED = DriverStatement("""
    SELECT r.id, e.body ->> 'programme' AS programme
      FROM retirement_request AS r JOIN log_entry AS e ON e.position = r.id
     WHERE r.expires_at <= clock_timestamp()
       AND NOT EXISTS (SELECT FROM request_end AS x WHERE x.request_id = r.id)
     ORDER BY r.expires_at LIMIT :most
""")


async def insert_resolution(
    connection: AsyncConnection, position: Position, command: ResolveDoubleIssuance
) -> None:
    await connection.execute(
        insert(double_issuance_resolution).values(
            position=position,
            batch_id=command.batch_id,
            other_id=command.other_id,
            finding=command.finding,
        )
    )
    await insert_grounds(connection, position, command.grounds)


async def insert_grounds(connection: AsyncConnection, position: Position, given: Grounds) -> None:
    await connection.execute(
        insert(grounds).values(position=position, document=given.document, reason=given.reason)
    )


async def read_batches(
    connection: AsyncConnection, ids: Collection[BatchId]
) -> dict[BatchId, CreditBatch]:
    rows = await rows_by(credit_batch.c.id).rows(connection, {"ids": list(ids)})
    return {row.id: batch_in(row) for row in rows}


async def read_batches_in(
    connection: AsyncConnection, ranges: Sequence[SerialRange], as_of: Position = LATEST
) -> list[CreditBatch]:
    """The batches that stand as of a position and share a serial with any of the ranges (of each range the first
    few)."""
    if not ranges:
        return []
    rows = await BATCHES_IN.rows(
        connection,
        {
            "registries": [r.registry for r in ranges],
            "prefixes": [r.prefix for r in ranges],
            "los": [r.lo for r in ranges],
            "his": [r.hi for r in ranges],
            "most": 100,
            "as_of": as_of,
        },
    )
    return [batch_in(row) for row in rows]


async def read_batches_beside(
    connection: AsyncConnection, issued: Sequence[Unissued]
) -> list[CreditBatch]:
    """The batches that seem to be issued for what is to be issued: of each the first ``MOST_DOUBLES``."""
    rows = await BATCHES_BESIDE.rows(
        connection,
        {
            "projects": [c.project_id for c in issued],
            "from_days": [c.produced_from for c in issued],
            "to_days": [c.produced_to for c in issued],
            "programmes": [c.programme for c in issued],
            "issuance_keys": [c.issuance and c.issuance.key for c in issued],
            "certified": [c.by_certificate for c in issued],
            "most": MOST_DOUBLES,
        },
    )
    return [batch_in(row) for row in rows]


async def read_issued(
    connection: AsyncConnection, issued: Sequence[Unissued]
) -> dict[tuple[str, str], Issued]:
    """What was issued so far of what is to be issued a part of, by programme and number's key."""
    named = {(c.programme, c.issuance.key) for c in issued if c.issuance is not None}
    if not named:
        return {}
    programmes, keys = zip(*named, strict=True)
    rows = await ISSUED.rows(
        connection, {"programmes": list(programmes), "issuance_keys": list(keys)}
    )
    return {
        (row.programme, row.issuance_key): Issued(
            row.project_id, row.registered_on, row.registered, int(row.tonnes)
        )
        for row in rows
    }


async def read_batch_orders(
    connection: AsyncConnection, batches: Collection[BatchId]
) -> dict[BatchId, list[BatchOrder]]:
    """What held of each batch as a whole, and during which positions, in their order."""
    return orders_in(await BATCH_ORDERS.rows(connection, {"batches": array(batches)}))


async def read_batch_facts(
    connection: AsyncConnection, batches: Collection[BatchId], as_of: Position = LATEST
) -> dict[BatchId, BatchFacts]:
    """What holds of each batch as a whole, as of a position."""
    found = await read_batch_orders(connection, batches)
    return {batch_id: BatchFacts.of(orders, as_of) for batch_id, orders in found.items()}


async def read_verified(
    connection: AsyncConnection, batches: Collection[int]
) -> dict[int, VerifiedReductions]:
    """What the issuance of each batch says of its reductions."""
    rows = await VERIFIED.rows(connection, {"batches": array(batches)})
    return {
        position: VerifiedReductions.read(verification, labels)
        for position, verification, labels in rows
    }


async def read_changes_since(
    connection: AsyncConnection, position: Position, postings: Sequence[str]
) -> tuple[bool, bool]:
    """Whether after a position a batch was withdrawn; and whether anything was logged but ``postings``, by their
    kinds."""
    given = {"position": position, "postings": postings}
    ((withdrawn, amended),) = await CHANGED_SINCE.rows(connection, given)
    return withdrawn, amended


async def read_doubles(
    connection: AsyncConnection, batches: Collection[BatchId]
) -> list[DoubleIssuance]:
    """The suspected double issuances that the batches have a part in."""
    rows = await DOUBLES.rows(connection, {"batches": array(batches)})
    return [
        DoubleIssuance(batch_id, other_id, position, finding and Finding(finding))
        for batch_id, other_id, position, finding in rows
    ]


async def read_grounds(
    connection: AsyncConnection, positions: Collection[Position]
) -> dict[int, Grounds]:
    rows = await connection.execute(select(grounds).where(is_any_of(grounds.c.position, positions)))
    return {row.position: Grounds(row.document, row.reason) for row in rows}


async def read_corrections(
    connection: AsyncConnection, postings: Collection[int]
) -> dict[int, int]:
    """The positions of the corrections of those of the postings that were corrected."""
    rows = await CORRECTIONS.rows(connection, {"postings": array(postings)})
    return dict(map(tuple, rows))


async def read_posted(
    connection: AsyncConnection, positions: Collection[Position]
) -> dict[int, Posted]:
    """What was posted at each position; nothing where no credits moved and no whole batch was meant."""
    rows = list(await POSTED.rows(connection, {"positions": list(positions)}))
    movements = await read_movements_at(connection, [row.position for row in rows])
    return {
        row.position: Posted(
            row.position,
            row.kind,
            row.programme,
            tuple(movements[row.position]),
            row.corrected,
            row.batch_id,
        )
        for row in rows
    }


async def read_requests(
    connection: AsyncConnection, ids: Collection[int]
) -> dict[int, RetirementRequest]:
    rows = await REQUESTS.rows(connection, {"ids": list(ids)})
    return {
        row.id: RetirementRequest(
            row.id,
            row.body["programme"],
            row.body["holder"],
            row.body["pilot"],
            row.body["accounting_period"],
            row.expires_at,
            row.body["quantity"],
            row.ended,
            RequestOutcome(row.outcome or RequestOutcome.OPEN),
            tuple(zip(row.parts, row.tonnes_of_parts, strict=True)),
        )
        for row in rows
    }


async def read_expired(connection: AsyncConnection, most: int) -> list[tuple[RequestId, str]]:
    """Open requests (id, programme) whose time is over, longest first."""
    return [(row.id, row.programme) for row in await EXPIRED.rows(connection, {"most": most})]


async def read_lots_in(
    connection: AsyncConnection, ranges: Sequence[tuple[int, int, int]]
) -> list[Lot]:
    """The current lots that hold the ranges (batch, lo, hi), at most one more than a command may
    touch of each range."""
    if not ranges:
        return []
    rows = await LOTS_IN.rows(connection, columns(ranges, "batches los his") | {"most": MOST_LOTS})
    return [Lot(LotId(position, piece), *of_lot) for position, piece, *of_lot in rows]


async def read_oldest_lots(
    connection: AsyncConnection, wanted: Sequence[tuple[int, int, int]]
) -> tuple[list[Lot], dict[int, Age | None]]:
    """The oldest lots of holdings (account, tonnes wanted, most lots), and up to which age the
    lots of each are known now (None: all of them)."""
    lots: list[Lot] = []
    known_to: dict[int, Age | None] = dict.fromkeys(account_id for account_id, _, _ in wanted)
    if not wanted:
        return lots, known_to
    rows = await OLDEST_LOTS.rows(
        connection,
        {
            "accounts": [account_id for account_id, _, _ in wanted],
            "wanted": [tonnes for _, tonnes, _ in wanted],
            "most": [most for _, _, most in wanted],
        },
    )
    tonnes: dict[int, int] = defaultdict(int)
    counts: dict[int, int] = defaultdict(int)
    latest: dict[int, Age] = {}
    for row in rows:
        lots.append(
            Lot(
                LotId(row.lot_position, row.lot_piece),
                row.account_id,
                row.batch_id,
                row.lo,
                row.hi,
                row.since,
            )
        )
        tonnes[row.account_id] += row.hi - row.lo
        counts[row.account_id] += 1
        latest[row.account_id] = Age(row.vintage, row.batch_id, row.lo)
    for account_id, wanted_tonnes, most in wanted:
        stopped = tonnes[account_id] >= wanted_tonnes or counts[account_id] >= most
        known_to[account_id] = latest[account_id] if stopped else None
    return lots, known_to


async def read_accounts(
    connection: AsyncConnection,
    organisations: Collection[OrganisationId],
    periods: Collection[tuple[PilotId, PeriodId]],
) -> list[Account]:
    """The accounts of organisations and of (pilot, period) pairs, and those of issuance."""
    rows = await ACCOUNTS.rows(
        connection,
        {
            "organisations": list(organisations),
            "pilots": [pilot_id for pilot_id, _ in periods],
            "periods": [period_id for _, period_id in periods],
        },
    )
    return [account_in(row) for row in rows]


async def read_accounts_by_id(connection: AsyncConnection, ids: Collection[int]) -> list[Account]:
    rows = await rows_by(account.c.id).rows(connection, {"ids": list(ids)})
    return [account_in(row) for row in rows]


async def next_account_id(connection: AsyncConnection) -> AccountId:
    """The id of the next account to be opened; read under the head's lock."""
    query = select(func.coalesce(func.max(account.c.id), 0) + 1)
    return AccountId((await connection.execute(query)).scalar_one())


async def read_movements_at(
    connection: AsyncConnection, positions: Collection[Position]
) -> dict[int, list[Movement]]:
    """The movements of each position, in order."""
    found: dict[int, list[Movement]] = defaultdict(list)
    for row in await MOVEMENTS_AT.rows(connection, {"positions": array(positions)}):
        moved = Movement(*row)
        found[moved.position].append(moved)
    return found


async def read_shares_at(
    connection: AsyncConnection, positions: Collection[Position]
) -> dict[Position, list[RetiredTonnes]]:
    """What each position moved of each batch, in the order of the batches."""
    found: dict[Position, list[RetiredTonnes]] = defaultdict(list)
    for row in await SHARES_AT.rows(connection, {"positions": list(positions)}):
        found[row.position].append(RetiredTonnes(batch_in(row), int(row.tonnes)))
    return found


async def read_batches_alike(
    connection: AsyncConnection, blocks: Sequence[SerialRange]
) -> list[CreditBatch]:
    """Issued batches that share a serial with blocks to be issued, however their prefixes are written:
    of each block at least one, if there is any."""
    rows = await BATCHES_ALIKE.rows(
        connection,
        {
            "registries": [block.registry for block in blocks],
            "keys": [number_key(block.prefix) for block in blocks],
            "los": [block.lo for block in blocks],
            "his": [block.hi for block in blocks],
        },
    )
    return [batch_in(row) for row in rows]


async def read_referred(
    connection: AsyncConnection, references: Collection[ReferenceKey]
) -> dict[ReferenceKey, Order]:
    """What each registry's number names, of what was not corrected."""
    rows = await REFERRED.rows(
        connection,
        {
            "programmes": [key.programme for key in references],
            "keys": [key.number for key in references],
        },
    )
    return {ReferenceKey(row.of_programme, row.key): order_in(row) for row in rows}


async def read_retired_after(
    connection: AsyncConnection, pilot_id: PilotId, day: date
) -> dict[PeriodId, int]:
    """The tonnes that are retired for a pilot, or requested, by period, of those that start after a
    day."""
    rows = await RETIRED_AFTER.rows(connection, {"pilot": pilot_id, "day": day})
    return {row.period_id: int(row.tonnes) for row in rows}


async def read_postings_on(connection: AsyncConnection, period_id: PeriodId) -> Resting:
    """What of credits rests on an accounting period."""
    rows = await ON_PERIOD.rows(connection, {"period": period_id, "most": MOST_RESTING})
    return resting_in(rows)
