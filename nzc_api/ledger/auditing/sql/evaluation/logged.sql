WITH said AS (
    SELECT id AS position, 'EVALUATION_OPENED' AS kind, id AS subject_id, jsonb_build_object(
               'pilot', pilot_id, 'scheme', scheme, 'stable_months', stable_months, 'retries', retries,
               'pilots', pilots, 'categories', categories, 'starts_on', starts_on, 'ends_on', ends_on,
               'opened_on', opened_on) AS body
      FROM evaluation
    UNION ALL
    SELECT id, 'EVALUATION_SELF_EVALUATED', evaluation_id, '{}' FROM self_evaluation
    UNION ALL
    SELECT id, 'EVALUATION_PANEL_APPOINTED', evaluation_id,
           jsonb_build_object('organisations', (SELECT jsonb_agg(organisation_id ORDER BY number)
                                                  FROM panel_expert WHERE panel_id = panel.id))
      FROM panel
    UNION ALL
    SELECT id, 'EVALUATION_SITE_VISITED', evaluation_id, jsonb_build_object('on', on_day) FROM site_visit
    UNION ALL
    SELECT id, 'EVALUATION_ITEM_SCORED', evaluation_id,
           jsonb_build_object('panel', panel_id, 'expert', expert, 'item', item,
                              'points', trim_scale(points)::text, 'met', met)
      FROM evaluation_score
    UNION ALL
    SELECT id, 'FINDING_RECORDED', id,
           jsonb_build_object('evaluation', evaluation_id, 'severity', severity, 'due', due)
      FROM finding
    UNION ALL
    SELECT position, 'FINDING_' || state, finding_id, jsonb_build_object('state', state) FROM finding_step
    UNION ALL
    SELECT id, 'EVALUATION_DECIDED', evaluation_id,
           jsonb_build_object('verdict', verdict, 'as_of', as_of, 'score', trim_scale(score)::text,
                              'gross', trim_scale(gross)::text, 'sinks', trim_scale(sinks)::text,
                              'purchased', purchased, 'result', trim_scale(result)::text)
      FROM evaluation_decision
    UNION ALL
    SELECT id, 'EVALUATION_FOLLOWED_UP', evaluation_id,
           jsonb_build_object('finding', finding_id, 'measure', measure_id)
      FROM follow_up
), logged AS (
    SELECT position, kind, subject_id, body FROM log_entry
     WHERE kind IN ('EVALUATION_OPENED', 'EVALUATION_SELF_EVALUATED', 'EVALUATION_PANEL_APPOINTED',
                    'EVALUATION_SITE_VISITED', 'EVALUATION_ITEM_SCORED', 'FINDING_RECORDED', 'FINDING_ANSWERED',
                    'FINDING_CLOSED', 'EVALUATION_DECIDED', 'EVALUATION_FOLLOWED_UP')
)
SELECT position, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE (said.kind, said.subject_id, said.body)
       IS DISTINCT FROM (logged.kind, logged.subject_id, logged.body)
 ORDER BY position LIMIT $1
