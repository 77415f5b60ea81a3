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
UNION
-- What was found at one site after both were issued.
SELECT b.id, other.id
  FROM credit_batch AS b
 CROSS JOIN LATERAL (
        SELECT other_id AS project_id, by, position FROM same_site
         WHERE subject_id = b.project_id AND position > b.id AND compared
        UNION ALL
        SELECT subject_id, by, position FROM same_site
         WHERE other_id = b.project_id AND position > b.id AND compared) AS found
  JOIN credit_batch AS other
    ON other.project_id = found.project_id AND other.id < b.id
   AND (found.by <> 'LOCALITY' OR other.programme <> b.programme)
   AND other.produced_from <= b.produced_to AND b.produced_from <= other.produced_to
 WHERE b.id BETWEEN $2::bigint AND $3::bigint
   AND coalesce(b.withdrawn_position > found.position, true)
   AND coalesce(other.withdrawn_position > found.position, true)
   AND NOT EXISTS (SELECT FROM double_issuance AS d
                    WHERE (d.batch_id, d.other_id) = (b.id, other.id))
   AND (SELECT count(*) FROM double_issuance AS d
         WHERE d.batch_id = b.id AND d.other_id < other.id AND d.position = found.position) < 100
 ORDER BY 1, 2 LIMIT $1
