"""The SQL of the audit of inventories: what the log says of them against what their tables hold.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "inventories")

# When each inventory was begun, handed in, verified and given up.
STATES = _sql("states")

# What a draft's own terms are is what its last amendment ended with; each begins where the one before ended.
TERMS = _sql("terms")

# A line is there from where it was recorded until it is taken out, and as it is since it or its draft was
# amended last.
LINES = _sql("lines")

# An opinion is of the inventory that was verified where it is, and a warning of lines of its inventory.
SAID_OF_THEM = _sql("said_of_them")
