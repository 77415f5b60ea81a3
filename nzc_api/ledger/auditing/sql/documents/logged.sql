WITH said AS (
    SELECT d.id, jsonb_build_object(
               'pilot', d.pilot_id, 'subject', d.subject_id, 'subject_kind', d.subject_kind,
               'kind', d.kind, 'media_type', d.media_type, 'size', d.size, 'sha256', d.sha256) AS body,
           a.document_id IS NOT NULL AS attached,
           coalesce(p.id, i.pilot_id, t.pilot_id, of_line.pilot_id, d.pilot_id) = d.pilot_id AS own
      FROM document AS d
      LEFT JOIN attachment AS a
        ON (a.document_id, a.subject_id, a.sha256) = (d.id, d.subject_id, d.sha256)
      LEFT JOIN pilot AS p ON p.id = d.subject_id
      LEFT JOIN inventory AS i ON i.id = d.subject_id
      LEFT JOIN target AS t ON t.id = d.subject_id
      LEFT JOIN inventory_line AS l ON l.id = d.subject_id
      LEFT JOIN inventory AS of_line ON of_line.id = l.inventory_id
), logged AS (
    SELECT position AS id, body FROM log_entry WHERE kind = 'DOCUMENT_ATTACHED'
)
SELECT id AS document_id, said.body AS rows_say, logged.body AS log_says, said.attached, said.own
  FROM said FULL JOIN logged USING (id)
 WHERE said.body IS DISTINCT FROM logged.body OR NOT said.attached OR NOT said.own
 ORDER BY id LIMIT $1
