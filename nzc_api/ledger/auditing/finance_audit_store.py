"""The SQL of the audit of finance: what the log says of financings against what the tables hold.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "finance")

# Each financing, with its parts and its early end, is what its entry says.
LOGGED = _sql("logged")

# No measure is paid for more than it costs, and on no day more than all of its savings is pledged.
ONCE = _sql("once")
