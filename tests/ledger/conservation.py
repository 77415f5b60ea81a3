"""What must hold of the ledger's tables at every moment, asked in plain SQL."""

import asyncpg

# Each finds the rows that are wrong.
LAWS = {
    "current lots tile their batch": """
        WITH current AS (
            SELECT l.* FROM lot AS l
             WHERE NOT EXISTS (SELECT FROM lot_spent AS s
                                WHERE s.lot_position = l.position AND s.lot_piece = l.piece)
        ), neighbour AS (
            SELECT batch_id, lo, hi, lag(hi) OVER (PARTITION BY batch_id ORDER BY lo) AS before
              FROM current
        )
        SELECT b.id, 'gap or overlap' FROM credit_batch AS b
         WHERE EXISTS (SELECT FROM neighbour AS n
                        WHERE n.batch_id = b.id AND n.lo <> coalesce(n.before, b.lo))
            OR b.hi IS DISTINCT FROM (SELECT max(hi) FROM current WHERE batch_id = b.id)
    """,
    "a serial is retired at most once": """
        SELECT m.batch_id, m.position, n.position
          FROM movement AS m JOIN account AS a ON a.id = m.credit_id AND a.kind = 'RETIREMENT'
          JOIN movement AS n ON n.batch_id = m.batch_id AND (n.position, n.line) > (m.position, m.line)
                            AND n.lo < m.hi AND m.lo < n.hi
          JOIN account AS c ON c.id = n.credit_id AND c.kind = 'RETIREMENT'
    """,
    "balances equal movements": """
        SELECT * FROM (
            SELECT account_id, batch_id, sum(tonnes) AS tonnes
              FROM (SELECT credit_id AS account_id, batch_id, hi - lo AS tonnes FROM movement
                    UNION ALL SELECT debit_id, batch_id, lo - hi FROM movement) AS leg
             GROUP BY account_id, batch_id) AS moved
          FULL JOIN (
            SELECT DISTINCT ON (account_id, batch_id) account_id, batch_id, tonnes
              FROM balance ORDER BY account_id, batch_id, position DESC) AS balanced
         USING (account_id, batch_id)
         WHERE moved.tonnes IS DISTINCT FROM balanced.tonnes
    """,
    "lots equal balances": """
        SELECT * FROM (
            SELECT l.account_id, l.batch_id, sum(l.hi - l.lo) AS tonnes FROM lot AS l
             WHERE NOT EXISTS (SELECT FROM lot_spent AS s
                                WHERE s.lot_position = l.position AND s.lot_piece = l.piece)
             GROUP BY l.account_id, l.batch_id) AS current
          FULL JOIN (
            SELECT * FROM (SELECT DISTINCT ON (account_id, batch_id) account_id, batch_id, tonnes
              FROM balance ORDER BY account_id, batch_id, position DESC) AS b
             WHERE tonnes > 0) AS balanced USING (account_id, batch_id)
         WHERE current.tonnes IS DISTINCT FROM balanced.tonnes
    """,
    "what is on offer is what is held": """
        (SELECT l.position, l.piece FROM lot AS l JOIN account AS a ON a.id = l.account_id
          WHERE a.kind = 'HOLDING'
            AND NOT EXISTS (SELECT FROM lot_spent AS s
                             WHERE s.lot_position = l.position AND s.lot_piece = l.piece)
         EXCEPT SELECT lot_position, lot_piece FROM available_lot)
        UNION ALL
        (SELECT lot_position, lot_piece FROM available_lot
         EXCEPT SELECT l.position, l.piece FROM lot AS l
          WHERE NOT EXISTS (SELECT FROM lot_spent AS s
                             WHERE s.lot_position = l.position AND s.lot_piece = l.piece))
    """,
    "positions are dense and the head is the last": """
        SELECT count(*), max(position), (SELECT position FROM log_head) FROM log_entry
        HAVING count(*) <> coalesce(max(position), 0)
            OR coalesce(max(position), 0) <> (SELECT position FROM log_head)
    """,
    "an outcome's position is logged": """
        SELECT o.key FROM outcome AS o LEFT JOIN log_entry AS e USING (position)
         WHERE o.position IS NOT NULL AND e.position IS NULL
    """,
}


async def check_conserved(url: str) -> None:
    """Fail with the law that is broken, and the rows that break it."""
    connection = await asyncpg.connect(url)
    try:
        for law, query in LAWS.items():
            wrong = await connection.fetch(query)
            assert not wrong, (law, wrong[:5])
    finally:
        await connection.close()
