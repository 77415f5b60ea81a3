SELECT k.id AS of_batch, d.batch_id, d.other_id, d.position, r.finding
  FROM unnest(CAST(:batches AS bigint[])) AS k (id)
  JOIN credit_batch AS own ON own.id = k.id AND coalesce(own.withdrawn_position > :as_of, true)
 CROSS JOIN LATERAL (
        (SELECT d.batch_id, d.other_id, d.position, d.other_id AS counterpart
           FROM double_issuance AS d
           JOIN credit_batch AS b ON b.id = d.other_id AND coalesce(b.withdrawn_position > :as_of, true)
          WHERE d.batch_id = k.id AND d.other_id > :after AND d.position <= :as_of
          ORDER BY d.other_id LIMIT :first)
        UNION ALL
        (SELECT d.batch_id, d.other_id, d.position, d.batch_id
           FROM double_issuance AS d
           JOIN credit_batch AS b ON b.id = d.batch_id AND coalesce(b.withdrawn_position > :as_of, true)
          WHERE d.other_id = k.id AND d.batch_id > :after AND d.position <= :as_of
          ORDER BY d.batch_id LIMIT :first)
         ORDER BY counterpart LIMIT :first) AS d
  LEFT JOIN double_issuance_resolution AS r
    ON (r.batch_id, r.other_id) = (d.batch_id, d.other_id) AND r.position <= :as_of
 ORDER BY of_batch, d.counterpart
