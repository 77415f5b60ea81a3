"""The SQL of the audit of management: what the log says of posts, duties, rules and upkeep against the tables.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "management")

# Each is what its entry says.
LOGGED = _sql("logged")

# Who was appointed is named as the log is bound to, or the name was erased.
NAMED = _sql("named")
