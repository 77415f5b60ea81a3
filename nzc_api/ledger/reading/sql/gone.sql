moved AS (
    SELECT k.posting, k.as_of, m.batch_id, m.lo, m.hi, c.position AS corrected, b.project_id,
           CASE WHEN a.purpose IS NULL THEN a.pilot_id END AS pilot_id,
           a.pilot_id IS NOT NULL OR a.purpose = 'OWN_SINK' AS serves_pilot
      FROM asked AS k
      JOIN movement AS m ON m.position = k.posting
      JOIN account AS a ON a.id = m.credit_id
      JOIN credit_batch AS b ON b.id = m.batch_id
      LEFT JOIN correction AS c ON c.posting_id = k.posting AND c.position <= k.as_of
), paired AS (
    SELECT DISTINCT project_id, pilot_id FROM moved WHERE pilot_id IS NOT NULL
), {inside}, walk (posting, as_of, end_hi, project_id, pilot_id, serves_pilot, account_id, batch_id, lo,
                   hi, since) AS (
    SELECT moved.posting, moved.as_of, moved.hi, moved.project_id, moved.pilot_id,
           moved.serves_pilot, l.*
      FROM moved
     CROSS JOIN LATERAL (
            SELECT account_id, batch_id, lo, hi, since FROM lot
             WHERE lot.batch_id = moved.batch_id AND lot.lo <= moved.lo
             ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
     WHERE moved.corrected IS NULL
    UNION ALL
    SELECT walk.posting, walk.as_of, walk.end_hi, walk.project_id, walk.pilot_id,
           walk.serves_pilot, l.*
      FROM walk
     CROSS JOIN LATERAL (
            SELECT account_id, batch_id, lo, hi, since FROM lot
             WHERE lot.batch_id = walk.batch_id AND lot.lo <= walk.hi
             ORDER BY lot.batch_id DESC, lot.lo DESC, lot.hi, lot.position DESC LIMIT 1) AS l
     WHERE walk.hi < walk.end_hi
), gone AS (
    SELECT posting, as_of, corrected AS position, 'CORRECTED' AS reason,
           CAST(NULL AS bigint) AS inside_id, batch_id, lo, hi
      FROM moved WHERE corrected IS NOT NULL
    UNION ALL
    SELECT walk.posting, walk.as_of, why.position, why.reason, why.inside_id, walk.batch_id,
           walk.lo, walk.hi
      FROM walk
     CROSS JOIN LATERAL (
            SELECT walk.since AS position, 'INVALIDATED' AS reason, CAST(NULL AS bigint) AS inside_id,
                   true AS final
              FROM account AS a
             WHERE a.id = walk.account_id AND a.kind = 'INVALIDATED' AND walk.since <= walk.as_of
            UNION ALL
            SELECT lower(o.during), o.status, NULL, true
              FROM ({orders}) AS o
             WHERE o.batch_id = walk.batch_id AND o.during @> walk.as_of
               AND (o.status = 'INVALIDATED' OR o.status = 'EXPORTED' AND walk.serves_pilot)
            UNION ALL
            SELECT found.since, 'INSIDE_BOUNDARY', found.lies_in, false
              FROM ({since}) AS found
             ORDER BY final DESC, position LIMIT 1) AS why
)
