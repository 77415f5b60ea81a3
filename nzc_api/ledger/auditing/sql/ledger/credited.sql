SELECT position, batch_id, account_id, moved.serials AS moved, made.serials AS pieces
  FROM (SELECT position, batch_id, credit_id AS account_id,
               range_agg(int8range(lo, hi)) AS serials, sum(hi - lo) AS tonnes
          FROM movement WHERE position BETWEEN $2::bigint AND $3::bigint
         GROUP BY position, batch_id, credit_id) AS moved
  FULL JOIN (SELECT position, batch_id, account_id, range_agg(int8range(lo, hi)) AS serials,
                    sum(hi - lo) AS tonnes
               FROM lot WHERE position BETWEEN $2 AND $3 AND since = position
              GROUP BY position, batch_id, account_id) AS made
 USING (position, batch_id, account_id)
 WHERE moved.serials IS DISTINCT FROM made.serials OR moved.tonnes <> made.tonnes
 ORDER BY 1, 2, 3 LIMIT $1
