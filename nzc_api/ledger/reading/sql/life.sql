WITH {places}
SELECT k.batch_id AS of_batch, k.serial AS of_serial, k.as_of, step.*, {entry}
  FROM k
 CROSS JOIN LATERAL (
        (SELECT m.position, m.line, m.debit_id, m.credit_id, m.batch_id, m.lo, m.hi
           FROM place
          CROSS JOIN LATERAL (
                 SELECT * FROM movement
                  WHERE batch_id = place.batch_id AND {size} = place.size AND lo = place.lo
                    AND hi > place.serial AND position + 0 > CAST(:after AS bigint)
                    AND position + 0 <= place.as_of
                  ORDER BY position + 0 LIMIT :first) AS m
          WHERE (place.batch_id, place.serial, place.as_of) = (k.batch_id, k.serial, k.as_of)
          ORDER BY m.position LIMIT :first)
         UNION ALL
        SELECT f.position, NULL, NULL, NULL, NULL, NULL, NULL FROM batch_fact AS f
         WHERE f.batch_id = k.batch_id AND f.position > :after AND f.position <= k.as_of
         UNION ALL
        SELECT c.position, NULL, NULL, NULL, NULL, NULL, NULL
          FROM batch_fact AS f JOIN correction AS c ON c.posting_id = f.position
         WHERE f.batch_id = k.batch_id AND c.position > :after AND c.position <= k.as_of
         UNION ALL
        SELECT r.position, NULL, NULL, NULL, NULL, NULL, NULL
          FROM double_issuance AS d JOIN double_issuance_resolution AS r
         USING (batch_id, other_id)
         WHERE (d.batch_id = k.batch_id OR d.other_id = k.batch_id)
           AND r.position > :after AND r.position <= k.as_of
         ORDER BY position LIMIT :first) AS step
  JOIN log_entry AS e ON e.position = step.position
 ORDER BY of_batch, of_serial, k.as_of, step.position
