WITH made AS (
    SELECT position, batch_id, min(lo) AS lo, max(hi) AS hi, sum(hi - lo) AS tonnes,
           bool_or(lo < before) AS overlap
      FROM (SELECT position, batch_id, lo, hi,
                   lag(hi) OVER (PARTITION BY position, batch_id ORDER BY lo) AS before
              FROM lot
             WHERE position BETWEEN $2::bigint AND $3::bigint AND batch_id <> position) AS piece
     GROUP BY position, batch_id
), gone AS (
    SELECT s.position, l.batch_id, min(l.lo) AS lo, max(l.hi) AS hi, count(*) AS lots
      FROM lot_spent AS s
      LEFT JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
     WHERE s.position BETWEEN $2 AND $3
     GROUP BY s.position, l.batch_id
), unplain AS (
    SELECT coalesce(made.position, gone.position) AS position,
           coalesce(made.batch_id, gone.batch_id) AS batch_id
      FROM made
      FULL JOIN gone ON gone.position = made.position AND gone.batch_id = made.batch_id
     WHERE made.position IS NULL OR gone.position IS NULL
        OR (gone.lots, made.overlap IS TRUE, made.lo, made.hi, made.tonnes)
           IS DISTINCT FROM (1, false, gone.lo, gone.hi, gone.hi - gone.lo)
)
SELECT position, batch_id, gone.serials AS spent, made.serials AS pieces,
       gone.tonnes AS spent_tonnes, made.tonnes AS pieces_tonnes
  FROM unplain
 CROSS JOIN LATERAL (
        SELECT range_agg(int8range(lo, hi)) AS serials, sum(hi - lo) AS tonnes FROM lot
         WHERE lot.position = unplain.position AND lot.batch_id + 0 = unplain.batch_id
           AND lot.batch_id <> lot.position) AS made
 CROSS JOIN LATERAL (
        SELECT range_agg(int8range(l.lo, l.hi)) AS serials, sum(l.hi - l.lo) AS tonnes
          FROM lot_spent AS s
          JOIN lot AS l ON l.position = s.lot_position AND l.piece = s.lot_piece
         WHERE s.position = unplain.position AND l.batch_id + 0 = unplain.batch_id) AS gone
 WHERE made.serials IS NULL OR gone.serials IS NULL OR made.serials <> gone.serials
    OR made.tonnes <> gone.tonnes
 ORDER BY 1, 2 LIMIT $1
