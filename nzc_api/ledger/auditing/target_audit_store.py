"""The SQL of the audit of targets: what the log says of each version against what the tables hold, and what
must hold of it.

``$1`` is the most rows to tell, as in `audit_store`.
"""

# Each version is what its entry says, and each entry has its version.
LOGGED = """
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
"""

# A target never rises from its baseline on, and ends at zero; its versions follow one another.
FALLS = """
    SELECT t.id AS target_id, t.version, c.year, c.net, c.before
      FROM (SELECT *, lag(version) OVER (PARTITION BY pilot_id ORDER BY id) AS earlier FROM target) AS t
      LEFT JOIN (SELECT *, lag(net) OVER years AS before, lead(year) OVER years AS next
                   FROM target_ceiling WINDOW years AS (PARTITION BY target_id ORDER BY year)) AS c
        ON c.target_id = t.id
     WHERE t.version <> coalesce(t.earlier, 0) + 1
        OR c.year IS NULL OR c.year <= t.baseline_year
        OR c.net > coalesce(c.before, t.baseline_net) OR c.next IS NULL AND c.net <> 0
     ORDER BY t.id, c.year LIMIT $1
"""
