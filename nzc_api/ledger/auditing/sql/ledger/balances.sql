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
