SELECT b.id AS batch_id, other.id AS other_id
  FROM credit_batch AS b
 CROSS JOIN LATERAL (
        SELECT found.id
          FROM (SELECT b.project_id, true AS near
                UNION ALL
                SELECT beside.project_id, bool_or(beside.near)
                  FROM (SELECT s.other_id, s.by <> 'LOCALITY' FROM same_site AS s
                         WHERE s.subject_id = b.project_id AND s.position < b.id
                        UNION ALL
                        SELECT s.subject_id, s.by <> 'LOCALITY' FROM same_site AS s
                         WHERE s.other_id = b.project_id AND s.position < b.id) AS beside (project_id, near)
                 GROUP BY beside.project_id) AS here
         CROSS JOIN LATERAL (
                SELECT c.id FROM credit_batch AS c
                 WHERE c.project_id = here.project_id AND c.id < b.id
                   AND coalesce(c.withdrawn_position > b.id, true)
                   AND (here.near OR c.programme <> b.programme)
                   AND (c.programme = b.programme AND c.issuance_key = b.issuance_key) IS NOT TRUE
                   AND c.produced_from <= b.produced_to AND b.produced_from <= c.produced_to
                 ORDER BY c.id LIMIT 100) AS found
         ORDER BY found.id LIMIT 100) AS other
 WHERE b.id BETWEEN $2::bigint AND $3::bigint AND b.compared
   AND NOT EXISTS (SELECT FROM double_issuance AS d
                    WHERE (d.batch_id, d.other_id) = (b.id, other.id))
 ORDER BY 1, 2 LIMIT $1
