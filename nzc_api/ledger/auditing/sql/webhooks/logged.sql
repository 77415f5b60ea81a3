WITH said AS (
    SELECT t.position, t.endpoint_id AS subject_id, e.organisation_id, jsonb_build_object(
               'url', encode(sha256(convert_to(t.url, 'UTF8')), 'hex'), 'wanted', t.wanted, 'key', t.key_id,
               'state', t.state, 'reason', t.reason) AS body
      FROM webhook_terms AS t JOIN webhook_endpoint AS e ON e.id = t.endpoint_id
), logged AS (
    -- What NZC itself disables, nobody ordered.
    SELECT l.position, l.subject_id, coalesce(l.organisation_id, e.organisation_id) AS organisation_id, l.body
      FROM log_entry AS l LEFT JOIN webhook_endpoint AS e ON e.id = l.subject_id
     WHERE kind IN ('WEBHOOK_CREATED', 'WEBHOOK_UPDATED', 'WEBHOOK_ENABLED', 'WEBHOOK_DISABLED',
                    'WEBHOOK_DELETED')
)
SELECT position, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE (said.subject_id, said.organisation_id, said.body)
       IS DISTINCT FROM (logged.subject_id, logged.organisation_id, logged.body)
 ORDER BY position LIMIT $1
