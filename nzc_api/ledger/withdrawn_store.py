"""The SQL of credits that no longer stand for what they were issued for."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.paging import Page, counting
from nzc_api.ledger.model import Withdrawn, WithdrawnKey, WithdrawnSerials
from nzc_api.ledger.store import LATEST

# Found by the accounts that they went to: there are few of those, and little goes there. What was
# cancelled for its sink is gone already when it is invalidated.
WITHDRAWN = text("""
    SELECT m.batch_id, m.debit_id, m.position, a.purpose IS NOT NULL AS for_sink,
           c.position AS corrected, sum(m.hi - m.lo) AS tonnes
      FROM account AS a
      JOIN movement AS m ON m.credit_id = a.id
      JOIN account AS d ON d.id = m.debit_id AND d.purpose IS DISTINCT FROM 'OWN_SINK'
      LEFT JOIN correction AS c ON c.posting_id = m.position
     WHERE (a.kind = 'INVALIDATED' OR a.purpose = 'OWN_SINK')
       AND (m.batch_id = ANY(CAST(:batches AS bigint[]))
            OR m.debit_id = ANY(CAST(:accounts AS bigint[])))
     GROUP BY m.batch_id, m.debit_id, m.position, a.purpose, c.position
     ORDER BY m.position, m.batch_id
""")

# What is gone of retirements and other uses as of a position, and since when. A correction takes back
# the whole. Else the current lots tell, one probe a lot: what was retired or used leaves only to be
# invalidated, and never comes back; or its whole batch was invalidated, which moves nothing.
_GONE = """
    WITH RECURSIVE moved AS (
        SELECT m.position AS posting, m.batch_id, m.lo, m.hi, c.position AS corrected
          FROM unnest(CAST(:postings AS bigint[])) AS k (posting)
          JOIN movement AS m ON m.position = k.posting
          LEFT JOIN correction AS c ON c.posting_id = k.posting AND c.position <= :as_of
    ), walk (posting, end_hi, account_id, batch_id, lo, hi, since) AS (
        SELECT moved.posting, moved.hi, l.*
          FROM moved
         CROSS JOIN LATERAL (
                SELECT account_id, batch_id, lo, hi, since FROM lot
                 WHERE lot.batch_id = moved.batch_id AND lot.lo <= moved.lo
                 ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
         WHERE moved.corrected IS NULL
        UNION ALL
        SELECT walk.posting, walk.end_hi, l.*
          FROM walk
         CROSS JOIN LATERAL (
                SELECT account_id, batch_id, lo, hi, since FROM lot
                 WHERE lot.batch_id = walk.batch_id AND lot.lo <= walk.hi
                 ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
         WHERE walk.hi < walk.end_hi
    ), gone AS (
        SELECT posting, corrected AS position, batch_id, lo, hi FROM moved
         WHERE corrected IS NOT NULL
        UNION ALL
        SELECT walk.posting, least(exact.position, whole.position), walk.batch_id, walk.lo, walk.hi
          FROM walk
          LEFT JOIN LATERAL (
                SELECT walk.since AS position FROM account AS a
                 WHERE a.id = walk.account_id AND a.kind = 'INVALIDATED'
                   AND walk.since <= :as_of) AS exact ON true
          LEFT JOIN LATERAL (
                SELECT f.position FROM batch_fact AS f
                 WHERE f.batch_id = walk.batch_id AND f.kind = 'INVALIDATE'
                   AND f.position <= :as_of
                 ORDER BY f.position LIMIT 1) AS whole ON true
         WHERE exact.position IS NOT NULL OR whole.position IS NOT NULL
    )"""

WITHDRAWN_TONNES = text(f"""
    {_GONE} SELECT posting, sum(hi - lo) AS tonnes FROM gone GROUP BY posting
""")  # noqa: S608  (our own names)

# The same by serials: neighbours that went at one position are one range, however they came to be cut.
WITHDRAWN_SERIALS = text(f"""
    {_GONE}, run AS (
        SELECT gone.*,
               hi - sum(hi - lo) OVER (PARTITION BY posting, position, batch_id ORDER BY lo) AS number
          FROM gone
    ), part AS (
        SELECT posting, position, batch_id, min(lo) AS lo, max(hi) AS hi FROM run
         GROUP BY posting, position, batch_id, number
    ), following AS (
        SELECT part.*,
               row_number() OVER (PARTITION BY posting ORDER BY position, batch_id, lo) AS nth
          FROM part WHERE (position, batch_id, lo) > (:position, :batch, :lo)
    )
    SELECT f.posting, f.position, e.at, e.kind, f.batch_id, f.lo, f.hi
      FROM following AS f JOIN log_entry AS e ON e.position = f.position
     WHERE f.nth <= :first ORDER BY f.posting, f.nth
""")  # noqa: S608  (our own names)

# What was invalidated of each batch as of a position: all of it as a whole, or else what sits in the
# account of its programme for that.
INVALIDATED = text("""
    SELECT b.id,
           CASE WHEN EXISTS (SELECT FROM batch_fact AS f
                              WHERE f.batch_id = b.id AND f.kind = 'INVALIDATE'
                                AND f.position <= :as_of)
                THEN b.quantity ELSE coalesce(exact.tonnes, 0) END AS tonnes
      FROM unnest(CAST(:batches AS bigint[])) AS k (id)
      JOIN credit_batch AS b ON b.id = k.id
      LEFT JOIN account AS a ON a.kind = 'INVALIDATED' AND a.programme = b.programme
      LEFT JOIN LATERAL (
            SELECT tonnes FROM balance
             WHERE balance.account_id = a.id AND balance.batch_id = b.id
               AND balance.position <= :as_of
             ORDER BY balance.position DESC LIMIT 1) AS exact ON true
""")


async def read_withdrawn(
    connection: AsyncConnection, batches: Collection[int], accounts: Collection[int] = ()
) -> list[Withdrawn]:
    """What was withdrawn of the batches, or out of the accounts, by exact serials."""
    rows = await connection.execute(
        WITHDRAWN, {"batches": list(batches), "accounts": list(accounts)}
    )
    return [
        Withdrawn(
            row.batch_id, row.debit_id, row.position, int(row.tonnes), row.for_sink, row.corrected
        )
        for row in rows
    ]


async def read_withdrawn_tonnes(
    connection: AsyncConnection, postings: Sequence[int], as_of: int
) -> dict[int, int]:
    """What of each retirement or other use is not in force as of a position, in tonnes; none where
    all of it is."""
    rows = await connection.execute(WITHDRAWN_TONNES, {"postings": list(postings), "as_of": as_of})
    return {row.posting: int(row.tonnes) for row in rows}


async def page_withdrawn_serials(
    connection: AsyncConnection, postings: Sequence[int], as_of: int, page: Page
) -> dict[int, list[WithdrawnSerials]]:
    """For each retirement or other use a page of what of it is not in force as of a position, and one
    more; in the order of their keys."""
    found: dict[int, list[WithdrawnSerials]] = defaultdict(list)
    for row in await connection.execute(WITHDRAWN_SERIALS, _given(postings, as_of, page)):
        posting, *of = row
        found[posting].append(WithdrawnSerials(*of))
    return found


async def count_withdrawn_serials(
    connection: AsyncConnection, postings: Sequence[int], as_of: int
) -> dict[int, int]:
    """In how many ranges of serials that is."""
    given = _given(postings, as_of, Page(LATEST - 1))
    rows = await connection.execute(counting(WITHDRAWN_SERIALS, "posting"), given)
    return {row[0]: row[1] for row in rows}


async def read_invalidated(
    connection: AsyncConnection, batches: Sequence[int], as_of: int
) -> dict[int, int]:
    """What was invalidated of each batch as of a position, in tonnes."""
    rows = await connection.execute(INVALIDATED, {"batches": list(batches), "as_of": as_of})
    return {row.id: row.tonnes for row in rows}


def _given(postings: Sequence[int], as_of: int, page: Page) -> dict[str, int | list[int]]:
    after: WithdrawnKey = page.after or WithdrawnKey(0, 0, 0)
    return {
        "postings": list(postings),
        "as_of": as_of,
        "position": after.position,
        "batch": after.batch_id,
        "lo": after.lo,
        "first": page.first + 1,
    }
