WITH said (position, kind) AS (
    SELECT position, CASE kind WHEN 'FREEZE' THEN 'BATCH_FROZEN'
                               WHEN 'UNFREEZE' THEN 'BATCH_UNFROZEN'
                               WHEN 'INVALIDATE' THEN 'BATCH_INVALIDATED'
                               ELSE 'BATCH_EXPORTED' END
      FROM batch_fact WHERE position BETWEEN $2::bigint AND $3::bigint
    UNION ALL
    SELECT id, 'RETIREMENT_REQUESTED' FROM retirement_request WHERE id BETWEEN $2 AND $3
    UNION ALL
    SELECT position, 'RETIREMENT_REQUEST_' || outcome FROM request_end
     WHERE position BETWEEN $2 AND $3 AND outcome <> 'CONFIRMED'
    UNION ALL
    SELECT position, 'POSTING_CORRECTED' FROM correction WHERE position BETWEEN $2 AND $3
    UNION ALL
    SELECT position, 'DOUBLE_ISSUANCE_RESOLVED' FROM double_issuance_resolution
     WHERE position BETWEEN $2 AND $3
    UNION ALL
    SELECT id, 'CREDITS_ISSUED' FROM credit_batch WHERE id BETWEEN $2 AND $3
    UNION ALL
    SELECT id, 'PROJECT_REGISTERED' FROM project WHERE id BETWEEN $2 AND $3
    UNION ALL
    (SELECT id, 'PROJECT_ENROLLED' FROM enrolment WHERE id BETWEEN $2 AND $3
     UNION SELECT position, 'PROJECT_ENROLLED' FROM crediting_period
            WHERE position BETWEEN $2 AND $3 AND position = enrolment_id)
    UNION ALL
    SELECT position, 'PILOT_AMENDED' FROM pilot_amendment WHERE position BETWEEN $2 AND $3
    UNION ALL
    SELECT position, 'ORGANISATION_AMENDED' FROM organisation_amendment WHERE position BETWEEN $2 AND $3
    UNION ALL
    SELECT withdrawn_position, 'ACCOUNTING_PERIOD_WITHDRAWN' FROM accounting_period
     WHERE withdrawn_position BETWEEN $2 AND $3
    UNION ALL
    (SELECT position, CASE WHEN EXISTS (SELECT FROM pilot WHERE id = subject_id)
                           THEN 'PILOT_SITE_STATED' ELSE 'PROJECT_AMENDED' END
       FROM site WHERE position BETWEEN $2 AND $3 AND position <> subject_id
     UNION SELECT position, 'PROJECT_AMENDED' FROM project_placement WHERE position BETWEEN $2 AND $3
     UNION SELECT position, 'PROJECT_AMENDED' FROM double_issuance
            WHERE position BETWEEN $2 AND $3 AND position <> batch_id
     UNION SELECT position, 'PROJECT_AMENDED' FROM project_amendment WHERE position BETWEEN $2 AND $3
     UNION SELECT position, 'PROJECT_AMENDED' FROM enrolment_methodology
            WHERE position BETWEEN $2 AND $3
     UNION SELECT position, 'PROJECT_AMENDED' FROM crediting_period
            WHERE position BETWEEN $2 AND $3 AND position <> enrolment_id)
    UNION ALL
    SELECT position, CASE WHEN (SELECT count(*) FROM pilot WHERE id IN (subject_id, other_id)) = 2
                          THEN 'PILOT_SITE_RESOLVED' ELSE 'PROJECT_SITE_RESOLVED' END
      FROM same_site_resolution WHERE position BETWEEN $2 AND $3
), logged AS (
    SELECT position, kind FROM log_entry
     WHERE position BETWEEN $2 AND $3
       AND kind IN ('BATCH_FROZEN', 'BATCH_UNFROZEN', 'BATCH_INVALIDATED', 'BATCH_EXPORTED',
                    'RETIREMENT_REQUESTED', 'RETIREMENT_REQUEST_CANCELLED',
                    'RETIREMENT_REQUEST_EXPIRED', 'POSTING_CORRECTED',
                    'DOUBLE_ISSUANCE_RESOLVED', 'CREDITS_ISSUED', 'PROJECT_REGISTERED',
                    'PROJECT_ENROLLED', 'PILOT_AMENDED', 'PILOT_SITE_STATED', 'PROJECT_AMENDED',
                    'PILOT_SITE_RESOLVED', 'PROJECT_SITE_RESOLVED', 'ACCOUNTING_PERIOD_WITHDRAWN',
                    'ORGANISATION_AMENDED')
)
SELECT position, said.kind AS rows_say, logged.kind AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE said.kind IS DISTINCT FROM logged.kind ORDER BY position LIMIT $1
