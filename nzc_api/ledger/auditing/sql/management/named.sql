SELECT a.id AS appointment
  FROM appointment AS a
  LEFT JOIN holder_name AS n ON n.appointment_id = a.id
  LEFT JOIN name_erasure AS e ON e.appointment_id = a.id
 WHERE CASE WHEN n.appointment_id IS NOT NULL
            THEN e.position IS NOT NULL
                 OR a.commitment IS DISTINCT FROM sha256(n.salt || convert_to(n.name, 'UTF8'))
            ELSE (a.commitment IS NULL) = (e.position IS NOT NULL) END
 ORDER BY a.id LIMIT $1
