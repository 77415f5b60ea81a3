"""The SQL of the audit of targets: what the log says of each version against what the tables hold, and what
must hold of it.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "targets")

# Each version is what its entry says, and each entry has its version.
LOGGED = _sql("logged")

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
