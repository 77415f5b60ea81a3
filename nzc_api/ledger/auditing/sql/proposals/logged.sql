WITH said AS (
    SELECT p.id AS position, p.id AS proposal_id, 'ORDER_PROPOSED' AS kind,
           jsonb_build_object(
               'programme', p.programme, 'quantity', p.quantity, 'corrects', p.posting_id,
               'batch', p.batch_id, 'lo', p.lo, 'hi', p.hi, 'expires_at', p.expires_at,
               'order', CASE WHEN p.posting_id IS NOT NULL THEN 'POSTING_CORRECTED'
                             WHEN p.lo IS NULL THEN 'BATCH_INVALIDATED' ELSE 'CREDITS_INVALIDATED' END) AS body
      FROM proposal AS p JOIN grounds AS g ON g.position = p.id
     WHERE p.id BETWEEN $2::bigint AND $3::bigint
    UNION ALL
    SELECT position, proposal_id, outcome, NULL FROM proposal_end WHERE position BETWEEN $2 AND $3
), logged AS (
    SELECT position, position AS proposal_id, kind,
           (body - 'grounds') || jsonb_build_object('expires_at', (body ->> 'expires_at')::timestamptz) AS body
      FROM log_entry WHERE position BETWEEN $2 AND $3 AND kind = 'ORDER_PROPOSED'
    UNION ALL
    SELECT position, subject_id, 'WITHDRAWN', NULL
      FROM log_entry WHERE position BETWEEN $2 AND $3 AND kind = 'PROPOSAL_WITHDRAWN'
    UNION ALL
    SELECT position, (body ->> 'proposal')::bigint, 'APPROVED', NULL
      FROM log_entry WHERE position BETWEEN $2 AND $3 AND body ? 'proposal'
)
SELECT position, said.proposal_id AS rows_end, logged.proposal_id AS log_ends, said.kind AS rows_say,
       logged.kind AS log_says, said.body AS rows_body, logged.body AS log_body
  FROM said FULL JOIN logged USING (position)
 WHERE (said.proposal_id, said.kind, said.body)
       IS DISTINCT FROM (logged.proposal_id, logged.kind, logged.body)
 ORDER BY position LIMIT $1
