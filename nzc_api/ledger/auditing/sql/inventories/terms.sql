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
