SELECT c.position, c.posting_id, e.kind, b.withdrawn_position, f.kind AS of_order
  FROM (SELECT id, withdrawn_position FROM credit_batch WHERE withdrawn_position IS NOT NULL) AS b
  FULL JOIN correction AS c ON c.posting_id = b.id
  LEFT JOIN log_entry AS e ON e.position = c.posting_id
  LEFT JOIN batch_fact AS f ON f.position = c.posting_id
 WHERE CASE
       WHEN e.kind = 'CREDITS_ISSUED' THEN c.position = b.withdrawn_position
       WHEN e.kind IN ('BATCH_INVALIDATED', 'BATCH_EXPORTED') THEN f.position IS NOT NULL
       ELSE e.kind IN ('CREDITS_RETIRED', 'CREDITS_USED', 'CREDITS_TRANSFERRED', 'CREDITS_INVALIDATED')
            AND b.id IS NULL AND f.position IS NULL
       END IS NOT TRUE
 ORDER BY 1 LIMIT $1
