WITH said AS (
    SELECT id AS position, 'POST_ESTABLISHED' AS kind, id AS subject_id,
           jsonb_build_object('pilot', pilot_id, 'code', code, 'kind', kind) AS body
      FROM post
    UNION ALL
    SELECT id, 'HOLDER_APPOINTED', id, jsonb_build_object(
               'post', post_id, 'starts_on', starts_on, 'commitment', encode(commitment, 'hex'))
      FROM appointment
    UNION ALL
    SELECT position, 'HOLDER_NAME_ERASED', appointment_id, '{}'::jsonb FROM name_erasure
    UNION ALL
    SELECT id, 'DUTY_ASSIGNED', id, jsonb_build_object(
               'pilot', pilot_id, 'unit', unit, 'year', year, 'ceiling', trim_scale(ceiling)::text)
      FROM duty
    UNION ALL
    SELECT id, 'RULE_PUBLISHED', id, jsonb_build_object(
               'pilot', pilot_id, 'starts_on', starts_on, 'ends_on', ends_on)
      FROM management_rule
    UNION ALL
    SELECT position, 'RULE_REPEALED', rule_id, jsonb_build_object('on', on_day) FROM rule_repeal
    UNION ALL
    SELECT id, 'UPKEEP_RECORDED', id, jsonb_build_object('pilot', pilot_id, 'system', system, 'on', on_day)
      FROM upkeep
), logged AS (
    SELECT position, kind, subject_id, body FROM log_entry
     WHERE kind IN ('POST_ESTABLISHED', 'HOLDER_APPOINTED', 'HOLDER_NAME_ERASED', 'DUTY_ASSIGNED',
                    'RULE_PUBLISHED', 'RULE_REPEALED', 'UPKEEP_RECORDED')
)
SELECT position, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE (said.kind, said.subject_id, said.body)
       IS DISTINCT FROM (logged.kind, logged.subject_id, logged.body)
 ORDER BY position LIMIT $1
