-- Where serials moved by entries, range by range.
SELECT position, batch_id, lo, hi - 1 AS last, debit_id, credit_id FROM movement
 WHERE position = ANY(CAST(CAST(:numbers AS text) AS bigint[]))
 ORDER BY position, line
