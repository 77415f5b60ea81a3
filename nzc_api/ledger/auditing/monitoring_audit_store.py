"""The SQL of the audit of monitoring: what the log says of it against what its tables hold; see `audit_store`."""

DENOMINATORS = """
    WITH logged AS (
        SELECT position AS id, body FROM log_entry WHERE kind = 'DENOMINATOR_RECORDED'
    ), said AS (
        SELECT id, jsonb_build_object(
                   'pilot', pilot_id, 'denominator', kind, 'product', product, 'starts_on', starts_on,
                   'ends_on', ends_on, 'value', trim_scale(value)::text, 'source', source) AS body
          FROM denominator
    )
    SELECT id AS position, logged.body AS log_says, said.body AS row_says
      FROM logged FULL JOIN said USING (id)
     WHERE logged.body IS DISTINCT FROM said.body ORDER BY id LIMIT $1
"""

# Of no day two amounts of one kind count.
ALONE = """
    WITH counting AS (
        SELECT * FROM (SELECT DISTINCT ON (pilot_id, kind, product, starts_on, ends_on) * FROM denominator
                        ORDER BY pilot_id, kind, product, starts_on, ends_on, id DESC) AS latest
         WHERE value IS NOT NULL
    )
    SELECT a.id AS position, b.id AS other
      FROM counting AS a JOIN counting AS b
        ON (a.pilot_id, a.kind) = (b.pilot_id, b.kind) AND a.product IS NOT DISTINCT FROM b.product AND a.id < b.id
       AND daterange(a.starts_on, a.ends_on, '[]') && daterange(b.starts_on, b.ends_on, '[]')
     ORDER BY a.id, b.id LIMIT $1
"""

BASELINES = """
    WITH logged AS (
        SELECT position AS id, body FROM log_entry WHERE kind = 'ENERGY_BASELINE_RECORDED'
    ), said AS (
        SELECT b.id, nzc_energy_baseline_said(b) AS body FROM energy_baseline AS b
    )
    SELECT id AS position, logged.body AS log_says, said.body AS row_says
      FROM logged FULL JOIN said USING (id)
     WHERE logged.body IS DISTINCT FROM said.body ORDER BY id LIMIT $1
"""

ALERTS = """
    WITH logged AS (
        SELECT position, kind, subject_id, body FROM log_entry
         WHERE kind IN ('MONITORING_ALERT_RAISED', 'MONITORING_ALERT_CLEARED')
    ), said AS (
        SELECT id AS position, 'MONITORING_ALERT_RAISED' AS kind, id AS subject_id,
               jsonb_build_object('alert', kind, 'pilot', pilot_id, 'meter', meter_id, 'facts', facts) AS body
          FROM monitoring_alert
        UNION ALL
        SELECT position, 'MONITORING_ALERT_CLEARED', alert_id, jsonb_build_object('alert', alert_id)
          FROM monitoring_alert_end
    )
    SELECT position, logged.body AS log_says, said.body AS row_says
      FROM logged FULL JOIN said USING (position)
     WHERE (logged.kind, logged.subject_id) IS DISTINCT FROM (said.kind, said.subject_id)
        OR (logged.body @> said.body) IS NOT TRUE
     ORDER BY position LIMIT $1
"""
