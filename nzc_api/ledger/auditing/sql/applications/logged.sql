WITH said AS (
    SELECT id AS position, 'APPLICATION_OPENED' AS kind, id AS subject_id,
           jsonb_build_object('operator', operator_id, 'variant', variant, 'applicant_kind', applicant_kind,
                              'division', division_code, 'establishment', establishment) AS body
      FROM application
    UNION ALL
    SELECT position, CASE WHEN state IN ('SUBMITTED', 'WITHDRAWN') THEN 'APPLICATION_' || state
                          ELSE 'APPLICATION_DECIDED' END,
           application_id, jsonb_build_object('state', state, 'pilot', pilot_id)
      FROM application_step
    UNION ALL
    SELECT id, 'CRITERION_CLAIMED', application_id, jsonb_build_object(
               'criterion', criterion,
               'documents', coalesce((SELECT jsonb_agg(sha256 ORDER BY number)
                                        FROM claim_document WHERE claim_id = id), '[]'))
      FROM criterion_claim
    UNION ALL
    SELECT id, 'CRITERION_JUDGED', application_id,
           jsonb_build_object('criterion', criterion, 'verdict', verdict)
      FROM criterion_judgement
), logged AS (
    SELECT position, kind, subject_id, body FROM log_entry
     WHERE kind IN ('APPLICATION_OPENED', 'CRITERION_CLAIMED', 'APPLICATION_SUBMITTED',
                    'APPLICATION_WITHDRAWN', 'CRITERION_JUDGED', 'APPLICATION_DECIDED')
)
SELECT position, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE (said.kind, said.subject_id, said.body)
       IS DISTINCT FROM (logged.kind, logged.subject_id, logged.body)
 ORDER BY position LIMIT $1
