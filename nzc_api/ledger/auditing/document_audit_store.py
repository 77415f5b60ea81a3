"""The SQL of the audit of documents: what the log says of each against what the tables hold.

``$1`` is the most rows to tell, as in `audit_store`.
"""

from nzc_api.database.sql_files import sql_in

_sql = sql_in(__package__, "documents")

# Each document is what its entry says, is of the pilot whose thing it is attached to, and is attached to it. (A
# draft's line may have been removed since.)
LOGGED = _sql("logged")

# What came along to a line is attached to a line of an earlier version of the same inventory.
CARRIED = """
    SELECT a.subject_id AS line_id, a.document_id
      FROM attachment AS a
      JOIN document AS d ON d.id = a.document_id AND d.subject_id <> a.subject_id
      JOIN inventory_line AS l ON l.id = a.subject_id
      JOIN inventory AS next ON next.id = l.inventory_id
     WHERE NOT EXISTS (SELECT FROM attachment AS earlier
                         JOIN inventory_line AS was ON was.id = earlier.subject_id
                         JOIN inventory AS before ON before.id = was.inventory_id
                        WHERE earlier.document_id = a.document_id
                          AND before.series_id = next.series_id AND before.version < next.version)
     ORDER BY 1, 2 LIMIT $1
"""
