"""The SQL of the audit of plans: what the log says of them against what the tables hold, how one step follows another,
and that what is built was reached before.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "plans")

# Each version, step, milestone that was reached and completion is what its entry says, and each entry has its row.
LOGGED = _sql("logged")

# A draft is submitted, what was submitted is decided, and that ends it.
FOLLOWS = """
    SELECT plan_id, position, before, state
      FROM (SELECT *, coalesce(lag(state) OVER (PARTITION BY plan_id ORDER BY position), 'DRAFT') AS before
              FROM plan_step) AS s
     WHERE before <> CASE state WHEN 'SUBMITTED' THEN 'DRAFT' ELSE 'SUBMITTED' END
     ORDER BY position LIMIT $1
"""

# Every building milestone of the version was reached by the day on which the pilot was built.
BUILT = """
    SELECT c.position, c.plan_id, m.code
      FROM completion AS c JOIN plan_milestone AS m ON m.plan_id = c.plan_id AND m.building
      LEFT JOIN milestone_reached AS r
             ON r.pilot_id = c.pilot_id AND r.code = m.code AND r.position < c.position AND r.on_day <= c.built_on
     WHERE r.position IS NULL ORDER BY c.position, m.code LIMIT $1
"""
