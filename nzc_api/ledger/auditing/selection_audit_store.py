"""The SQL of the audit of applications: what the log says of them against what the tables hold, and how one step
follows another.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "applications")

# Each application, claim, judgement and step is what its entry says, and each entry has its row.
LOGGED = _sql("logged")

# An application is decided where it was submitted, and nothing comes after its end; who was selected has its pilot.
FOLLOWS = """
    SELECT s.application_id, s.position, s.before, s.state
      FROM (SELECT *, coalesce(lag(state) OVER (PARTITION BY application_id ORDER BY position), 'OPEN') AS before
              FROM application_step) AS s
      JOIN application AS a ON a.id = s.application_id
      LEFT JOIN pilot AS p ON p.id = s.pilot_id
     WHERE NOT (CASE s.state WHEN 'SUBMITTED' THEN s.before IN ('OPEN', 'RETURNED')
                             WHEN 'WITHDRAWN' THEN s.before IN ('OPEN', 'RETURNED', 'SUBMITTED')
                             ELSE s.before = 'SUBMITTED' END)
        OR (s.state = 'SELECTED') IS DISTINCT FROM (p.variant IS NOT DISTINCT FROM a.variant)
     ORDER BY s.position LIMIT $1
"""
