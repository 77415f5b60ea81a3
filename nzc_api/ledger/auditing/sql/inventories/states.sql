WITH said (id, kind, position) AS (
    SELECT id, 'INVENTORY_CREATED', id FROM inventory
    UNION ALL
    SELECT id, 'INVENTORY_SUBMITTED', submitted_position FROM inventory
    UNION ALL
    SELECT id, 'INVENTORY_VERIFIED', verified_position FROM inventory
    UNION ALL
    SELECT id, 'INVENTORY_DISCARDED', discarded_position FROM inventory
), logged AS (
    SELECT subject_id AS id, kind, position FROM log_entry
     WHERE kind IN ('INVENTORY_CREATED', 'INVENTORY_SUBMITTED', 'INVENTORY_VERIFIED',
                    'INVENTORY_DISCARDED')
)
SELECT id AS inventory_id, kind, said.position AS row_says, logged.position AS log_says
  FROM (SELECT * FROM said WHERE position IS NOT NULL) AS said
  FULL JOIN logged USING (id, kind)
 WHERE said.position IS DISTINCT FROM logged.position ORDER BY id, kind LIMIT $1
