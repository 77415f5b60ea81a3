SELECT p.id AS proposal_id, x.position, e.kind, e.body ->> 'quantity' AS quantity, c.posting_id AS corrected,
       f.batch_id AS invalidated_batch, moved.serials AS moved
  FROM proposal AS p
  JOIN proposal_end AS x ON x.proposal_id = p.id AND x.outcome = 'APPROVED'
  LEFT JOIN log_entry AS e ON e.position = x.position
  LEFT JOIN correction AS c ON c.position = x.position
  LEFT JOIN batch_fact AS f ON f.position = x.position
  LEFT JOIN LATERAL (
        SELECT range_agg(int8range(m.lo, m.hi)) AS serials, min(m.batch_id) AS batch_id
          FROM movement AS m WHERE m.position = x.position HAVING count(DISTINCT m.batch_id) = 1
        ) AS moved ON true
 WHERE (CASE
        WHEN p.posting_id IS NOT NULL THEN e.kind = 'POSTING_CORRECTED' AND c.posting_id = p.posting_id
        WHEN p.lo IS NULL THEN
            e.kind = 'BATCH_INVALIDATED' AND (f.batch_id, f.kind) = (p.batch_id, 'INVALIDATE')
        ELSE e.kind = 'CREDITS_INVALIDATED' AND moved.batch_id = p.batch_id
             AND moved.serials = int8multirange(int8range(p.lo, p.hi))
        END AND (e.body ->> 'quantity')::bigint = p.quantity) IS NOT TRUE
 ORDER BY p.id LIMIT $1
