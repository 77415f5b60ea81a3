-- The facts of entries as they were at their positions, beside what the entries' bodies and their movements say: rows of
-- objects that together are an entry's. Numbers are JSON's, which PostgreSQL writes exactly.
WITH asked AS (
    SELECT position, kind, subject_id, body FROM log_entry
     WHERE position = ANY(CAST(CAST(:numbers AS text) AS bigint[]))
), handed_in AS (
    SELECT position, subject_id AS inventory_id FROM asked
     WHERE kind IN ('INVENTORY_SUBMITTED', 'INVENTORY_VERIFIED')
), amount AS (
    SELECT h.position, l.role, l.category, l.treatment, g.gas, sum(g.tonnes) AS tonnes, sum(g.co2e) AS co2e
      FROM handed_in AS h
      JOIN inventory_line AS l USING (inventory_id)
      JOIN line_gas AS g ON g.line_id = l.id
     GROUP BY h.position, l.role, l.category, l.treatment, g.gas
), line AS (
    SELECT h.position, l.role, l.id, jsonb_build_object(
               'id', l.id, 'category', l.category, 'label', l.label,
               'activity', jsonb_build_object('value', l.activity_value, 'unit', l.activity_unit),
               'density', CASE WHEN l.density_value IS NOT NULL
                   THEN jsonb_build_object('value', l.density_value, 'unit', l.density_unit) END,
               'factor_code', l.factor -> 'code', 'factor_version', l.factor -> 'version',
               'treatment', l.treatment, 'rounding', l.rounding,
               'gases', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                    'gas', g.gas, 'tonnes', g.tonnes, 'gwp', g.gwp, 'co2e', g.co2e) ORDER BY g.gas), '[]')
                           FROM line_gas AS g WHERE g.line_id = l.id)) AS said
      FROM handed_in AS h
      JOIN inventory_line AS l USING (inventory_id)
), metered AS MATERIALIZED (
    SELECT position FROM asked WHERE kind IN ('READINGS_RECORDED', 'READING_CORRECTED', 'GAP_FILLED')
), owned (position, pilot_id) AS (
    -- The pilots that entries of rooms are of, by which it is known who sees them.
    SELECT position, CASE
               WHEN kind IN ('METER_REGISTERED', 'MONITORING_ALERT_RAISED', 'DENOMINATOR_RECORDED',
                             'ENERGY_BASELINE_RECORDED', 'DOCUMENT_ATTACHED', 'TARGET_RECORDED', 'TARGET_REVISED',
                             'MEASURE_PLANNED', 'POTENTIAL_ANALYSED', 'FINANCING_RECORDED', 'POST_ESTABLISHED',
                             'DUTY_ASSIGNED', 'RULE_PUBLISHED', 'UPKEEP_RECORDED', 'PLAN_DRAFTED', 'PLAN_REVISED',
                             'EVALUATION_OPENED')
                   THEN CAST(body ->> 'pilot' AS bigint)
               WHEN kind IN ('METER_PLACED', 'METER_REPLACED', 'METER_ENDED', 'GATEWAY_ASSIGNED')
                   THEN (SELECT pilot_id FROM meter WHERE id = subject_id)
               WHEN kind = 'MONITORING_ALERT_CLEARED'
                   THEN (SELECT pilot_id FROM monitoring_alert WHERE id = subject_id)
               WHEN kind IN ('MEASURE_PROGRESS_RECORDED', 'MEASURE_EFFECT_VERIFIED')
                   THEN (SELECT pilot_id FROM measure WHERE id = subject_id)
               WHEN kind = 'FINANCING_ENDED' THEN (SELECT pilot_id FROM financing WHERE id = subject_id)
               WHEN kind IN ('HOLDER_APPOINTED', 'HOLDER_NAME_ERASED')
                   THEN (SELECT p.pilot_id FROM appointment AS a JOIN post AS p ON p.id = a.post_id
                          WHERE a.id = subject_id)
               WHEN kind = 'RULE_REPEALED' THEN (SELECT pilot_id FROM management_rule WHERE id = subject_id)
               WHEN kind IN ('PLAN_SUBMITTED', 'PLAN_APPROVED', 'PLAN_RETURNED', 'MILESTONE_REACHED',
                             'COMPLETION_RECORDED')
                   THEN (SELECT pilot_id FROM plan WHERE id = subject_id)
               WHEN kind IN ('FINDING_RECORDED', 'FINDING_ANSWERED', 'FINDING_CLOSED')
                   THEN (SELECT e.pilot_id FROM finding AS f JOIN evaluation AS e ON e.id = f.evaluation_id
                          WHERE f.id = subject_id)
               WHEN kind IN ('EVALUATION_SELF_EVALUATED', 'EVALUATION_PANEL_APPOINTED', 'EXPERT_NAME_ERASED',
                             'EVALUATION_SITE_VISITED', 'EVALUATION_ITEM_SCORED', 'EVALUATION_DECIDED',
                             'EVALUATION_FOLLOWED_UP')
                   THEN (SELECT pilot_id FROM evaluation WHERE id = subject_id) END
      FROM asked
    UNION
    SELECT position, m.pilot_id
      FROM metered JOIN register_reading AS r USING (position) JOIN meter AS m ON m.id = r.meter_id
    UNION
    SELECT position, m.pilot_id
      FROM metered JOIN consumption AS c USING (position) JOIN meter AS m ON m.id = c.meter_id
    UNION
    SELECT position, m.pilot_id
      FROM metered JOIN interval_block AS b USING (position) JOIN meter AS m ON m.id = b.meter_id
)
SELECT position, CAST(said AS text) AS said FROM (
    -- An organisation, a pilot, a project as they were registered: as the first amendment found them, if there was one.
    SELECT o.id AS position, to_jsonb(o) || coalesce((
               SELECT a.before FROM organisation_amendment AS a
                WHERE a.organisation_id = o.id ORDER BY a.position LIMIT 1), '{}') AS said
      FROM organisation AS o JOIN asked ON asked.position = o.id
    UNION ALL
    SELECT a.position, to_jsonb(o) || a.after
      FROM organisation_amendment AS a JOIN asked USING (position) JOIN organisation AS o ON o.id = a.organisation_id
    UNION ALL
    SELECT p.id, to_jsonb(p) || coalesce((
               SELECT a.before FROM pilot_amendment AS a
                WHERE a.pilot_id = p.id ORDER BY a.position LIMIT 1), '{}')
      FROM pilot AS p JOIN asked ON asked.position = p.id
    UNION ALL
    SELECT a.position, to_jsonb(p) || a.after
      FROM pilot_amendment AS a JOIN asked USING (position) JOIN pilot AS p ON p.id = a.pilot_id
    UNION ALL
    SELECT asked.position, jsonb_build_object('code', p.code, 'forestry', p.forestry) || coalesce((
               SELECT a.after FROM project_amendment AS a
                WHERE a.project_id = p.id AND a.position <= asked.position ORDER BY a.position DESC LIMIT 1), (
               SELECT a.before FROM project_amendment AS a
                WHERE a.project_id = p.id ORDER BY a.position LIMIT 1),
               jsonb_build_object('name_zh', p.name_zh, 'name_en', p.name_en))
      FROM asked JOIN project AS p ON p.id = asked.subject_id
     WHERE asked.kind IN ('PROJECT_REGISTERED', 'PROJECT_AMENDED')
    UNION ALL
    SELECT s.position, jsonb_build_object('site', to_jsonb(s)) FROM site AS s JOIN asked USING (position)
    UNION ALL
    SELECT asked.position, to_jsonb(a) || jsonb_build_object('pilot', a.pilot_id)
      FROM asked JOIN accounting_period AS a ON a.id = asked.subject_id
     WHERE asked.kind IN ('ACCOUNTING_PERIOD_REGISTERED', 'ACCOUNTING_PERIOD_WITHDRAWN')
    UNION ALL
    SELECT e.id, to_jsonb(e) FROM enrolment AS e JOIN asked ON asked.position = e.id
    UNION ALL
    -- Which inventory it is, whose it is and who sees it; of those that were handed in, their terms.
    SELECT asked.position, jsonb_build_object(
               'inventory', i.id, 'pilot', i.pilot_id, 'accounting_period', i.period_id, 'series', i.series_id,
               'version', i.version, 'operator_id', p.operator_id, 'statement_visibility', p.statement_visibility,
               'line_visibility', p.line_visibility)
           || CASE WHEN asked.kind IN ('INVENTORY_SUBMITTED', 'INVENTORY_VERIFIED') THEN to_jsonb(i) ELSE '{}' END
      FROM asked
      JOIN inventory AS i ON i.id = coalesce(CAST(asked.body ->> 'inventory' AS bigint), asked.subject_id)
      JOIN pilot AS p ON p.id = i.pilot_id
    UNION ALL
    SELECT position, jsonb_build_object(
               'emissions', coalesce(jsonb_agg(to_jsonb(a) ORDER BY category, treatment, gas) FILTER (WHERE role = 'SOURCE'), '[]'),
               'removals', coalesce(jsonb_agg(to_jsonb(a) ORDER BY category, treatment, gas) FILTER (WHERE role = 'SINK'), '[]'))
      FROM handed_in LEFT JOIN amount AS a USING (position) GROUP BY position
    UNION ALL
    SELECT position, jsonb_build_object(
               'emission_sources', coalesce(jsonb_agg(said ORDER BY id) FILTER (WHERE role = 'SOURCE'), '[]'),
               'sinks', coalesce(jsonb_agg(said ORDER BY id) FILTER (WHERE role = 'SINK'), '[]'))
      FROM handed_in LEFT JOIN line USING (position) GROUP BY position
    UNION ALL
    SELECT b.id, (to_jsonb(b) - 'issuance') || jsonb_build_object(
               'first', b.lo, 'last', b.hi - 1,
               'part_of', CASE WHEN b.issuance IS NOT NULL
                   THEN jsonb_build_object('reference', b.issuance, 'quantity', b.issuance_quantity) END)
      FROM credit_batch AS b JOIN asked ON asked.position = b.id
    UNION ALL
    SELECT position, jsonb_build_object('suspected_doubles', coalesce(jsonb_agg(
               jsonb_build_object('batch', d.batch_id, 'other', d.other_id) ORDER BY d.batch_id, d.other_id)
               FILTER (WHERE d.batch_id IS NOT NULL), '[]'))
      FROM asked LEFT JOIN double_issuance AS d USING (position)
     WHERE kind IN ('CREDITS_ISSUED', 'PROJECT_AMENDED') GROUP BY position
    UNION ALL
    SELECT r.id, jsonb_build_object('expires_at', r.expires_at)
      FROM retirement_request AS r JOIN asked ON asked.position = r.id
    UNION ALL
    SELECT p.id, jsonb_build_object('first', p.lo, 'last', p.hi - 1)
      FROM proposal AS p JOIN asked ON asked.position = p.id
    UNION ALL
    -- An application never changes; who sees it depends on whether it had been submitted.
    SELECT asked.position, to_jsonb(a) || jsonb_build_object(
               'operator', a.operator_id,
               'handed_in', EXISTS (SELECT FROM application_step AS s
                                     WHERE s.application_id = a.id AND s.position <= asked.position
                                       AND s.state = 'SUBMITTED'))
      FROM asked JOIN application AS a ON a.id = asked.subject_id
    UNION ALL
    SELECT asked.position, jsonb_build_object('organisation', k.organisation_id)
      FROM asked JOIN api_key AS k ON k.id = asked.subject_id
    UNION ALL
    SELECT asked.position, jsonb_build_object('organisation', w.organisation_id)
      FROM asked JOIN webhook_endpoint AS w ON w.id = asked.subject_id
    UNION ALL
    SELECT position, jsonb_build_object('batch', subject_id)
      FROM asked WHERE kind = 'POSTING_CORRECTED' AND subject_id <> position
    UNION ALL
    SELECT o.position, jsonb_build_object('whose', jsonb_agg(jsonb_build_object(
               'operator_id', p.operator_id, 'statement_visibility', p.statement_visibility,
               'line_visibility', p.line_visibility)))
      FROM owned AS o JOIN pilot AS p ON p.id = o.pilot_id GROUP BY o.position
    UNION ALL
    -- What these bodies call as entries do.
    SELECT position, jsonb_build_object(
               'as_of', body -> 'position', 'attached_to', jsonb_build_array(body -> 'subject_kind', body -> 'subject'))
      FROM asked WHERE kind IN ('DOCUMENT_ATTACHED', 'ENERGY_BASELINE_RECORDED', 'POTENTIAL_ANALYSED', 'REGISTRY_LIST_RECONCILED')
) AS of_entries
