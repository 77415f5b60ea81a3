WITH said AS (
    SELECT t.id, CASE t.version WHEN 1 THEN 'TARGET_RECORDED' ELSE 'TARGET_REVISED' END AS kind,
           jsonb_build_object(
               'pilot', t.pilot_id, 'version', t.version, 'reason', t.reason,
               'weakened', t.weakened, 'routes', to_jsonb(t.routes),
               'baseline', jsonb_build_object(
                   'accounting_period', t.baseline_period_id, 'basis', t.baseline_basis,
                   'position', t.baseline_position, 'year', t.baseline_year,
                   'gross', trim_scale(t.baseline_gross)::text,
                   'net', trim_scale(t.baseline_net)::text),
               'ceilings', c.ceilings) AS body
      FROM target AS t
      LEFT JOIN (SELECT target_id, jsonb_agg(jsonb_build_array(
                            year, trim_scale(net)::text, trim_scale(gross)::text, credits)
                            ORDER BY year) AS ceilings
                   FROM target_ceiling GROUP BY target_id) AS c ON c.target_id = t.id
), logged AS (
    SELECT position AS id, kind, body FROM log_entry
     WHERE kind IN ('TARGET_RECORDED', 'TARGET_REVISED')
)
SELECT id AS target_id, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (id)
 WHERE (said.kind, said.body) IS DISTINCT FROM (logged.kind, logged.body) ORDER BY id LIMIT $1
