"""What must hold of the ledger's tables at every moment, asked in plain SQL; and a replay of all
movements in plain Python, from which everything else follows."""

from bisect import bisect_right
from collections import defaultdict
from typing import Any

import asyncpg

# Each finds the rows that are wrong.
CURRENT = """current AS (
            SELECT l.* FROM lot AS l
             WHERE NOT EXISTS (SELECT FROM lot_spent AS s
                                WHERE s.lot_position = l.position AND s.lot_piece = l.piece))"""

LAWS = {
    "current lots tile their batch": f"""
        WITH {CURRENT}, neighbour AS (
            SELECT batch_id, lo, hi, lag(hi) OVER (PARTITION BY batch_id ORDER BY lo) AS before
              FROM current
        )
        SELECT b.id, 'gap or overlap' FROM credit_batch AS b
         WHERE EXISTS (SELECT FROM neighbour AS n
                        WHERE n.batch_id = b.id AND n.lo <> coalesce(n.before, b.lo))
            OR b.hi IS DISTINCT FROM (SELECT max(hi) FROM current WHERE batch_id = b.id)
    """,
    "what was issued is somewhere, and nothing else is": """
        SELECT b.id, b.quantity FROM credit_batch AS b
          LEFT JOIN (SELECT DISTINCT ON (account_id, batch_id) account_id, batch_id, tonnes
                       FROM balance ORDER BY account_id, batch_id, position DESC) AS x
            ON x.batch_id = b.id
          LEFT JOIN account AS a ON a.id = x.account_id
         CROSS JOIN LATERAL (
               SELECT CASE WHEN b.withdrawn_position IS NULL THEN b.quantity ELSE 0 END AS issued) AS y
         GROUP BY b.id, b.quantity, y.issued
        HAVING b.quantity <> b.hi - b.lo
            OR y.issued IS DISTINCT FROM sum(x.tonnes) FILTER (WHERE a.kind <> 'ISSUANCE')
            OR y.issued IS DISTINCT FROM -sum(x.tonnes) FILTER (WHERE a.kind = 'ISSUANCE')
    """,
    "batches of a registry and prefix never overlap": """
        SELECT b.id, c.id FROM credit_batch AS b JOIN credit_batch AS c
            ON (c.registry, c.prefix) = (b.registry, b.prefix) AND b.id < c.id
           AND b.lo < c.hi AND c.lo < b.hi
           AND b.withdrawn_position IS NULL AND c.withdrawn_position IS NULL
    """,
    "serials go only where they may": """
        SELECT m.position, d.kind, c.kind
          FROM movement AS m
          JOIN account AS d ON d.id = m.debit_id
          JOIN account AS c ON c.id = m.credit_id
          JOIN log_entry AS e ON e.position = m.position
         WHERE (d.kind, c.kind, e.kind) NOT IN (
            ('ISSUANCE', 'HOLDING', 'CREDITS_ISSUED'),
            ('HOLDING', 'HOLDING', 'CREDITS_TRANSFERRED'),
            ('HOLDING', 'HOLDING', 'POSTING_CORRECTED'),
            ('HOLDING', 'ISSUANCE', 'POSTING_CORRECTED'),
            ('INVALIDATED', 'HOLDING', 'POSTING_CORRECTED'),
            ('INVALIDATED', 'FROZEN', 'POSTING_CORRECTED'),
            ('HOLDING', 'RETIREMENT', 'CREDITS_RETIRED'),
            ('HOLDING', 'PENDING', 'RETIREMENT_REQUESTED'),
            ('HOLDING', 'OTHER_USE', 'CREDITS_USED'),
            ('HOLDING', 'FROZEN', 'CREDITS_FROZEN'),
            ('HOLDING', 'INVALIDATED', 'CREDITS_INVALIDATED'),
            ('PENDING', 'RETIREMENT', 'CREDITS_RETIRED'),
            ('PENDING', 'HOLDING', 'RETIREMENT_REQUEST_CANCELLED'),
            ('PENDING', 'HOLDING', 'RETIREMENT_REQUEST_EXPIRED'),
            ('FROZEN', 'HOLDING', 'CREDITS_UNFROZEN'),
            ('FROZEN', 'INVALIDATED', 'CREDITS_INVALIDATED'),
            ('RETIREMENT', 'HOLDING', 'POSTING_CORRECTED'),
            ('RETIREMENT', 'INVALIDATED', 'CREDITS_INVALIDATED'),
            ('OTHER_USE', 'HOLDING', 'POSTING_CORRECTED'),
            ('OTHER_USE', 'INVALIDATED', 'CREDITS_INVALIDATED'))
    """,
    "a correction takes back just what was posted": """
        SELECT x.position, x.posting_id
          FROM correction AS x
          JOIN log_entry AS e ON e.position = x.posting_id
         WHERE e.kind NOT IN ('CREDITS_ISSUED', 'CREDITS_RETIRED', 'CREDITS_USED', 'CREDITS_TRANSFERRED',
                              'CREDITS_INVALIDATED', 'BATCH_INVALIDATED', 'BATCH_EXPORTED')
            OR (SELECT array_agg((batch_id, credit_id, n) ORDER BY batch_id, n)
                  FROM movement, generate_series(lo, hi - 1) AS n WHERE position = x.posting_id)
               IS DISTINCT FROM
               (SELECT array_agg((batch_id, debit_id, n) ORDER BY batch_id, n)
                  FROM movement, generate_series(lo, hi - 1) AS n WHERE position = x.position)
        UNION ALL
        SELECT x.position, x.posting_id
          FROM correction AS x FULL JOIN (SELECT * FROM credit_batch WHERE withdrawn_position IS NOT NULL) AS b
            ON b.id = x.posting_id
          JOIN log_entry AS e ON e.position = coalesce(x.posting_id, b.id)
         WHERE e.kind = 'CREDITS_ISSUED' AND x.position IS DISTINCT FROM b.withdrawn_position
        UNION ALL
        SELECT e.position, NULL FROM log_entry AS e
         WHERE e.kind = 'POSTING_CORRECTED'
           AND NOT EXISTS (SELECT FROM correction AS x WHERE x.position = e.position)
    """,
    "what is left of an open request is set aside, and nothing else is": f"""
        WITH {CURRENT}, asked AS (
            SELECT m.position, m.batch_id, range_agg(int8range(m.lo, m.hi)) - coalesce(
                       (SELECT range_agg(int8range(done.lo, done.hi)) FROM request_part AS part
                          JOIN movement AS done ON done.position = part.position
                         WHERE part.request_id = m.position AND done.batch_id = m.batch_id),
                       '{{}}') AS serials
              FROM retirement_request AS r
              JOIN movement AS m ON m.position = r.id
             WHERE NOT EXISTS (SELECT FROM request_end AS x WHERE x.request_id = r.id)
             GROUP BY m.position, m.batch_id
        ), aside AS (
            SELECT l.since, l.batch_id, range_agg(int8range(l.lo, l.hi)) AS serials
              FROM current AS l JOIN account AS a ON a.id = l.account_id AND a.kind = 'PENDING'
             GROUP BY l.since, l.batch_id
        )
        (SELECT * FROM asked WHERE NOT isempty(serials) EXCEPT SELECT * FROM aside)
        UNION ALL (SELECT * FROM aside EXCEPT SELECT * FROM asked)
    """,
    "nothing serves a pilot or another use while it is held back": """
        SELECT m.position, f.kind
          FROM movement AS m
          JOIN account AS c ON c.id = m.credit_id AND c.kind IN ('PENDING', 'RETIREMENT', 'OTHER_USE')
          JOIN batch_fact AS f ON f.batch_id = m.batch_id AND f.position < m.position
         WHERE NOT EXISTS (SELECT FROM correction AS x
                            WHERE x.posting_id = f.position AND x.position < m.position)
           AND (f.kind = 'INVALIDATE' OR (f.kind = 'EXPORT' AND c.kind <> 'OTHER_USE')
            OR (f.kind = 'FREEZE' AND NOT EXISTS (
                SELECT FROM batch_fact AS u WHERE u.batch_id = f.batch_id AND u.kind = 'UNFREEZE'
                   AND u.position > f.position AND u.position < m.position)))
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
    "no balance but that of issuance is ever below zero": """
        SELECT b.* FROM balance AS b JOIN account AS a ON a.id = b.account_id
         WHERE CASE a.kind WHEN 'ISSUANCE' THEN b.tonnes > 0 ELSE b.tonnes < 0 END
    """,
    "lots equal balances": f"""
        WITH {CURRENT}
        SELECT * FROM (
            SELECT l.account_id, l.batch_id, sum(l.hi - l.lo) AS tonnes FROM current AS l
              JOIN account AS a ON a.id = l.account_id AND a.kind <> 'ISSUANCE'
             GROUP BY l.account_id, l.batch_id) AS lots
          FULL JOIN (
            SELECT * FROM (SELECT DISTINCT ON (account_id, batch_id) account_id, batch_id, tonnes
              FROM balance ORDER BY account_id, batch_id, position DESC) AS b
             WHERE tonnes > 0) AS balanced USING (account_id, batch_id)
         WHERE lots.tonnes IS DISTINCT FROM balanced.tonnes
    """,
    "what is on offer is what is held": f"""
        WITH {CURRENT}, held AS (
            SELECT l.position, l.piece, l.account_id, b.vintage, l.batch_id, l.lo, l.hi, l.since
              FROM current AS l JOIN account AS a ON a.id = l.account_id AND a.kind = 'HOLDING'
              JOIN credit_batch AS b ON b.id = l.batch_id
        ), offered AS (
            SELECT lot_position, lot_piece, account_id, vintage, batch_id, lo, hi, since
              FROM available_lot
        )
        (SELECT * FROM held EXCEPT SELECT * FROM offered)
        UNION ALL (SELECT * FROM offered EXCEPT SELECT * FROM held)
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
        await check_replay(connection)
    finally:
        await connection.close()


async def check_replay(connection: "asyncpg.Connection[Any]") -> None:
    """Replay every movement in order: each takes its serials whole from where they are by then, and
    what comes of it, with since when, is just what the current lots say."""
    runs: dict[int, _Runs] = defaultdict(_Runs)
    issuance = {
        r["id"] for r in await connection.fetch("SELECT id FROM account WHERE kind = 'ISSUANCE'")
    }
    for m in await connection.fetch("SELECT * FROM movement ORDER BY position, line"):
        of_batch = runs[m["batch_id"]]
        taken = of_batch.take(m["lo"], m["hi"])
        if m["debit_id"] in issuance:
            assert not taken, ("issued twice", m)
        else:
            assert sum(hi - lo for lo, hi, _ in taken) == m["hi"] - m["lo"], ("never issued", m)
            assert {at for _, _, (at, _) in taken} == {m["debit_id"]}, ("was elsewhere", m)
        of_batch.put(m["lo"], m["hi"], (m["credit_id"], m["position"]))
    lots: dict[int, _Runs] = defaultdict(_Runs)
    query = f"WITH {CURRENT} SELECT * FROM current ORDER BY batch_id, lo"
    for lot in await connection.fetch(query):
        lots[lot["batch_id"]].put(lot["lo"], lot["hi"], (lot["account_id"], lot["since"]))
    assert {b: held.joined() for b, held in runs.items()} == {
        b: held.joined() for b, held in lots.items()
    }


class _Runs:
    """Which runs of a batch's serials are where, and since when: ``(account, position)``."""

    def __init__(self) -> None:
        self._los: list[int] = []
        self._runs: dict[int, tuple[int, tuple[int, int]]] = {}

    def take(self, lo: int, hi: int) -> list[tuple[int, int, tuple[int, int]]]:
        """Take the serials out; where they were."""
        start = max(bisect_right(self._los, lo) - 1, 0)
        stop = start
        taken: list[tuple[int, int, tuple[int, int]]] = []
        kept: list[tuple[int, int, tuple[int, int]]] = []
        while stop < len(self._los) and self._los[stop] < hi:
            first = self._los[stop]
            last, where = self._runs.pop(first)
            if last > lo:
                taken.append((max(first, lo), min(last, hi), where))
            kept += [(first, min(last, lo), where), (max(first, hi), last, where)]
            stop += 1
        self._los[start:stop] = []
        for first, last, where in kept:
            if first < last:
                self.put(first, last, where)
        return taken

    def put(self, lo: int, hi: int, where: tuple[int, int]) -> None:
        self._los.insert(bisect_right(self._los, lo), lo)
        self._runs[lo] = hi, where

    def joined(self) -> list[tuple[int, int, tuple[int, int]]]:
        """The runs in order, those of one place and time joined where they touch."""
        found: list[tuple[int, int, tuple[int, int]]] = []
        for lo in self._los:
            hi, where = self._runs[lo]
            if found and found[-1][1:] == (lo, where):
                found[-1] = (found[-1][0], hi, where)
            else:
                found.append((lo, hi, where))
        return found
