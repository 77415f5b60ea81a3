SELECT 'opinion' AS what, o.inventory_id, o.position AS number
  FROM verification_opinion AS o
  LEFT JOIN inventory AS i ON (i.id, i.verified_position) = (o.inventory_id, o.position)
 WHERE i.id IS NULL
UNION ALL
SELECT 'warning', w.inventory_id, w.number
  FROM inventory_warning AS w
  LEFT JOIN inventory_line AS l ON l.id = w.line_id
  LEFT JOIN inventory_line AS other ON other.id = w.other_line_id
 WHERE (w.line_id IS NOT NULL AND l.inventory_id IS DISTINCT FROM w.inventory_id)
    OR (w.other_line_id IS NOT NULL AND other.inventory_id IS DISTINCT FROM w.inventory_id)
 ORDER BY 1, 2, 3 LIMIT $1
