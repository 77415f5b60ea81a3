WITH RECURSIVE given AS (
    SELECT m.position, m.batch_id, b.produced_from, b.produced_to, p.forestry,
           CASE WHEN placed.position IS NULL THEN p.pilot_id ELSE placed.pilot_id END AS inside_id,
           a.pilot_id, a.period_id
      FROM account AS a
      JOIN movement AS m ON m.credit_id = a.id
      JOIN credit_batch AS b ON b.id = m.batch_id
      JOIN project AS p ON p.id = b.project_id
      LEFT JOIN LATERAL (SELECT position, pilot_id FROM project_placement
                          WHERE project_id = p.id AND position < m.position
                          ORDER BY position DESC LIMIT 1) AS placed ON true
     WHERE a.purpose = 'OWN_SINK' AND a.pilot_id IS NOT NULL
), around (position, outer_id) AS (
    SELECT position, inside_id FROM given
    UNION
    SELECT around.position, latest.surrounding_id
      FROM around
     CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement AS placed
                          WHERE placed.pilot_id = around.outer_id
                            AND placed.position < around.position
                          ORDER BY placed.position DESC LIMIT 1) AS latest
     WHERE latest.surrounding_id IS NOT NULL
)
SELECT given.position, given.batch_id, given.inside_id, given.pilot_id, given.period_id
  FROM given
  LEFT JOIN accounting_period AS t ON t.id = given.period_id AND t.pilot_id = given.pilot_id
 WHERE (given.forestry AND t.starts_on <= given.produced_to AND given.produced_from <= t.ends_on
        AND EXISTS (SELECT FROM around
                     WHERE around.position = given.position AND outer_id = given.pilot_id))
       IS NOT TRUE
 ORDER BY given.position LIMIT $1
