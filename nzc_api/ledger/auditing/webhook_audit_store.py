"""The SQL of the audit of webhooks: what the log says of endpoints against the tables.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "webhooks")

# Each endpoint was said to be what it is: where events are posted, which, and by whose key.
LOGGED = _sql("logged")

# None was told what is to come, nor once more where nobody said so.
TOLD = _sql("told")
