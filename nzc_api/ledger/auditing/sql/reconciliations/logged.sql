WITH said AS (
    SELECT id AS position, id AS subject_id, jsonb_build_object(
               'programme', programme, 'position', r.position, 'list', list_sha256,
               'size', list_size, 'report', encode(sha256(report), 'hex'), 'outcomes', outcomes) AS body
      FROM reconciliation AS r
), logged AS (
    SELECT position, subject_id, body FROM log_entry WHERE kind = 'REGISTRY_LIST_RECONCILED'
)
SELECT position, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE (said.subject_id, said.body) IS DISTINCT FROM (logged.subject_id, logged.body)
 ORDER BY position LIMIT $1
