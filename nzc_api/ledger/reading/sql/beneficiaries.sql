WITH RECURSIVE step (subject, batch_id, account_id) AS (
    SELECT k.subject, k.batch_id, next.account_id
      FROM unnest(CAST(:subjects AS bigint[]), CAST(:batches AS bigint[]))
        AS k (subject, batch_id)
     CROSS JOIN LATERAL (
            SELECT account_id FROM balance
             WHERE balance.batch_id = k.batch_id AND balance.account_id + 0 > :after
             ORDER BY balance.account_id + 0 LIMIT 1) AS next
    UNION ALL
    SELECT step.subject, step.batch_id, next.account_id
      FROM step
     CROSS JOIN LATERAL (
            SELECT account_id FROM balance
             WHERE balance.batch_id = step.batch_id AND balance.account_id + 0 > step.account_id
             ORDER BY balance.account_id + 0 LIMIT 1) AS next
), found AS (
    SELECT step.subject, a.id, a.pilot_id, a.period_id, b.project_id, latest.tonnes,
           whole.invalidated, whole.invalidated OR whole.exported AS withdrawn
      FROM step
      JOIN account AS a ON a.id = step.account_id AND a.kind = 'RETIREMENT'
      JOIN credit_batch AS b ON b.id = step.batch_id
     CROSS JOIN LATERAL (
            SELECT tonnes FROM balance
             WHERE balance.account_id = step.account_id AND balance.batch_id = step.batch_id
               AND balance.position <= :as_of
             ORDER BY balance.position DESC LIMIT 1) AS latest
     CROSS JOIN LATERAL (
            SELECT coalesce(bool_or(o.status = 'INVALIDATED'), false) AS invalidated,
                   coalesce(bool_or(o.status = 'EXPORTED'), false) AS exported
              FROM ({orders}) AS o
             WHERE o.batch_id = step.batch_id AND o.during @> CAST(:as_of AS bigint)) AS whole
     WHERE latest.tonnes > 0
), paired AS (SELECT DISTINCT project_id, pilot_id FROM found), {inside}, retired AS (
    SELECT f.subject, f.id, f.pilot_id, f.period_id, sum(f.tonnes) AS tonnes,
           coalesce(sum(f.tonnes) FILTER (WHERE f.invalidated), 0) AS invalidated,
           coalesce(sum(f.tonnes) FILTER (WHERE NOT f.withdrawn AND NOT coalesce(
               i.during @> CAST(:as_of AS bigint), false)), 0) AS in_force,
           row_number() OVER (PARTITION BY f.subject ORDER BY f.id) AS place
      FROM found AS f
      LEFT JOIN inside AS i USING (project_id, pilot_id)
     GROUP BY f.subject, f.id, f.pilot_id, f.period_id
)
SELECT subject, id, pilot_id, period_id, tonnes, invalidated, in_force FROM retired
 WHERE place <= :first ORDER BY subject, id
