WITH said AS (
    SELECT p.id AS position, CASE p.version WHEN 1 THEN 'PLAN_DRAFTED' ELSE 'PLAN_REVISED' END AS kind,
           p.id AS subject_id, jsonb_build_object(
               'pilot', pilot_id, 'version', version, 'starts_on', starts_on, 'ends_on', ends_on,
               'construction_budget', trim_scale(construction_budget)::text,
               'packages', coalesce((SELECT jsonb_agg(jsonb_build_array(k.stage, coalesce((
                                                SELECT jsonb_agg(measure_id ORDER BY measure_id)
                                                  FROM plan_measure AS m
                                                 WHERE m.plan_id = p.id AND m.package = k.number), '[]'))
                                                ORDER BY k.number)
                                       FROM plan_package AS k WHERE k.plan_id = p.id), '[]'),
               'milestones', coalesce((SELECT jsonb_agg(jsonb_build_array(code, due_on, building)
                                                        ORDER BY code COLLATE "C")
                                         FROM plan_milestone WHERE plan_id = p.id), '[]'),
               'materials', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                                 unit, trim_scale(quantity)::text, trim_scale(factor)::text,
                                                 trim_scale(mass)::text, trim_scale(distance)::text,
                                                 trim_scale(haul_factor)::text) ORDER BY number)
                                        FROM plan_material WHERE plan_id = p.id), '[]')) AS body
      FROM plan AS p
    UNION ALL
    SELECT position, 'PLAN_' || state, plan_id, jsonb_build_object('state', state) FROM plan_step
    UNION ALL
    SELECT position, 'MILESTONE_REACHED', plan_id, jsonb_build_object('milestone', code, 'on', on_day)
      FROM milestone_reached
    UNION ALL
    SELECT position, 'COMPLETION_RECORDED', plan_id,
           jsonb_build_object('built_on', built_on, 'stable_from', stable_from)
      FROM completion
), logged AS (
    SELECT position, kind, subject_id, body FROM log_entry
     WHERE kind IN ('PLAN_DRAFTED', 'PLAN_REVISED', 'PLAN_SUBMITTED', 'PLAN_APPROVED', 'PLAN_RETURNED',
                    'MILESTONE_REACHED', 'COMPLETION_RECORDED')
)
SELECT position, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE (said.kind, said.subject_id, said.body)
       IS DISTINCT FROM (logged.kind, logged.subject_id, logged.body)
 ORDER BY position LIMIT $1
