WITH RECURSIVE own AS (
    SELECT k.id AS organisation_id, a.id AS account_id
      FROM unnest(CAST(:organisations AS bigint[])) AS k (id)
      JOIN account AS a ON a.organisation_id = k.id AND a.kind = 'HOLDING'
), step (organisation_id, account_id, batch_id, tonnes, found) AS (
    SELECT own.*, CAST(:after AS bigint), CAST(0 AS bigint), CAST(0 AS bigint) FROM own
    UNION ALL
    SELECT step.organisation_id, step.account_id, next.batch_id, latest.tonnes,
           step.found + CASE WHEN latest.tonnes > 0 THEN 1 ELSE 0 END
      FROM step
     CROSS JOIN LATERAL (
            SELECT batch_id FROM balance
             WHERE balance.account_id = step.account_id AND balance.batch_id > step.batch_id
             ORDER BY batch_id LIMIT 1) AS next
      LEFT JOIN LATERAL (
            SELECT tonnes FROM balance
             WHERE balance.account_id = step.account_id AND balance.batch_id = next.batch_id
               AND balance.position <= :as_of
             ORDER BY balance.position DESC LIMIT 1) AS latest ON true
     WHERE step.found < :first
)
SELECT organisation_id, account_id, batch_id, tonnes,
       coalesce(whole.invalidated, false) AS invalidated,
       coalesce(whole.exported, false) AS exported, coalesce(whole.frozen, false) AS frozen
  FROM step
 CROSS JOIN LATERAL (
        SELECT bool_or(o.status = 'INVALIDATED') AS invalidated,
               bool_or(o.status = 'EXPORTED') AS exported, bool_or(o.status = 'FROZEN') AS frozen
          FROM ({orders}) AS o
         WHERE o.batch_id = step.batch_id AND o.during @> CAST(:as_of AS bigint)) AS whole
 WHERE tonnes > 0 ORDER BY organisation_id, batch_id
