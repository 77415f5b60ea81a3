"""The SQL of questions to the ledger: read only, and as cheap however long its history is.

What is asked of many subjects is asked in one statement.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.among import among
from nzc_api.database.driver import DriverStatement
from nzc_api.database.paging import (
    Direction,
    Page,
    PagesOfEach,
    count_for_each,
    counting,
    paged_for_each,
)
from nzc_api.ids import AccountId, BatchId, OrganisationId, PeriodId, PilotId, ProjectId
from nzc_api.ledger.model import (
    CreditBatch,
    DoubleIssuance,
    Finding,
    Holding,
    Lot,
    MovedOf,
    Movement,
)
from nzc_api.ledger.reading.batch_order_store import ORDERS
from nzc_api.ledger.reading.boundary_store import INSIDE
from nzc_api.ledger.reading.questions_model import (
    Beneficiary,
    LifeStep,
    LineId,
    SerialAt,
    StatedRow,
    StatementOf,
    Vintage,
)
from nzc_api.ledger.rows import batch_in, lot_in, movement_in
from nzc_api.ledger.tables import LONGEST, SIZE, credit_batch, movement
from nzc_api.log.asked import LATEST
from nzc_api.log.model import Entry
from nzc_api.log.store import entry_in

# What batches are grouped by.
K = TypeVar("K", bound=int)

# What ``entry_in`` makes an entry ``e`` of, the last columns of a row.
_ENTRY = "e.position, e.at, e.kind, e.subject_id, e.organisation_id, e.api_key_id, e.body"
_OF_ENTRY = _ENTRY.count("e.")

# Times never run backwards, so the last position at or before a time is found by halving the log.
POSITION_AT = DriverStatement("""
    WITH RECURSIVE search (number, at, lo, hi) AS (
        SELECT asked.number, asked.at, CAST(0 AS bigint), head.position
          FROM unnest(CAST(:times AS timestamptz[])) WITH ORDINALITY AS asked (at, number)
         CROSS JOIN log_head AS head
        UNION ALL
        SELECT search.number, search.at,
               CASE WHEN middle.at <= search.at THEN middle.position ELSE search.lo END,
               CASE WHEN middle.at <= search.at THEN search.hi ELSE middle.position - 1 END
          FROM search
         CROSS JOIN LATERAL (SELECT log_entry.position, log_entry.at FROM log_entry
                              WHERE log_entry.position = (search.lo + search.hi + 1) / 2
                             OFFSET 0) AS middle
         WHERE search.lo < search.hi
    )
    SELECT lo AS position FROM search WHERE lo = hi ORDER BY number
""")

# Where movements of a serial can begin, by the sizes of what moved (see `SIZE`): a range that is no
# longer than so much and holds the serial begins at most so far before it. Sizes, and beginnings within
# their reach, are found by skipping from one to the next, so the cost is their number.
_PLACES = f"""
    RECURSIVE k AS (
        SELECT * FROM unnest(CAST(:batches AS bigint[]), CAST(:serials AS bigint[]),
                             CAST(:as_ofs AS bigint[])) AS k (batch_id, serial, as_of)
    ), sized (batch_id, serial, as_of, size) AS (
        SELECT k.*, first.size
          FROM k
         CROSS JOIN LATERAL (SELECT {SIZE} AS size FROM movement WHERE batch_id = k.batch_id
                              ORDER BY {SIZE} LIMIT 1) AS first
        UNION ALL
        SELECT sized.batch_id, sized.serial, sized.as_of, next.size
          FROM sized
         CROSS JOIN LATERAL (SELECT {SIZE} AS size FROM movement
                              WHERE batch_id = sized.batch_id AND {SIZE} > sized.size
                              ORDER BY {SIZE} LIMIT 1) AS next
    ), place (batch_id, serial, as_of, size, lo) AS (
        SELECT sized.*, last.lo
          FROM sized
         CROSS JOIN LATERAL (SELECT lo FROM movement
                              WHERE batch_id = sized.batch_id AND {SIZE} = sized.size
                                AND lo <= sized.serial
                                AND lo > sized.serial - ({LONGEST} >> (sized.size - 2))
                              ORDER BY lo DESC LIMIT 1) AS last
        UNION ALL
        SELECT place.batch_id, place.serial, place.as_of, place.size, before.lo
          FROM place
         CROSS JOIN LATERAL (SELECT lo FROM movement
                              WHERE batch_id = place.batch_id AND {SIZE} = place.size
                                AND lo < place.lo
                                AND lo > place.serial - ({LONGEST} >> (place.size - 2))
                              ORDER BY lo DESC LIMIT 1) AS before
    )"""  # noqa: S608  (our own names)

# Everything that happened to a serial, by itself or with its whole batch, with its entries. Movements are asked for
# ``position + 0``, which only the index of places has: one of positions would lead through all that
# happened meanwhile.
LIFE = DriverStatement(f"""
    WITH {_PLACES}
    SELECT k.batch_id AS of_batch, k.serial AS of_serial, k.as_of, step.*, {_ENTRY}
      FROM k
     CROSS JOIN LATERAL (
            (SELECT m.position, m.line, m.debit_id, m.credit_id, m.batch_id, m.lo, m.hi
               FROM place
              CROSS JOIN LATERAL (
                     SELECT * FROM movement
                      WHERE batch_id = place.batch_id AND {SIZE} = place.size AND lo = place.lo
                        AND hi > place.serial AND position + 0 > CAST(:after AS bigint)
                        AND position + 0 <= place.as_of
                      ORDER BY position + 0 LIMIT :first) AS m
              WHERE (place.batch_id, place.serial, place.as_of) = (k.batch_id, k.serial, k.as_of)
              ORDER BY m.position LIMIT :first)
             UNION ALL
            SELECT f.position, NULL, NULL, NULL, NULL, NULL, NULL FROM batch_fact AS f
             WHERE f.batch_id = k.batch_id AND f.position > :after AND f.position <= k.as_of
             UNION ALL
            SELECT c.position, NULL, NULL, NULL, NULL, NULL, NULL
              FROM batch_fact AS f JOIN correction AS c ON c.posting_id = f.position
             WHERE f.batch_id = k.batch_id AND c.position > :after AND c.position <= k.as_of
             UNION ALL
            SELECT r.position, NULL, NULL, NULL, NULL, NULL, NULL
              FROM double_issuance AS d JOIN double_issuance_resolution AS r
             USING (batch_id, other_id)
             WHERE (d.batch_id = k.batch_id OR d.other_id = k.batch_id)
               AND r.position > :after AND r.position <= k.as_of
             ORDER BY position LIMIT :first) AS step
      JOIN log_entry AS e ON e.position = step.position
     ORDER BY of_batch, of_serial, k.as_of, step.position
""")  # noqa: S608  (our own names)

# The last movement of each serial as of a position: it says who has it.
LAST_MOVED = DriverStatement(f"""
    WITH {_PLACES}
    SELECT DISTINCT ON (of_batch, of_serial, as_of)
           place.batch_id AS of_batch, place.serial AS of_serial, place.as_of, last.*
      FROM place
     CROSS JOIN LATERAL (
            SELECT m.position, m.line, m.debit_id, m.credit_id, m.batch_id, m.lo, m.hi
              FROM movement AS m
             WHERE batch_id = place.batch_id AND {SIZE} = place.size AND lo = place.lo
               AND hi > place.serial AND position + 0 <= place.as_of
             ORDER BY position + 0 DESC LIMIT 1) AS last
     ORDER BY of_batch, of_serial, as_of, last.position DESC
""")  # noqa: S608  (our own names)

# The current lots of each batch, one probe a lot, from a serial on: of the lots that start at or
# before a serial, the one that starts last, ends first and was made last is its current one.
TILING = DriverStatement("""
    WITH RECURSIVE walk (end_hi, step, position, piece, account_id, batch_id, lo, hi, since) AS (
        SELECT b.hi, 1, l.position, l.piece, l.account_id, l.batch_id, l.lo, l.hi, l.since
          FROM unnest(CAST(:batches AS bigint[])) AS k (batch_id)
          JOIN credit_batch AS b ON b.id = k.batch_id
         CROSS JOIN LATERAL (
                SELECT * FROM lot
                 WHERE lot.batch_id = b.id AND lot.lo <= greatest(b.lo, CAST(:start AS bigint))
                 ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
         WHERE CAST(:start AS bigint) < b.hi
        UNION ALL
        SELECT walk.end_hi, walk.step + 1, l.position, l.piece, l.account_id, l.batch_id, l.lo,
               l.hi, l.since
          FROM walk
         CROSS JOIN LATERAL (
                SELECT * FROM lot
                 WHERE lot.batch_id = walk.batch_id AND lot.lo <= walk.hi
                 ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
         WHERE walk.hi < walk.end_hi AND walk.step < :first
    )
    SELECT position, piece, account_id, batch_id, lo, hi, since FROM walk ORDER BY batch_id, lo
""")

# Which retirement accounts have tonnes of batches as of a position, and how many of those count. The accounts
# of a batch are found by skipping from one to the next, so the cost is their number, not that of movements.
BENEFICIARIES = DriverStatement(f"""
    WITH RECURSIVE step (subject, batch_id, account_id) AS (
        SELECT k.subject, k.batch_id, next.account_id
          FROM unnest(CAST(:subjects AS bigint[]), CAST(:batches AS bigint[]))
            AS k (subject, batch_id)
         CROSS JOIN LATERAL (
                SELECT account_id FROM balance
                 WHERE balance.batch_id = k.batch_id AND balance.account_id + 0 > :after
                 ORDER BY balance.account_id + 0 LIMIT 1) AS next
        UNION ALL
        SELECT step.subject, step.batch_id, next.account_id
          FROM step
         CROSS JOIN LATERAL (
                SELECT account_id FROM balance
                 WHERE balance.batch_id = step.batch_id AND balance.account_id + 0 > step.account_id
                 ORDER BY balance.account_id + 0 LIMIT 1) AS next
    ), found AS (
        SELECT step.subject, a.id, a.pilot_id, a.period_id, b.project_id, latest.tonnes,
               whole.invalidated, whole.invalidated OR whole.exported AS withdrawn
          FROM step
          JOIN account AS a ON a.id = step.account_id AND a.kind = 'RETIREMENT'
          JOIN credit_batch AS b ON b.id = step.batch_id
         CROSS JOIN LATERAL (
                SELECT tonnes FROM balance
                 WHERE balance.account_id = step.account_id AND balance.batch_id = step.batch_id
                   AND balance.position <= :as_of
                 ORDER BY balance.position DESC LIMIT 1) AS latest
         CROSS JOIN LATERAL (
                SELECT coalesce(bool_or(o.status = 'INVALIDATED'), false) AS invalidated,
                       coalesce(bool_or(o.status = 'EXPORTED'), false) AS exported
                  FROM ({ORDERS}) AS o
                 WHERE o.batch_id = step.batch_id AND o.during @> CAST(:as_of AS bigint)) AS whole
         WHERE latest.tonnes > 0
    ), paired AS (SELECT DISTINCT project_id, pilot_id FROM found), {INSIDE}, retired AS (
        SELECT f.subject, f.id, f.pilot_id, f.period_id, sum(f.tonnes) AS tonnes,
               coalesce(sum(f.tonnes) FILTER (WHERE f.invalidated), 0) AS invalidated,
               coalesce(sum(f.tonnes) FILTER (WHERE NOT f.withdrawn AND NOT coalesce(
                   i.during @> CAST(:as_of AS bigint), false)), 0) AS in_force,
               row_number() OVER (PARTITION BY f.subject ORDER BY f.id) AS place
          FROM found AS f
          LEFT JOIN inside AS i USING (project_id, pilot_id)
         GROUP BY f.subject, f.id, f.pilot_id, f.period_id
    )
    SELECT subject, id, pilot_id, period_id, tonnes, invalidated, in_force FROM retired
     WHERE place <= :first ORDER BY subject, id
""")  # noqa: S608  (our own names)

BATCHES_OF_VINTAGES = DriverStatement("""
    SELECT k.subject, b.id
      FROM unnest(CAST(:programmes AS text[]), CAST(:years AS int[]))
           WITH ORDINALITY AS k (programme, year, subject)
     CROSS JOIN LATERAL (SELECT id, programme FROM credit_batch AS c
                          WHERE c.vintage = k.year OFFSET 0) AS b
     WHERE b.programme = k.programme
""")

# What was issued of each vintage as of a position, in tonnes.
ISSUED_OF_VINTAGES = DriverStatement("""
    SELECT k.programme, k.year, coalesce(sum(b.quantity), 0) AS tonnes
      FROM unnest(CAST(:programmes AS text[]), CAST(:years AS int[])) AS k (programme, year)
     CROSS JOIN LATERAL (SELECT id, programme, quantity FROM credit_batch AS c
                          WHERE c.vintage = k.year
                            AND coalesce(c.withdrawn_position > :as_of, true) OFFSET 0) AS b
     WHERE b.programme = k.programme AND b.id <= :as_of
     GROUP BY k.programme, k.year
""")

# What was retired for pilots' periods, by pages: the entries at which something moved into their accounts.
_RETIRED_FOR = f"""
    SELECT a.pilot_id, a.period_id, {_ENTRY}
      FROM unnest(CAST(:pilots AS bigint[]), CAST(:periods AS bigint[])) AS k (pilot_id, period_id)
      JOIN account AS a ON a.pilot_id = k.pilot_id AND a.period_id = k.period_id AND a.kind = 'RETIREMENT'
     CROSS JOIN LATERAL (
            SELECT DISTINCT position FROM movement
             WHERE credit_id = a.id AND position {{beyond}} CAST(:after AS bigint)
             ORDER BY position {{order}} LIMIT :limit) AS page
      JOIN log_entry AS e ON e.position = page.position
     ORDER BY a.pilot_id, a.period_id, e.position {{order}}
"""  # noqa: S608  (our own names)
RETIRED_FOR = {
    Direction.ASC: DriverStatement(_RETIRED_FOR.format(beyond=">", order="ASC")),
    Direction.DESC: DriverStatement(_RETIRED_FOR.format(beyond="<", order="DESC")),
}
BEFORE_ALL = {Direction.ASC: 0, Direction.DESC: LATEST}

# What moved at positions, by pages, with the batches that it is of.
MOVEMENTS_AT = PagesOfEach(
    select(
        credit_batch,
        *(movement.c[name] for name in ("position", "line", "debit_id", "credit_id", "batch_id")),
        movement.c.lo.label("moved_lo"),
        movement.c.hi.label("moved_hi"),
    ).join_from(movement, credit_batch, credit_batch.c.id == movement.c.batch_id),
    movement.c.position,
    movement.c.line,
)

STATED_ACCOUNTS = DriverStatement("""
    SELECT k.subject, a.id
      FROM unnest(CAST(:pilots AS bigint[])) WITH ORDINALITY AS k (pilot_id, subject)
      JOIN account AS a ON a.pilot_id = k.pilot_id AND a.kind = 'RETIREMENT'
    UNION ALL
    SELECT k.subject, a.id
      FROM unnest(CAST(:organisations AS bigint[]), CAST(:programmes AS text[]))
           WITH ORDINALITY AS k (organisation_id, programme, subject)
      JOIN account AS a ON a.organisation_id = k.organisation_id AND a.kind = 'HOLDING'
       AND a.programme = k.programme
""")

# After common tables ``own`` and ``pair``: during which positions something holds of all that an account has
# of a batch: that the whole batch is invalidated, exported or frozen; that its project lies inside the
# account's pilot; and that it counts no more, by any of these but freezing.
_STANDING = f"""
    paired AS (
        SELECT DISTINCT b.project_id, pair.pilot_id
          FROM pair
         CROSS JOIN LATERAL (SELECT project_id FROM credit_batch
                              WHERE credit_batch.id = pair.batch_id OFFSET 0) AS b
         WHERE pair.pilot_id IS NOT NULL
    ), {INSIDE}, standing AS (
        SELECT pair.subject, pair.account_id, pair.as_of, pair.batch_id, whole.*, within.inside,
               whole.invalidated + whole.exported + within.inside AS withdrawn
          FROM pair
         CROSS JOIN LATERAL (
                SELECT coalesce(range_agg(during) FILTER (WHERE o.status = 'INVALIDATED'), '{{}}')
                           AS invalidated,
                       coalesce(range_agg(during) FILTER (WHERE o.status = 'EXPORTED'), '{{}}') AS exported,
                       coalesce(range_agg(during) FILTER (WHERE o.status = 'FROZEN'), '{{}}') AS frozen
                  FROM ({ORDERS}) AS o
                 WHERE o.batch_id = pair.batch_id) AS whole
          LEFT JOIN LATERAL (
                SELECT inside.during FROM credit_batch AS b JOIN inside USING (project_id)
                 WHERE b.id = pair.batch_id AND inside.pilot_id = pair.pilot_id
                   AND pair.pilot_id IS NOT NULL) AS there ON true
         CROSS JOIN LATERAL (SELECT coalesce(there.during, '{{}}') AS inside) AS within
    )"""  # noqa: S608  (our own names)

# What each standing is called in a statement, and how it is summed.
STANDINGS = ("invalidated", "exported", "frozen", "withdrawn")


CHANGED = """sum(latest.tonnes * (CAST(s.{name} @> edge.position AS int)
                                       - CAST(s.{name} @> (edge.position - 1) AS int)))"""


def _each(written: str) -> str:
    """Columns, one for each standing."""
    return ", ".join(written.format(name=name) + f" AS {name}" for name in STANDINGS)


# The movements of accounts from a line on, with the balance after each, and how much of it is in each
# standing; where that changes without a movement, it is a line of its own. The balances say where the
# accounts changed: of each batch the next few places are found and merged, so the cost is the page and the
# number of batches, not the length of the history. What was before is one balance a batch.
STATEMENT = DriverStatement(f"""
    WITH RECURSIVE own AS (
        SELECT own.*, a.pilot_id
          FROM unnest(CAST(:subjects AS bigint[]), CAST(:accounts AS bigint[]),
                      CAST(:only AS bigint[]), CAST(:as_ofs AS bigint[]))
            AS own (subject, account_id, only_batch, as_of)
          JOIN account AS a ON a.id = own.account_id
    ), pair (subject, account_id, only_batch, as_of, pilot_id, batch_id) AS (
        SELECT own.*, first.batch_id
          FROM own
         CROSS JOIN LATERAL (
                SELECT batch_id FROM balance
                 WHERE balance.account_id = own.account_id
                   AND balance.batch_id >= coalesce(own.only_batch, 0)
                 ORDER BY batch_id LIMIT 1) AS first
         WHERE own.only_batch IS NULL OR first.batch_id = own.only_batch
        UNION ALL
        SELECT pair.subject, pair.account_id, pair.only_batch, pair.as_of, pair.pilot_id,
               next.batch_id
          FROM pair
         CROSS JOIN LATERAL (
                SELECT batch_id FROM balance
                 WHERE balance.account_id = pair.account_id AND balance.batch_id > pair.batch_id
                 ORDER BY batch_id LIMIT 1) AS next
         WHERE pair.only_batch IS NULL
    ), {_STANDING}, before AS (
        SELECT s.subject, sum(latest.tonnes) AS tonnes,
               {_each("coalesce(sum(latest.tonnes) FILTER (WHERE s.{name} @> CAST(:position AS bigint) - 1), 0)")}
          FROM standing AS s
         CROSS JOIN LATERAL (
                SELECT tonnes FROM balance
                 WHERE balance.account_id = s.account_id AND balance.batch_id = s.batch_id
                   AND balance.position < :position
                 ORDER BY balance.position DESC LIMIT 1) AS latest
         GROUP BY s.subject
    ), changed AS (
        SELECT s.subject, edge.position,
               {_each(CHANGED)}
          FROM standing AS s
         CROSS JOIN LATERAL (
                SELECT DISTINCT bound.position
                  FROM unnest(ARRAY[s.invalidated, s.exported, s.frozen, s.withdrawn]) AS kept (runs)
                 CROSS JOIN LATERAL unnest(kept.runs) AS run (during)
                 CROSS JOIN LATERAL unnest(ARRAY[lower(run.during), upper(run.during)])
                    AS bound (position)
                 WHERE bound.position BETWEEN :position AND s.as_of) AS edge
         CROSS JOIN LATERAL (
                SELECT tonnes FROM balance
                 WHERE balance.account_id = s.account_id AND balance.batch_id = s.batch_id
                   AND balance.position < edge.position
                 ORDER BY balance.position DESC LIMIT 1) AS latest
         WHERE latest.tonnes > 0
         GROUP BY s.subject, edge.position
    ), place AS (
        SELECT subject, position, row_number() OVER (PARTITION BY subject ORDER BY position) AS nth
          FROM (SELECT pair.subject, changed.position
                  FROM pair
                 CROSS JOIN LATERAL (
                        SELECT position FROM balance
                         WHERE balance.account_id = pair.account_id
                           AND balance.batch_id = pair.batch_id
                           AND balance.position >= :position AND balance.position <= pair.as_of
                         ORDER BY balance.position LIMIT :first + 1) AS changed
                 UNION SELECT subject, position FROM changed) AS found
    ), happened AS (
        SELECT s.subject, m.position, m.line, m.debit_id, m.credit_id, m.batch_id, m.lo, m.hi, signed.tonnes,
               {_each("CASE WHEN s.{name} @> m.position THEN signed.tonnes ELSE 0 END")}
          FROM place
          JOIN movement AS m ON m.position = place.position
          JOIN standing AS s ON s.subject = place.subject AND s.account_id IN (m.debit_id, m.credit_id)
           AND s.batch_id = m.batch_id
         CROSS JOIN LATERAL (
                SELECT (m.hi - m.lo) * CASE s.account_id WHEN m.credit_id THEN 1 ELSE -1 END
                    AS tonnes) AS signed
         WHERE place.nth <= :first + 1
        UNION ALL
        SELECT subject, position, 0, NULL, NULL, NULL, NULL, NULL, 0, {", ".join(STANDINGS)}
          FROM changed JOIN place USING (subject, position) WHERE place.nth <= :first + 1
    ), summed AS (
        SELECT h.subject, h.position, h.line, h.debit_id, h.credit_id, h.batch_id, h.lo, h.hi,
               h.tonnes,
               coalesce(before.tonnes, 0) + sum(h.tonnes) OVER upto AS balance,
               {_each("coalesce(before.{name}, 0) + sum(h.{name}) OVER upto")}
          FROM happened AS h LEFT JOIN before USING (subject)
        WINDOW upto AS (PARTITION BY h.subject ORDER BY h.position, h.line)
    )
    SELECT *
      FROM (SELECT summed.*,
                   row_number() OVER (PARTITION BY subject ORDER BY position, line) AS nth
              FROM summed WHERE (position, line) > (:position, :line)) AS following
     WHERE nth <= :first ORDER BY subject, nth
""")  # noqa: S608  (our own names)

# How many movements a pilot's statement has, counted no further than so many.
MOVED_FOR_PILOT = DriverStatement("""
    SELECT count(*) AS many
      FROM (SELECT
              FROM account AS a
              JOIN balance AS b ON b.account_id = a.id AND b.position <= :as_of
              JOIN movement AS m ON m.position = b.position AND m.batch_id = b.batch_id
               AND a.id IN (m.debit_id, m.credit_id)
             WHERE a.pilot_id = :pilot AND a.kind = 'RETIREMENT'
             LIMIT :most) AS counted
""")

# What each organisation holds of each batch as of a position, found in the same way until there is a
# page of it in each of its accounts.
HOLDINGS = DriverStatement(f"""
    WITH RECURSIVE own AS (
        SELECT k.id AS organisation_id, a.id AS account_id
          FROM unnest(CAST(:organisations AS bigint[])) AS k (id)
          JOIN account AS a ON a.organisation_id = k.id AND a.kind = 'HOLDING'
    ), step (organisation_id, account_id, batch_id, tonnes, found) AS (
        SELECT own.*, CAST(:after AS bigint), CAST(0 AS bigint), CAST(0 AS bigint) FROM own
        UNION ALL
        SELECT step.organisation_id, step.account_id, next.batch_id, latest.tonnes,
               step.found + CASE WHEN latest.tonnes > 0 THEN 1 ELSE 0 END
          FROM step
         CROSS JOIN LATERAL (
                SELECT batch_id FROM balance
                 WHERE balance.account_id = step.account_id AND balance.batch_id > step.batch_id
                 ORDER BY batch_id LIMIT 1) AS next
          LEFT JOIN LATERAL (
                SELECT tonnes FROM balance
                 WHERE balance.account_id = step.account_id AND balance.batch_id = next.batch_id
                   AND balance.position <= :as_of
                 ORDER BY balance.position DESC LIMIT 1) AS latest ON true
         WHERE step.found < :first
    )
    SELECT organisation_id, account_id, batch_id, tonnes,
           coalesce(whole.invalidated, false) AS invalidated,
           coalesce(whole.exported, false) AS exported, coalesce(whole.frozen, false) AS frozen
      FROM step
     CROSS JOIN LATERAL (
            SELECT bool_or(o.status = 'INVALIDATED') AS invalidated,
                   bool_or(o.status = 'EXPORTED') AS exported, bool_or(o.status = 'FROZEN') AS frozen
              FROM ({ORDERS}) AS o
             WHERE o.batch_id = step.batch_id AND o.during @> CAST(:as_of AS bigint)) AS whole
     WHERE tonnes > 0 ORDER BY organisation_id, batch_id
""")  # noqa: S608  (our own names)

# The suspected double issuances that each batch has a part in as of a position, as the later or the earlier one; none
# of them with what was withdrawn by then.
DOUBLES = DriverStatement("""
    SELECT k.id AS of_batch, d.batch_id, d.other_id, d.position, r.finding
      FROM unnest(CAST(:batches AS bigint[])) AS k (id)
      JOIN credit_batch AS own ON own.id = k.id AND coalesce(own.withdrawn_position > :as_of, true)
     CROSS JOIN LATERAL (
            (SELECT d.batch_id, d.other_id, d.position, d.other_id AS counterpart
               FROM double_issuance AS d
               JOIN credit_batch AS b ON b.id = d.other_id AND coalesce(b.withdrawn_position > :as_of, true)
              WHERE d.batch_id = k.id AND d.other_id > :after AND d.position <= :as_of
              ORDER BY d.other_id LIMIT :first)
            UNION ALL
            (SELECT d.batch_id, d.other_id, d.position, d.batch_id
               FROM double_issuance AS d
               JOIN credit_batch AS b ON b.id = d.batch_id AND coalesce(b.withdrawn_position > :as_of, true)
              WHERE d.other_id = k.id AND d.batch_id > :after AND d.position <= :as_of
              ORDER BY d.batch_id LIMIT :first)
             ORDER BY counterpart LIMIT :first) AS d
      LEFT JOIN double_issuance_resolution AS r
        ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id) AND r.position <= :as_of
     ORDER BY of_batch, d.counterpart
""")


async def page_batches_of(
    connection: AsyncConnection, projects: Sequence[ProjectId], page: Page
) -> dict[ProjectId, list[CreditBatch]]:
    query = paged_for_each(
        select(credit_batch), credit_batch.c.project_id, credit_batch.c.id, projects, page
    )
    found: dict[ProjectId, list[CreditBatch]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(batch_in(row))
    return found


async def count_batches_of(
    connection: AsyncConnection, projects: Sequence[ProjectId]
) -> dict[ProjectId, int]:
    """How many batches each project has."""
    of = credit_batch.c.project_id
    return await count_for_each(connection, select(credit_batch), of, projects)


async def count_positions_into(
    connection: AsyncConnection, accounts: Sequence[AccountId], as_of: int
) -> dict[AccountId, int]:
    """At how many positions something had moved into each account by a position."""
    moved = select(movement.c.position, movement.c.credit_id).distinct()
    until = moved.where(movement.c.position <= as_of)
    return await count_for_each(connection, until, movement.c.credit_id, accounts)


async def count_movements_at(
    connection: AsyncConnection, positions: Sequence[int]
) -> dict[int, int]:
    """How many lines moved at each position."""
    return await count_for_each(connection, select(movement), movement.c.position, positions)


async def count_holdings(
    connection: AsyncConnection, organisations: Sequence[OrganisationId], as_of: int
) -> dict[OrganisationId, int]:
    """Of how many batches each organisation holds some as of a position."""
    given = {"organisations": list(organisations), "as_of": as_of, "after": 0, "first": LATEST}
    rows = await counting(HOLDINGS, "organisation_id").rows(connection, given)
    return {row[0]: row[1] for row in rows}


async def count_doubles(
    connection: AsyncConnection, batches: Sequence[BatchId], as_of: int
) -> dict[BatchId, int]:
    """How many suspected double issuances each batch has a part in as of a position."""
    given = {"batches": list(batches), "as_of": as_of, "after": 0, "first": None}
    rows = await counting(DOUBLES, "of_batch").rows(connection, given)
    return {row[0]: row[1] for row in rows}


async def page_retired_for(
    connection: AsyncConnection, periods: Sequence[tuple[PilotId, PeriodId]], page: Page
) -> dict[tuple[PilotId, PeriodId], list[Entry]]:
    """For each (pilot, period) a page of the entries that retired something for it, and one more."""
    rows = await RETIRED_FOR[page.direction].rows(
        connection,
        {
            "pilots": [pilot_id for pilot_id, _ in periods],
            "periods": [period_id for _, period_id in periods],
            "after": BEFORE_ALL[page.direction] if page.after is None else page.after,
            "limit": page.first + 1,
        },
    )
    found: dict[tuple[PilotId, PeriodId], list[Entry]] = defaultdict(list)
    for pilot_id, period_id, *of_log in rows:
        found[pilot_id, period_id].append(entry_in(of_log))
    return found


async def page_holdings(
    connection: AsyncConnection, organisations: Sequence[OrganisationId], as_of: int, page: Page
) -> dict[OrganisationId, list[Holding]]:
    """For each organisation a page of what it holds of each batch as of a position, and one more."""
    rows = await HOLDINGS.rows(
        connection,
        {
            "organisations": list(organisations),
            "as_of": as_of,
            "after": page.after or 0,
            "first": page.first + 1,
        },
    )
    found: dict[OrganisationId, list[Holding]] = defaultdict(list)
    for row in rows:
        found[row.organisation_id].append(
            Holding(
                row.account_id,
                row.batch_id,
                row.tonnes,
                row.tonnes if row.invalidated else 0,
                row.tonnes if row.exported else 0,
                row.tonnes if row.frozen else 0,
            )
        )
    return {organisation: held[: page.first + 1] for organisation, held in found.items()}


async def page_doubles(
    connection: AsyncConnection, batches: Sequence[BatchId], as_of: int, page: Page
) -> dict[BatchId, list[DoubleIssuance]]:
    """For each batch a page of its suspected double issuances as of a position, and one more, by the other batch."""
    given = {
        "batches": list(batches), "as_of": as_of, "after": page.after or 0, "first": page.first + 1,
    }  # fmt: skip
    found: dict[BatchId, list[DoubleIssuance]] = defaultdict(list)
    for row in await DOUBLES.rows(connection, given):
        finding = row.finding and Finding(row.finding)
        found[row.of_batch].append(
            DoubleIssuance(row.batch_id, row.other_id, row.position, finding)
        )
    return found


async def page_movements_at(
    connection: AsyncConnection, positions: Sequence[int], page: Page
) -> dict[int, list[MovedOf]]:
    """For each position a page of what moved there, line by line, and one more."""
    found: dict[int, list[MovedOf]] = defaultdict(list)
    batches: dict[int, CreditBatch] = {}
    for row in await MOVEMENTS_AT.rows(connection, page, parents=positions):
        batch = batches.get(row.id) or batches.setdefault(row.id, batch_in(row))
        moved = Movement(
            row.position, row.line, row.debit_id, row.credit_id, row.batch_id, row.moved_lo, row.moved_hi
        )  # fmt: skip
        found[row.parent].append(MovedOf(moved, batch))
    return found


async def read_positions_at(
    connection: AsyncConnection, times: Collection[datetime]
) -> dict[datetime, int]:
    """The last position at or before each time; 0 before the first."""
    # By their order: the driver gives the calendar's ends back without their offsets.
    rows = await POSITION_AT.rows(connection, {"times": list(times)})
    return {at: row.position for at, row in zip(times, rows, strict=True)}


async def page_life(
    connection: AsyncConnection, keys: Sequence[SerialAt], page: Page
) -> dict[SerialAt, list[LifeStep]]:
    """For each serial a page of what happened to it, and one more; with the movement, where that is what happened."""
    rows = await LIFE.rows(
        connection, _serials(keys) | {"after": page.after or 0, "first": page.first + 1}
    )
    found: dict[SerialAt, list[LifeStep]] = defaultdict(list)
    for row in rows:
        moved = None if row.line is None else movement_in(row)
        found[_serial_of(row)].append(LifeStep(entry_in(row[-_OF_ENTRY:]), moved))
    return found


async def read_last_moved(
    connection: AsyncConnection, keys: Sequence[SerialAt]
) -> dict[SerialAt, Movement]:
    """The movement that brought each serial to where it is as of its position."""
    rows = await LAST_MOVED.rows(connection, _serials(keys))
    return {_serial_of(row): movement_in(row) for row in rows}


async def page_tiling(
    connection: AsyncConnection, batches: Sequence[BatchId], page: Page
) -> dict[BatchId, list[Lot]]:
    """For each batch a page of its current lots in order of their serials, and one more; ``after``
    is the last serial of a lot."""
    start = 0 if page.after is None else page.after + 1
    given = {"batches": list(batches), "start": start, "first": page.first + 1}
    found: dict[BatchId, list[Lot]] = defaultdict(list)
    for row in await TILING.rows(connection, given):
        found[row.batch_id].append(lot_in(row))
    return found


async def page_beneficiaries(
    connection: AsyncConnection, batches: Sequence[tuple[K, BatchId]], as_of: int, page: Page
) -> dict[K, list[Beneficiary]]:
    """For each subject, of (subject, batch) pairs, a page of whom its batches are retired for as of a
    position, and one more; in order of accounts."""
    rows = await BENEFICIARIES.rows(
        connection,
        {
            "subjects": [subject for subject, _ in batches],
            "batches": [batch_id for _, batch_id in batches],
            "as_of": as_of,
            "after": page.after or 0,
            "first": page.first + 1,
        },
    )
    found: dict[K, list[Beneficiary]] = defaultdict(list)
    for row in rows:
        found[row.subject].append(
            Beneficiary(
                row.id,
                row.pilot_id,
                row.period_id,
                int(row.tonnes),
                int(row.invalidated),
                int(row.in_force),
            )
        )
    return found


async def read_batch_ids_of_projects(
    connection: AsyncConnection, projects: Collection[ProjectId]
) -> list[tuple[ProjectId, BatchId]]:
    """The batches of projects, as (project, batch)."""
    rows = await connection.execute(
        select(credit_batch.c.project_id, credit_batch.c.id).where(
            among(credit_batch.c.project_id, projects)
        )
    )
    return [(row.project_id, row.id) for row in rows]


async def read_batch_ids_of_vintages(
    connection: AsyncConnection, vintages: Sequence[Vintage]
) -> list[tuple[int, BatchId]]:
    """The batches of vintages, as (number of the vintage in ``vintages``, from 1; batch)."""
    rows = await BATCHES_OF_VINTAGES.rows(connection, _vintages(vintages))
    return [(row.subject, row.id) for row in rows]


async def read_issued_of_vintages(
    connection: AsyncConnection, vintages: Sequence[Vintage], as_of: int
) -> dict[Vintage, int]:
    """The tonnes issued of each vintage as of a position."""
    rows = await ISSUED_OF_VINTAGES.rows(connection, _vintages(vintages) | {"as_of": as_of})
    return {Vintage(row.programme, row.year): int(row.tonnes) for row in rows}


async def page_statement(
    connection: AsyncConnection, keys: Sequence[StatementOf], page: Page
) -> dict[StatementOf, list[StatedRow]]:
    """For each statement a page of its lines, and one more."""
    # Numbers are given to pilots and to holders apart: each number names one of either.
    pilots = [key for key in keys if key.pilot_id is not None]
    holders = [key for key in keys if key.pilot_id is None]
    stated = await STATED_ACCOUNTS.rows(
        connection,
        {
            "pilots": [key.pilot_id for key in pilots] + [None] * len(holders),
            "organisations": [None] * len(pilots) + [key.organisation_id for key in holders],
            "programmes": [None] * len(pilots) + [key.programme for key in holders],
        },
    )
    numbered = [*pilots, *holders]
    owned = [(row.subject, row.id) for row in stated]
    after = page.after or LineId(0, -1)
    rows = await STATEMENT.rows(
        connection,
        {
            "subjects": [subject for subject, _ in owned],
            "accounts": [account_id for _, account_id in owned],
            "only": [numbered[subject - 1].batch_id for subject, _ in owned],
            "as_ofs": [numbered[subject - 1].as_of for subject, _ in owned],
            "position": after.position,
            "line": after.line,
            "first": page.first + 1,
        },
    )
    found: dict[StatementOf, list[StatedRow]] = defaultdict(list)
    for row in rows:
        found[numbered[row.subject - 1]].append(
            StatedRow(
                row.position,
                None if row.debit_id is None else movement_in(row),
                int(row.tonnes),
                int(row.balance),
                *(int(getattr(row, name)) for name in STANDINGS),
            )
        )
    return found


async def count_moved_for_pilot(
    connection: AsyncConnection, pilot: PilotId, as_of: int, most: int
) -> int:
    """How many movements the statement of a pilot has as of a position; ``most`` where there are more."""
    given = {"pilot": pilot, "as_of": as_of, "most": most}
    [row] = await MOVED_FOR_PILOT.rows(connection, given)
    return int(row.many)


def _serials(keys: Sequence[SerialAt]) -> dict[str, list[int]]:
    return {
        "batches": [key.batch_id for key in keys],
        "serials": [key.serial for key in keys],
        "as_ofs": [key.as_of for key in keys],
    }


def _serial_of(row: Any) -> SerialAt:
    return SerialAt(row.of_batch, row.of_serial, row.as_of)


def _vintages(vintages: Sequence[Vintage]) -> dict[str, list[Any]]:
    return {
        "programmes": [vintage.programme for vintage in vintages],
        "years": [vintage.year for vintage in vintages],
    }
