WITH RECURSIVE walk (end_hi, step, position, piece, account_id, batch_id, lo, hi, since) AS (
    SELECT b.hi, 1, l.position, l.piece, l.account_id, l.batch_id, l.lo, l.hi, l.since
      FROM unnest(CAST(:batches AS bigint[])) AS k (batch_id)
      JOIN credit_batch AS b ON b.id = k.batch_id
     CROSS JOIN LATERAL (
            SELECT * FROM lot
             WHERE lot.batch_id = b.id AND lot.lo <= greatest(b.lo, CAST(:start AS bigint))
             ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
     WHERE CAST(:start AS bigint) < b.hi
    UNION ALL
    SELECT walk.end_hi, walk.step + 1, l.position, l.piece, l.account_id, l.batch_id, l.lo,
           l.hi, l.since
      FROM walk
     CROSS JOIN LATERAL (
            SELECT * FROM lot
             WHERE lot.batch_id = walk.batch_id AND lot.lo <= walk.hi
             ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
     WHERE walk.hi < walk.end_hi AND walk.step < :first
)
SELECT position, piece, account_id, batch_id, lo, hi, since FROM walk ORDER BY batch_id, lo
