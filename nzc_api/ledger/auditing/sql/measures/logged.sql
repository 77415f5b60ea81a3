WITH said AS (
    SELECT m.id AS position, 'MEASURE_PLANNED' AS kind, m.id AS subject_id, jsonb_build_object(
               'pilot', pilot_id, 'technology', technology, 'catalogue', catalogue, 'route', route,
               'stage', stage, 'capex', trim_scale(capex)::text,
               'opex_change', trim_scale(opex_change)::text, 'life_years', life_years,
               'starts_on', starts_on, 'expected', trim_scale(expected)::text,
               'savings', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                        carrier, trim_scale(quantity)::text, unit, trim_scale(price)::text)
                                        ORDER BY carrier COLLATE "C")
                                      FROM measure_saving WHERE measure_id = m.id), '[]'),
               'excludes', coalesce((SELECT jsonb_agg(other_id ORDER BY other_id)
                                       FROM measure_exclusion WHERE measure_id = m.id), '[]')) AS body
      FROM measure AS m
    UNION ALL
    SELECT position, 'MEASURE_PROGRESS_RECORDED', measure_id, jsonb_build_object('state', state, 'on', on_day)
      FROM measure_progress
    UNION ALL
    SELECT id, 'MEASURE_EFFECT_VERIFIED', measure_id, jsonb_build_object(
               'method', method,
               'baseline', jsonb_build_array(baseline_starts_on, baseline_ends_on,
                                             trim_scale(baseline_co2e)::text),
               'routine', trim_scale(routine)::text, 'non_routine', trim_scale(non_routine)::text,
               'reporting', jsonb_build_array(starts_on, ends_on, trim_scale(co2e)::text),
               'r_squared', trim_scale(r_squared)::text, 'cv_rmse', trim_scale(cv_rmse)::text)
      FROM measure_effect
    UNION ALL
    SELECT id, 'POTENTIAL_ANALYSED', id, jsonb_build_object(
               'pilot', pilot_id, 'accounting_period', period_id, 'basis', basis, 'position', position,
               'year', year, 'growth', trim_scale(growth)::text, 'gross', trim_scale(gross)::text,
               'business_as_usual', trim_scale(business_as_usual)::text,
               'expected', trim_scale(expected)::text, 'sinks', trim_scale(sinks)::text,
               'remaining', trim_scale(remaining)::text)
      FROM potential_analysis
), logged AS (
    SELECT position, kind, subject_id, body FROM log_entry
     WHERE kind IN ('MEASURE_PLANNED', 'MEASURE_PROGRESS_RECORDED', 'MEASURE_EFFECT_VERIFIED',
                    'POTENTIAL_ANALYSED')
)
SELECT position, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE (said.kind, said.subject_id, said.body)
       IS DISTINCT FROM (logged.kind, logged.subject_id, logged.body)
 ORDER BY position LIMIT $1
