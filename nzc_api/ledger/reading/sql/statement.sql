WITH RECURSIVE own AS (
    SELECT own.*, a.pilot_id
      FROM unnest(CAST(:subjects AS bigint[]), CAST(:accounts AS bigint[]),
                  CAST(:only AS bigint[]), CAST(:as_ofs AS bigint[]))
        AS own (subject, account_id, only_batch, as_of)
      JOIN account AS a ON a.id = own.account_id
), pair (subject, account_id, only_batch, as_of, pilot_id, batch_id) AS (
    SELECT own.*, first.batch_id
      FROM own
     CROSS JOIN LATERAL (
            SELECT batch_id FROM balance
             WHERE balance.account_id = own.account_id
               AND balance.batch_id >= coalesce(own.only_batch, 0)
             ORDER BY batch_id LIMIT 1) AS first
     WHERE own.only_batch IS NULL OR first.batch_id = own.only_batch
    UNION ALL
    SELECT pair.subject, pair.account_id, pair.only_batch, pair.as_of, pair.pilot_id,
           next.batch_id
      FROM pair
     CROSS JOIN LATERAL (
            SELECT batch_id FROM balance
             WHERE balance.account_id = pair.account_id AND balance.batch_id > pair.batch_id
             ORDER BY batch_id LIMIT 1) AS next
     WHERE pair.only_batch IS NULL
), {standing}, before AS (
    SELECT s.subject, sum(latest.tonnes) AS tonnes,
           coalesce(sum(latest.tonnes) FILTER (WHERE s.invalidated @> CAST(:position AS bigint) - 1), 0) AS invalidated,
           coalesce(sum(latest.tonnes) FILTER (WHERE s.exported @> CAST(:position AS bigint) - 1), 0) AS exported,
           coalesce(sum(latest.tonnes) FILTER (WHERE s.frozen @> CAST(:position AS bigint) - 1), 0) AS frozen,
           coalesce(sum(latest.tonnes) FILTER (WHERE s.withdrawn @> CAST(:position AS bigint) - 1), 0) AS withdrawn
      FROM standing AS s
     CROSS JOIN LATERAL (
            SELECT tonnes FROM balance
             WHERE balance.account_id = s.account_id AND balance.batch_id = s.batch_id
               AND balance.position < :position
             ORDER BY balance.position DESC LIMIT 1) AS latest
     GROUP BY s.subject
), changed AS (
    SELECT s.subject, edge.position,
           sum(latest.tonnes * (CAST(s.invalidated @> edge.position AS int)
                                   - CAST(s.invalidated @> (edge.position - 1) AS int))) AS invalidated,
           sum(latest.tonnes * (CAST(s.exported @> edge.position AS int)
                                   - CAST(s.exported @> (edge.position - 1) AS int))) AS exported,
           sum(latest.tonnes * (CAST(s.frozen @> edge.position AS int)
                                   - CAST(s.frozen @> (edge.position - 1) AS int))) AS frozen,
           sum(latest.tonnes * (CAST(s.withdrawn @> edge.position AS int)
                                   - CAST(s.withdrawn @> (edge.position - 1) AS int))) AS withdrawn
      FROM standing AS s
     CROSS JOIN LATERAL (
            SELECT DISTINCT bound.position
              FROM unnest(ARRAY[s.invalidated, s.exported, s.frozen, s.withdrawn]) AS kept (runs)
             CROSS JOIN LATERAL unnest(kept.runs) AS run (during)
             CROSS JOIN LATERAL unnest(ARRAY[lower(run.during), upper(run.during)])
                AS bound (position)
             WHERE bound.position BETWEEN :position AND s.as_of) AS edge
     CROSS JOIN LATERAL (
            SELECT tonnes FROM balance
             WHERE balance.account_id = s.account_id AND balance.batch_id = s.batch_id
               AND balance.position < edge.position
             ORDER BY balance.position DESC LIMIT 1) AS latest
     WHERE latest.tonnes > 0
     GROUP BY s.subject, edge.position
), place AS (
    SELECT subject, position, row_number() OVER (PARTITION BY subject ORDER BY position) AS nth
      FROM (SELECT pair.subject, changed.position
              FROM pair
             CROSS JOIN LATERAL (
                    SELECT position FROM balance
                     WHERE balance.account_id = pair.account_id
                       AND balance.batch_id = pair.batch_id
                       AND balance.position >= :position AND balance.position <= pair.as_of
                     ORDER BY balance.position LIMIT :first + 1) AS changed
             UNION SELECT subject, position FROM changed) AS found
), happened AS (
    SELECT s.subject, m.position, m.line, m.debit_id, m.credit_id, m.batch_id, m.lo, m.hi, signed.tonnes,
           CASE WHEN s.invalidated @> m.position THEN signed.tonnes ELSE 0 END AS invalidated,
           CASE WHEN s.exported @> m.position THEN signed.tonnes ELSE 0 END AS exported,
           CASE WHEN s.frozen @> m.position THEN signed.tonnes ELSE 0 END AS frozen,
           CASE WHEN s.withdrawn @> m.position THEN signed.tonnes ELSE 0 END AS withdrawn
      FROM place
      JOIN movement AS m ON m.position = place.position
      JOIN standing AS s ON s.subject = place.subject AND s.account_id IN (m.debit_id, m.credit_id)
       AND s.batch_id = m.batch_id
     CROSS JOIN LATERAL (
            SELECT (m.hi - m.lo) * CASE s.account_id WHEN m.credit_id THEN 1 ELSE -1 END
                AS tonnes) AS signed
     WHERE place.nth <= :first + 1
    UNION ALL
    SELECT subject, position, 0, NULL, NULL, NULL, NULL, NULL, 0, invalidated, exported, frozen, withdrawn
      FROM changed JOIN place USING (subject, position) WHERE place.nth <= :first + 1
), summed AS (
    SELECT h.subject, h.position, h.line, h.debit_id, h.credit_id, h.batch_id, h.lo, h.hi,
           h.tonnes,
           coalesce(before.tonnes, 0) + sum(h.tonnes) OVER upto AS balance,
           coalesce(before.invalidated, 0) + sum(h.invalidated) OVER upto AS invalidated,
           coalesce(before.exported, 0) + sum(h.exported) OVER upto AS exported,
           coalesce(before.frozen, 0) + sum(h.frozen) OVER upto AS frozen,
           coalesce(before.withdrawn, 0) + sum(h.withdrawn) OVER upto AS withdrawn
      FROM happened AS h LEFT JOIN before USING (subject)
    WINDOW upto AS (PARTITION BY h.subject ORDER BY h.position, h.line)
)
SELECT *
  FROM (SELECT summed.*,
               row_number() OVER (PARTITION BY subject ORDER BY position, line) AS nth
          FROM summed WHERE (position, line) > (:position, :line)) AS following
 WHERE nth <= :first ORDER BY subject, nth
