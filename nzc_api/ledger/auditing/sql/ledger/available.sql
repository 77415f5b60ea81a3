SELECT coalesce(held.position, v.lot_position) AS position,
       coalesce(held.piece, v.lot_piece) AS piece, to_jsonb(held) AS lot, to_jsonb(v) AS cached
  FROM (SELECT l.position, l.piece, l.account_id, b.vintage, l.batch_id, l.lo, l.hi, l.since
          FROM lot AS l
          JOIN account AS a ON a.id = l.account_id AND a.kind = 'HOLDING'
          LEFT JOIN credit_batch AS b ON b.id = l.batch_id
         WHERE l.position BETWEEN $2::bigint AND $3::bigint
           AND NOT EXISTS (SELECT FROM lot_spent AS s
                            WHERE s.lot_position = l.position AND s.lot_piece = l.piece
                              AND s.lot_position BETWEEN $2 AND $3)) AS held
  FULL JOIN (SELECT * FROM available_lot WHERE lot_position BETWEEN $2 AND $3) AS v
    ON v.lot_position = held.position AND v.lot_piece = held.piece
 WHERE (held.account_id, held.vintage, held.batch_id, held.lo, held.hi, held.since)
       IS DISTINCT FROM (v.account_id, v.vintage, v.batch_id, v.lo, v.hi, v.since)
 ORDER BY 1, 2 LIMIT $1
