"""The SQL of credits that no longer stand for what they were issued for."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.ledger.model import Withdrawn

# Found by the accounts that they went to: there are few of those, and little goes there.
WITHDRAWN = text("""
    SELECT m.batch_id, m.debit_id, m.position, a.purpose IS NOT NULL AS for_sink,
           c.position AS corrected, sum(m.hi - m.lo) AS tonnes
      FROM account AS a
      JOIN movement AS m ON m.credit_id = a.id
      LEFT JOIN correction AS c ON c.posting_id = m.position
     WHERE (a.kind = 'INVALIDATED' OR a.purpose = 'OWN_SINK')
       AND (m.batch_id = ANY(CAST(:batches AS bigint[]))
            OR m.debit_id = ANY(CAST(:accounts AS bigint[])))
     GROUP BY m.batch_id, m.debit_id, m.position, a.purpose, c.position
     ORDER BY m.position, m.batch_id
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
