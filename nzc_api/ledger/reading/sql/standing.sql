paired AS (
    SELECT DISTINCT b.project_id, pair.pilot_id
      FROM pair
     CROSS JOIN LATERAL (SELECT project_id FROM credit_batch
                          WHERE credit_batch.id = pair.batch_id OFFSET 0) AS b
     WHERE pair.pilot_id IS NOT NULL
), {inside}, standing AS (
    SELECT pair.subject, pair.account_id, pair.as_of, pair.batch_id, whole.*, within.inside,
           whole.invalidated + whole.exported + within.inside AS withdrawn
      FROM pair
     CROSS JOIN LATERAL (
            SELECT coalesce(range_agg(during) FILTER (WHERE o.status = 'INVALIDATED'), '{{}}')
                       AS invalidated,
                   coalesce(range_agg(during) FILTER (WHERE o.status = 'EXPORTED'), '{{}}') AS exported,
                   coalesce(range_agg(during) FILTER (WHERE o.status = 'FROZEN'), '{{}}') AS frozen
              FROM ({orders}) AS o
             WHERE o.batch_id = pair.batch_id) AS whole
      LEFT JOIN LATERAL (
            SELECT inside.during FROM credit_batch AS b JOIN inside USING (project_id)
             WHERE b.id = pair.batch_id AND inside.pilot_id = pair.pilot_id
               AND pair.pilot_id IS NOT NULL) AS there ON true
     CROSS JOIN LATERAL (SELECT coalesce(there.during, '{{}}') AS inside) AS within
)
