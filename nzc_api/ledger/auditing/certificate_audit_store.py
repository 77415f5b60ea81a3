"""The SQL of the audit of green certificates.

``$1`` is the most rows to tell, as in `audit_store`.
"""

# Certificates are of electricity that is bought and of days of their inventory, serve one series of versions, and their
# power is credited to nobody once that was handed in.
CLAIMED_ONCE = """
    SELECT c.line_id, c.number, c.prefix, c.lo, c.hi, o.line_id AS other_line_id, b.id AS batch_id
      FROM line_certificate AS c
      JOIN inventory_line AS l ON l.id = c.line_id
      JOIN inventory AS i ON i.id = c.inventory_id
      LEFT JOIN line_certificate AS o
        ON o.prefix_key = c.prefix_key AND o.lo < c.hi AND c.lo < o.hi
       AND (o.line_id, o.number) <> (c.line_id, c.number)
       AND (o.series_id <> c.series_id OR o.inventory_id = c.inventory_id)
      LEFT JOIN site AS s ON s.code_key = c.plant_key AND i.submitted_position IS NOT NULL
      LEFT JOIN credit_batch AS b
        ON b.project_id = s.subject_id AND b.withdrawn_position IS NULL
       AND b.produced_from <= c.produced_to AND c.produced_from <= b.produced_to
     WHERE o.line_id IS NOT NULL OR b.id IS NOT NULL
        OR (l.inventory_id, i.series_id) <> (c.inventory_id, c.series_id)
        OR CASE WHEN l.factor ? 'zero_factor_basis'
                THEN l.factor #>> '{zero_factor_basis,reason}' IS DISTINCT FROM 'GREEN_POWER_CONTRACT'
                  OR i.electricity_method <> 'MARKET_BASED'
                ELSE l.category = 'EXPORTED_ELECTRICITY' OR l.factor ->> 'kind' IS DISTINCT FROM 'ELECTRICITY'
                 AND (l.factor ->> 'kind' IS DISTINCT FROM 'OWN' OR l.category <> 'PURCHASED_ELECTRICITY') END
        OR c.produced_from < i.starts_on OR c.produced_to > i.ends_on OR c.mwh <> c.hi - c.lo
     ORDER BY c.line_id, c.number LIMIT $1
"""
