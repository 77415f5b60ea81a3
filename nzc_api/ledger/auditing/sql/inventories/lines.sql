WITH own AS (
    SELECT coalesce((body ->> 'line')::bigint, position) AS id,
           max((body ->> 'inventory')::bigint) AS inventory_id, max(position) AS position,
           CASE WHEN bool_or(kind = 'SINK_RECORDED') THEN 'SINK' ELSE 'SOURCE' END AS role
      FROM log_entry
     WHERE kind IN ('EMISSION_SOURCE_RECORDED', 'SINK_RECORDED', 'INVENTORY_LINE_AMENDED',
                    'INVENTORY_LINE_REMOVED')
     GROUP BY 1 HAVING NOT bool_or(kind = 'INVENTORY_LINE_REMOVED')
), whole AS (
    SELECT subject_id, max(position) AS position FROM log_entry
     WHERE kind = 'INVENTORY_AMENDED' GROUP BY 1
), logged AS (
    SELECT own.id, own.inventory_id, own.role, greatest(own.position, whole.position) AS position
      FROM own LEFT JOIN whole ON whole.subject_id = own.inventory_id
)
SELECT id AS line_id, l.inventory_id, l.role, l.position AS row_says, logged.position AS log_says
  FROM inventory_line AS l FULL JOIN logged USING (id)
 WHERE (l.inventory_id, l.role, l.position)
       IS DISTINCT FROM (logged.inventory_id, logged.role, logged.position)
 ORDER BY id LIMIT $1
