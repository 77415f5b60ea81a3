WITH {places}
SELECT DISTINCT ON (of_batch, of_serial, as_of)
       place.batch_id AS of_batch, place.serial AS of_serial, place.as_of, last.*
  FROM place
 CROSS JOIN LATERAL (
        SELECT m.position, m.line, m.debit_id, m.credit_id, m.batch_id, m.lo, m.hi
          FROM movement AS m
         WHERE batch_id = place.batch_id AND {size} = place.size AND lo = place.lo
           AND hi > place.serial AND position + 0 <= place.as_of
         ORDER BY position + 0 DESC LIMIT 1) AS last
 ORDER BY of_batch, of_serial, as_of, last.position DESC
