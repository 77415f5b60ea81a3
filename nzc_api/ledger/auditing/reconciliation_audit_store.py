"""The SQL of the audit of reconciliations: what the log says of them against what the tables hold.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "reconciliations")

# Each reconciliation is what its entry says, and its report has the hash that this names.
LOGGED = _sql("logged")
