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
