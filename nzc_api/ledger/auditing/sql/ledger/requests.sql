SELECT r.id AS request_id, x.position AS ended, x.outcome, e.body ->> 'quantity' AS asked,
       part.tonnes AS confirmed_in_part, coalesce(p.tonnes, 0) AS pending
  FROM retirement_request AS r
  LEFT JOIN request_end AS x ON x.request_id = r.id
  LEFT JOIN log_entry AS e ON e.position = r.id
  LEFT JOIN LATERAL (
        SELECT sum(l.hi - l.lo) AS tonnes
          FROM lot AS l JOIN account AS a ON a.id = l.account_id AND a.kind = 'PENDING'
         WHERE l.position IN (SELECT r.id UNION ALL
                              SELECT position FROM request_part WHERE request_id = r.id)
           AND l.since = r.id
           AND NOT EXISTS (SELECT FROM lot_spent AS s
                            WHERE s.lot_position = l.position AND s.lot_piece = l.piece)
        ) AS p ON true
  LEFT JOIN LATERAL (
        SELECT coalesce(sum(m.hi - m.lo), 0) AS tonnes
          FROM request_part AS of_it JOIN movement AS m ON m.position = of_it.position
         WHERE of_it.request_id = r.id
        ) AS part ON true
 WHERE coalesce(p.tonnes, 0) IS DISTINCT FROM
       CASE WHEN x.position IS NULL THEN (e.body ->> 'quantity')::bigint - part.tonnes ELSE 0 END
 ORDER BY r.id LIMIT $1
