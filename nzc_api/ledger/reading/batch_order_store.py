"""The SQL of what is ordered of whole batches."""

# What holds of which batch, and during which positions: from the order to what ends it, which is the unfreezing of what
# was frozen, and the correction of what was invalidated or exported wrongly.
ORDERS = """
    SELECT f.batch_id,
           CASE f.kind WHEN 'FREEZE' THEN 'FROZEN' WHEN 'INVALIDATE' THEN 'INVALIDATED'
                       ELSE 'EXPORTED' END AS status,
           int8range(f.position, (
               SELECT min(ended.position)
                 FROM (SELECT thaw.position FROM batch_fact AS thaw
                        WHERE f.kind = 'FREEZE' AND thaw.kind = 'UNFREEZE'
                          AND thaw.batch_id = f.batch_id AND thaw.position > f.position
                       UNION ALL
                       SELECT c.position FROM correction AS c WHERE c.posting_id = f.position) AS ended))
               AS during
      FROM batch_fact AS f WHERE f.kind <> 'UNFREEZE'"""
