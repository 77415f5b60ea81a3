"""The SQL of the audit of proposals: what the log says of each against what the tables hold, and what must hold of an
approval.

``$1`` is the most rows to tell, ``$2`` the first and ``$3`` the last position, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "proposals")

# Each proposal and each end is what its entry says, and each entry that says so has its row.
LOGGED = _sql("logged")

# A proposal is made, ended and approved by keys of its programme's registry, in its time; approved by another key than
# made it, that was not revoked before.
PERSONS = _sql("persons")

# What an approval carried out is what was proposed, and all of it.
CARRIED_OUT = _sql("carried_out")
