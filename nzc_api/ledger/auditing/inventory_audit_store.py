"""The SQL of the audit of inventories: what the log says of them against what their tables hold.

``$1`` is the most rows to tell, as in `audit_store`.
"""

# When each inventory was begun, handed in, verified and given up.
STATES = """
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
"""

# What a draft's own terms are is what its last amendment ended with; each begins where the one before ended.
TERMS = """
    WITH amended AS (
        SELECT subject_id AS id, position, body -> 'before' AS before, body -> 'after' AS after,
               lag(body -> 'after') OVER amendments AS earlier,
               lead(position) OVER amendments AS next
          FROM log_entry WHERE kind = 'INVENTORY_AMENDED'
        WINDOW amendments AS (PARTITION BY subject_id ORDER BY position)
    )
    SELECT a.id AS inventory_id, a.position, coalesce(a.earlier, a.before) AS was, a.before, a.after,
           now.terms AS is
      FROM amended AS a
      LEFT JOIN (SELECT id, to_jsonb(i) AS terms FROM inventory AS i) AS now ON now.id = a.id
     WHERE a.before <> a.earlier
        OR a.next IS NULL AND (now.terms || a.after = now.terms) IS NOT TRUE
     ORDER BY a.position LIMIT $1
"""

# A line is there from where it was recorded until it is taken out, and as it is since it or its draft was
# amended last.
LINES = """
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
"""

# An opinion is of the inventory that was verified where it is, and a warning of lines of its inventory.
SAID_OF_THEM = """
    SELECT 'opinion' AS what, o.inventory_id, o.position AS number
      FROM verification_opinion AS o
      LEFT JOIN inventory AS i ON (i.id, i.verified_position) = (o.inventory_id, o.position)
     WHERE i.id IS NULL
    UNION ALL
    SELECT 'warning', w.inventory_id, w.number
      FROM inventory_warning AS w
      LEFT JOIN inventory_line AS l ON l.id = w.line_id
      LEFT JOIN inventory_line AS other ON other.id = w.other_line_id
     WHERE (w.line_id IS NOT NULL AND l.inventory_id IS DISTINCT FROM w.inventory_id)
        OR (w.other_line_id IS NOT NULL AND other.inventory_id IS DISTINCT FROM w.inventory_id)
     ORDER BY 1, 2, 3 LIMIT $1
"""
