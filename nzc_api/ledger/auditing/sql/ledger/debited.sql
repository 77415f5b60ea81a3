WITH several AS (
    SELECT DISTINCT m.position, m.batch_id, m.debit_id AS account_id
      FROM movement AS m
     WHERE m.position BETWEEN $2::bigint AND $3::bigint AND m.batch_id <> m.position
       AND NOT EXISTS (SELECT FROM lot_spent AS s
                         JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
                        WHERE s.position = m.position AND l.batch_id + 0 = m.batch_id
                          AND l.account_id = m.debit_id AND l.lo <= m.lo AND m.hi <= l.hi
                          AND s.position BETWEEN $2 AND $3)
)
SELECT position, batch_id, account_id, moved.serials AS moved, gone.serials AS spent
  FROM several
 CROSS JOIN LATERAL (
        SELECT range_agg(int8range(m.lo, m.hi)) AS serials FROM movement AS m
         WHERE m.position = several.position AND m.batch_id + 0 = several.batch_id
           AND m.debit_id + 0 = several.account_id) AS moved
 CROSS JOIN LATERAL (
        SELECT range_agg(int8range(l.lo, l.hi)) AS serials
          FROM lot_spent AS s
          JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
         WHERE s.position = several.position AND l.batch_id + 0 = several.batch_id
           AND l.account_id = several.account_id) AS gone
 WHERE gone.serials IS NULL OR NOT gone.serials @> moved.serials
 ORDER BY 1, 2, 3 LIMIT $1
