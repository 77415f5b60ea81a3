"""The SQL of credits that no longer stand for what they were issued for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.paging import Page, counting
from nzc_api.database.sql_files import sql_in
from nzc_api.ids import BatchId, Position
from nzc_api.ledger.model import Withdrawn, WithdrawnKey, WithdrawnSerials
from nzc_api.ledger.reading.batch_order_store import ORDERS
from nzc_api.ledger.reading.boundary_store import INSIDE, LIES, SINCE, WAYS
from nzc_api.ledger.reading.questions_model import BoundaryChange, WithdrawnFrom
from nzc_api.ledger.reading.standing import WithdrawnReason
from nzc_api.log.asked import LATEST

# What was withdrawn, of movements ``m``. Found by the accounts that they went to: there are few of those, and little
# goes there. What was retired goes to no sink.
_WITHDRAWN = """
    SELECT m.batch_id, m.debit_id, m.position, a.purpose IS NOT NULL AS for_sink,
           d.purpose IS NOT DISTINCT FROM 'OWN_SINK' AS from_sink, c.position AS corrected,
           sum(m.hi - m.lo) AS tonnes
      FROM account AS a
      JOIN movement AS m ON m.credit_id = a.id
      JOIN account AS d ON d.id = m.debit_id
      LEFT JOIN correction AS c ON c.posting_id = m.position
     WHERE {to} AND {whose}
     GROUP BY m.batch_id, m.debit_id, m.position, a.purpose, d.purpose, c.position
     ORDER BY m.position, m.batch_id
"""

# After a common table ``issued (id)`` of batches, or ``owned (account_id)`` of accounts.
WITHDRAWN_OF_ISSUED = _WITHDRAWN.format(
    to="(a.kind = 'INVALIDATED' OR a.kind = 'OTHER_USE' AND a.purpose = 'OWN_SINK')",
    whose="m.batch_id = ANY(ARRAY(SELECT id FROM issued))",
)
_FROM_OWNED = {
    "to": "a.kind = 'INVALIDATED'",
    "whose": "m.debit_id = ANY(ARRAY(SELECT account_id FROM owned))",
}
WITHDRAWN_FROM_OWNED = _WITHDRAWN.format(**_FROM_OWNED)
# The accounts of which there is any.
OWNED_WITHDRAWN = """
    SELECT m.debit_id AS account_id FROM account AS a JOIN movement AS m ON m.credit_id = a.id
     WHERE {to} AND {whose}""".format(**_FROM_OWNED)  # noqa: S608  (our own text)

# After a common table ``asked (posting, as_of)``: what is gone of each retirement or other use as of its
# position, since when, and why, as `standing.withdrawn_since` has it. A correction takes back the whole. Else
# the current lots tell, one probe a lot: what was retired or used leaves only to be invalidated, and never comes
# back. What moves nothing: its whole batch is invalidated; or it is exported, or its project lies inside the
# pilot that it was retired for, so that it offsets no pilot, and gives none its sink back.
_GONE = sql_in(__package__)("gone").format(
    inside=INSIDE, orders=ORDERS, since=SINCE.format(key="walk")
)

_ASKED = """
    WITH RECURSIVE asked AS (
        SELECT posting, CAST(:as_of AS bigint) AS as_of
          FROM unnest(CAST(:postings AS bigint[])) AS k (posting)
    )"""

WITHDRAWN_TONNES = DriverStatement(f"""
    {_ASKED}, {_GONE} SELECT posting, sum(hi - lo) AS tonnes FROM gone GROUP BY posting
""")  # noqa: S608  (our own names)

# The same by serials: neighbours that went at one position are one range, however they came to be cut.
WITHDRAWN_SERIALS = DriverStatement(f"""
    {_ASKED}, {_GONE}, run AS (
        SELECT gone.*,
               hi - sum(hi - lo) OVER (PARTITION BY posting, position, batch_id ORDER BY lo) AS number
          FROM gone
    ), part AS (
        SELECT posting, position, reason, inside_id, batch_id, min(lo) AS lo, max(hi) AS hi FROM run
         GROUP BY posting, position, reason, inside_id, batch_id, number
    ), following AS (
        SELECT part.*,
               row_number() OVER (PARTITION BY posting ORDER BY position, batch_id, lo) AS nth
          FROM part WHERE (position, batch_id, lo) > (:position, :batch, :lo)
    )
    SELECT f.posting, f.position, e.at, e.kind, f.reason, f.inside_id, f.batch_id, f.lo, f.hi
      FROM following AS f JOIN log_entry AS e ON e.position = f.position
     WHERE f.nth <= :first ORDER BY f.posting, f.nth
""")  # noqa: S608  (our own names)

# The retirements for a pilot's period that have some of what counts no more: of a batch, since a position, as
# of another.
WITHDRAWN_RETIREMENTS = DriverStatement(f"""
    WITH RECURSIVE wanted AS (
        SELECT k.*, m.position AS posting
          FROM unnest(CAST(:pilots AS bigint[]), CAST(:periods AS bigint[]), CAST(:batches AS bigint[]),
                      CAST(:positions AS bigint[]), CAST(:as_ofs AS bigint[])) WITH ORDINALITY
            AS k (pilot_id, period_id, batch_id, position, as_of, subject)
          JOIN account AS a ON a.pilot_id = k.pilot_id AND a.period_id = k.period_id
           AND a.kind = 'RETIREMENT'
          JOIN movement AS m ON m.credit_id = a.id AND m.batch_id = k.batch_id
           AND m.position <= k.as_of
    ), asked AS (SELECT DISTINCT posting, as_of FROM wanted), {_GONE}, following AS (
        SELECT w.subject, w.posting, dense_rank() OVER (PARTITION BY w.subject ORDER BY w.posting) AS nth
          FROM wanted AS w
          JOIN gone ON gone.posting = w.posting AND gone.as_of = w.as_of
           AND gone.batch_id = w.batch_id AND gone.position = w.position
         WHERE gone.reason <> 'CORRECTED' AND w.posting > :after
    )
    SELECT DISTINCT subject, posting FROM following WHERE nth <= :first ORDER BY subject, posting
""")  # noqa: S608  (our own names)

# The retirements of which an entry of the log changed what counts, because a project came to lie inside
# their pilot (tonnes > 0), or does not any more (< 0).
BY_BOUNDARY = DriverStatement(f"""
    WITH RECURSIVE asked AS (
        WITH RECURSIVE located AS (SELECT DISTINCT project_id FROM ({LIES}) AS lies),
        {WAYS}, inside AS (
            SELECT project_id, pilot_id, range_agg(during) AS during FROM way
             GROUP BY project_id, pilot_id
        ), changed AS (
            SELECT DISTINCT m.position AS posting
              FROM inside
              JOIN account AS a ON a.pilot_id = inside.pilot_id AND a.kind = 'RETIREMENT'
              JOIN movement AS m ON m.credit_id = a.id AND m.position < :position
              JOIN credit_batch AS b ON b.id = m.batch_id AND b.project_id = inside.project_id
             WHERE inside.during @> CAST(:position AS bigint)
                   <> (inside.during @> (CAST(:position AS bigint) - 1))
        )
        SELECT posting, as_of FROM changed
         CROSS JOIN (VALUES (CAST(:position AS bigint)), (CAST(:position AS bigint) - 1)) AS at (as_of)
    ), {_GONE}, difference AS (
        SELECT posting, sum(CASE as_of WHEN :position THEN hi - lo ELSE lo - hi END) AS tonnes FROM gone
         WHERE reason = 'INSIDE_BOUNDARY' GROUP BY posting
    )
    SELECT posting, tonnes FROM difference WHERE tonnes <> 0 AND posting > :after
     ORDER BY posting LIMIT :first
""")  # noqa: S608  (our own names)

# What was invalidated of each batch as of a position: all of it as a whole, or else what sits in the
# account of its programme for that.
INVALIDATED = DriverStatement(f"""
    SELECT b.id,
           CASE WHEN EXISTS (SELECT FROM ({ORDERS}) AS o
                              WHERE o.batch_id = b.id AND o.status = 'INVALIDATED'
                                AND o.during @> CAST(:as_of AS bigint))
                THEN b.quantity ELSE coalesce(exact.tonnes, 0) END AS tonnes
      FROM unnest(CAST(:batches AS bigint[])) AS k (id)
      JOIN credit_batch AS b ON b.id = k.id
      LEFT JOIN account AS a ON a.kind = 'INVALIDATED' AND a.programme = b.programme
      LEFT JOIN LATERAL (
            SELECT tonnes FROM balance
             WHERE balance.account_id = a.id AND balance.batch_id = b.id
               AND balance.position <= :as_of
             ORDER BY balance.position DESC LIMIT 1) AS exact ON true
""")  # noqa: S608  (our own names)


def withdrawn_in(rows: Iterable[Any]) -> list[Withdrawn]:
    """What was withdrawn of batches, or out of accounts, by exact serials."""
    return [
        Withdrawn(
            row.batch_id,
            row.debit_id,
            row.position,
            int(row.tonnes),
            row.for_sink,
            row.from_sink,
            row.corrected,
        )
        for row in rows
    ]


async def read_withdrawn_tonnes(
    connection: AsyncConnection, postings: Sequence[int], as_of: Position
) -> dict[int, int]:
    """What of each retirement or other use is not in force as of a position, in tonnes; none where
    all of it is."""
    rows = await WITHDRAWN_TONNES.rows(connection, {"postings": list(postings), "as_of": as_of})
    return {row.posting: int(row.tonnes) for row in rows}


async def page_withdrawn_serials(
    connection: AsyncConnection, postings: Sequence[int], as_of: Position, page: Page
) -> dict[int, list[WithdrawnSerials]]:
    """For each retirement or other use a page of what of it is not in force as of a position, and one
    more; in the order of their keys."""
    found: dict[int, list[WithdrawnSerials]] = defaultdict(list)
    for row in await WITHDRAWN_SERIALS.rows(connection, _given(postings, as_of, page)):
        posting, position, at, kind, reason, *serials = row
        found[posting].append(
            WithdrawnSerials(position, at, kind, WithdrawnReason(reason), *serials)
        )
    return found


async def count_withdrawn_serials(
    connection: AsyncConnection, postings: Sequence[int], as_of: Position
) -> dict[int, int]:
    """In how many ranges of serials that is."""
    given = _given(postings, as_of, Page(LATEST - 1))
    rows = await counting(WITHDRAWN_SERIALS, "posting").rows(connection, given)
    return {row[0]: row[1] for row in rows}


async def page_withdrawn_retirements(
    connection: AsyncConnection, keys: Sequence[WithdrawnFrom], page: Page
) -> dict[WithdrawnFrom, list[int]]:
    """For each of what counts no more a page of the retirements that have some of it, and one more."""
    given = {
        "pilots": [key.pilot_id for key in keys],
        "periods": [key.period_id for key in keys],
        "batches": [key.batch_id for key in keys],
        "positions": [key.position for key in keys],
        "as_ofs": [key.as_of for key in keys],
        "after": page.after or 0,
        "first": page.first + 1,
    }
    found: dict[WithdrawnFrom, list[int]] = defaultdict(list)
    for row in await WITHDRAWN_RETIREMENTS.rows(connection, given):
        found[keys[row.subject - 1]].append(row.posting)
    return found


async def page_by_boundary(
    connection: AsyncConnection, position: Position, page: Page
) -> list[BoundaryChange]:
    """A page of the retirements of which an entry changed what counts, and one more."""
    given = {"position": position, "after": page.after or 0, "first": page.first + 1}
    rows = await BY_BOUNDARY.rows(connection, given)
    return [BoundaryChange(row.posting, int(row.tonnes)) for row in rows]


async def read_invalidated(
    connection: AsyncConnection, batches: Sequence[BatchId], as_of: Position
) -> dict[BatchId, int]:
    """What was invalidated of each batch as of a position, in tonnes."""
    rows = await INVALIDATED.rows(connection, {"batches": list(batches), "as_of": as_of})
    return {row.id: row.tonnes for row in rows}


def _given(postings: Sequence[int], as_of: Position, page: Page) -> dict[str, int | list[int]]:
    after: WithdrawnKey = page.after or WithdrawnKey(Position(0), BatchId(0), 0)
    return {
        "postings": list(postings),
        "as_of": as_of,
        "position": after.position,
        "batch": after.batch_id,
        "lo": after.lo,
        "first": page.first + 1,
    }
