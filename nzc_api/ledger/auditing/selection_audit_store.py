"""The SQL of the audit of applications: what the log says of them against what the tables hold, and how one step
follows another.

``$1`` is the most rows to tell, as in `audit_store`.
"""

# Each application, claim, judgement and step is what its entry says, and each entry has its row.
LOGGED = """
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
"""

# An application is decided where it was submitted, and nothing comes after its end; who was selected has its pilot.
FOLLOWS = """
    SELECT s.application_id, s.position, s.before, s.state
      FROM (SELECT *, coalesce(lag(state) OVER (PARTITION BY application_id ORDER BY position), 'OPEN') AS before
              FROM application_step) AS s
      JOIN application AS a ON a.id = s.application_id
      LEFT JOIN pilot AS p ON p.id = s.pilot_id
     WHERE NOT (CASE s.state WHEN 'SUBMITTED' THEN s.before IN ('OPEN', 'RETURNED')
                             WHEN 'WITHDRAWN' THEN s.before IN ('OPEN', 'RETURNED', 'SUBMITTED')
                             ELSE s.before = 'SUBMITTED' END)
        OR (s.state = 'SELECTED') IS DISTINCT FROM (p.variant IS NOT DISTINCT FROM a.variant)
     ORDER BY s.position LIMIT $1
"""
