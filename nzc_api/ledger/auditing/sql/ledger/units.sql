SELECT b.registry, b.prefix, b.by_certificate, l.lo, l.hi, a.kind, o.name_zh AS holder_zh,
       o.name_en AS holder_en, p.code AS pilot_code, p.name_zh AS pilot_zh,
       p.name_en AS pilot_en,
       EXISTS (SELECT FROM batch_fact AS f
                WHERE f.batch_id = b.id AND f.kind = 'INVALIDATE'
                  AND NOT EXISTS (SELECT FROM correction AS c
                                   WHERE c.posting_id = f.position)) AS invalidated
  FROM credit_batch AS b
  JOIN lot AS l ON l.batch_id = b.id
  JOIN account AS a ON a.id = l.account_id
  LEFT JOIN log_entry AS e ON e.position = l.since AND a.kind = 'RETIREMENT'
  LEFT JOIN organisation AS o
    ON o.id = coalesce(a.organisation_id, (e.body ->> 'holder')::bigint)
  LEFT JOIN pilot AS p ON p.id = a.pilot_id AND a.kind = 'RETIREMENT'
 WHERE b.programme = $1 AND b.withdrawn_position IS NULL
   AND NOT EXISTS (SELECT FROM lot_spent AS s
                    WHERE s.lot_position = l.position AND s.lot_piece = l.piece)
 ORDER BY b.registry COLLATE "C", b.prefix COLLATE "C", l.lo
