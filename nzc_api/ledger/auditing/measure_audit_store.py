"""The SQL of the audit of measures: what the log says of them, and of analyses, against what the tables hold.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "measures")

# Each measure, its progress, what was verified of it, and each analysis is what its entry says.
LOGGED = _sql("logged")
