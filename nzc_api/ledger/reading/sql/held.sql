WITH RECURSIVE step (account_id, pilot_id, period_id, as_of, batch_id, position, tonnes) AS (
    SELECT owned.account_id, owned.pilot_id, owned.period_id, owned.as_of, last.*
      FROM owned
     CROSS JOIN LATERAL (
            SELECT batch_id, position, tonnes FROM balance WHERE balance.account_id = owned.account_id
             ORDER BY batch_id DESC, position DESC LIMIT 1) AS last
    UNION ALL
    SELECT step.account_id, step.pilot_id, step.period_id, step.as_of, last.*
      FROM step
     CROSS JOIN LATERAL (
            SELECT batch_id, position, tonnes FROM balance
             WHERE balance.account_id = step.account_id AND balance.batch_id < step.batch_id
             ORDER BY batch_id DESC, position DESC LIMIT 1) AS last
), latest AS (
    SELECT step.account_id, step.pilot_id, step.period_id, step.as_of, step.batch_id,
           CASE WHEN step.position <= step.as_of THEN step.tonnes
                ELSE (SELECT tonnes FROM balance
                       WHERE balance.account_id = step.account_id AND balance.batch_id = step.batch_id
                         AND balance.position <= step.as_of
                       ORDER BY balance.position DESC LIMIT 1) END AS tonnes
      FROM step
)
SELECT latest.account_id, latest.as_of, b.id AS batch_id, b.project_id, b.programme, b.forestry, latest.tonnes,
       latest.pilot_id, latest.period_id
  FROM latest
 CROSS JOIN LATERAL (
        SELECT id, project_id, programme, forestry FROM credit_batch
         WHERE credit_batch.id = latest.batch_id OFFSET 0) AS b
 WHERE latest.tonnes <> 0
 ORDER BY latest.account_id, latest.as_of, b.id
