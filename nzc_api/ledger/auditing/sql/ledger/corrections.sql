WITH posted AS (
    SELECT c.position, m.batch_id, m.credit_id AS from_id,
           CASE WHEN o.kind = 'PENDING' THEN h.id ELSE o.id END AS to_id,
           range_agg(int8range(m.lo, m.hi)) AS serials, sum(m.hi - m.lo) AS tonnes
      FROM correction AS c
      LEFT JOIN movement AS m ON m.position = c.posting_id
      LEFT JOIN account AS o ON o.id = m.debit_id
      LEFT JOIN account AS h ON o.kind = 'PENDING' AND h.kind = 'HOLDING'
       AND (h.programme, h.organisation_id) = (o.programme, o.organisation_id)
     WHERE NOT EXISTS (SELECT FROM batch_fact AS f WHERE f.position = c.posting_id)
     GROUP BY 1, 2, 3, 4
), back AS (
    SELECT c.position, m.batch_id, m.debit_id AS from_id, m.credit_id AS to_id,
           range_agg(int8range(m.lo, m.hi)) AS serials, sum(m.hi - m.lo) AS tonnes
      FROM correction AS c JOIN movement AS m ON m.position = c.position
     GROUP BY 1, 2, 3, 4
)
SELECT position, batch_id, from_id, to_id, posted.serials AS posted, back.serials AS taken_back
  FROM posted FULL JOIN back USING (position, batch_id, from_id, to_id)
 WHERE posted.serials IS DISTINCT FROM back.serials OR posted.tonnes IS DISTINCT FROM back.tonnes
 ORDER BY position LIMIT $1
