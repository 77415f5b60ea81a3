WITH owned AS (
    SELECT id, id AS pilot_id FROM pilot
    UNION ALL SELECT id, pilot_id FROM inventory
    UNION ALL SELECT l.id, i.pilot_id FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
    UNION ALL SELECT id, pilot_id FROM target
    UNION ALL SELECT id, pilot_id FROM plan
    UNION ALL SELECT id, pilot_id FROM measure
    UNION ALL SELECT id, pilot_id FROM financing
    UNION ALL SELECT id, pilot_id FROM post
    UNION ALL SELECT id, pilot_id FROM duty
    UNION ALL SELECT id, pilot_id FROM management_rule
    UNION ALL SELECT id, pilot_id FROM upkeep
    UNION ALL SELECT id, pilot_id FROM evaluation
    UNION ALL SELECT f.id, e.pilot_id FROM finding AS f JOIN evaluation AS e ON e.id = f.evaluation_id
), said AS (
    SELECT d.id, jsonb_build_object(
               'pilot', d.pilot_id, 'subject', d.subject_id, 'subject_kind', d.subject_kind,
               'kind', d.kind, 'media_type', d.media_type, 'size', d.size, 'sha256', d.sha256) AS body,
           a.document_id IS NOT NULL AS attached,
           coalesce(owned.pilot_id, d.pilot_id) = d.pilot_id AS own
      FROM document AS d
      LEFT JOIN attachment AS a
        ON (a.document_id, a.subject_id, a.sha256) = (d.id, d.subject_id, d.sha256)
      LEFT JOIN owned ON owned.id = d.subject_id
), logged AS (
    SELECT position AS id, body FROM log_entry WHERE kind = 'DOCUMENT_ATTACHED'
)
SELECT id AS document_id, said.body AS rows_say, logged.body AS log_says, said.attached, said.own
  FROM said FULL JOIN logged USING (id)
 WHERE said.body IS DISTINCT FROM logged.body OR NOT said.attached OR NOT said.own
 ORDER BY id LIMIT $1
