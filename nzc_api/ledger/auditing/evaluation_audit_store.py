"""The SQL of the audit of evaluations: what the log says of them against what the tables hold, that nothing passed
which may not, and that names which were erased are gone.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "evaluation")

# Each evaluation, and each thing said, given, found and decided in one, is what its entry says.
LOGGED = _sql("logged")

# Nothing passed with a major finding that was not closed by then, and nothing was added after the decision.
PASSED = """
    SELECT d.evaluation_id, d.id AS position, f.id AS at
      FROM evaluation_decision AS d JOIN finding AS f USING (evaluation_id)
     WHERE d.verdict = 'PASSED' AND f.severity = 'MAJOR'
       AND NOT EXISTS (SELECT FROM finding_step AS s
                        WHERE s.finding_id = f.id AND s.state = 'CLOSED' AND s.position < d.id)
    UNION ALL
    SELECT d.evaluation_id, d.id, later.id
      FROM evaluation_decision AS d
      JOIN (SELECT evaluation_id, id FROM self_evaluation UNION ALL SELECT evaluation_id, id FROM panel
            UNION ALL SELECT evaluation_id, id FROM site_visit UNION ALL SELECT evaluation_id, id FROM evaluation_score
            UNION ALL SELECT evaluation_id, id FROM finding) AS later USING (evaluation_id)
     WHERE later.id > d.id
     ORDER BY position, at LIMIT $1
"""

# A name that an entry says was erased is in no row.
ERASED = """
    SELECT n.panel_id, n.number, e.position
      FROM panel_expert_name AS n
      JOIN log_entry AS e ON e.kind = 'EXPERT_NAME_ERASED' AND e.body = jsonb_build_object(
                                 'panel', n.panel_id, 'expert', n.number)
     ORDER BY e.position LIMIT $1
"""
