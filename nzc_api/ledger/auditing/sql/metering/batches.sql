WITH found AS (
    SELECT position, count(*) AS size,
           encode(sha256(convert_to(string_agg(line, E'\n' ORDER BY number), 'UTF8')), 'hex') AS digest
      FROM ({LINES}) AS lines GROUP BY position
), logged AS (
    SELECT position, (body ->> 'size')::bigint AS size, body ->> 'digest' AS digest FROM log_entry
     WHERE position BETWEEN $2 AND $3 AND kind IN ('READINGS_RECORDED', 'READING_CORRECTED', 'GAP_FILLED')
), said AS (
    SELECT id AS position, size::bigint, encode(digest, 'hex') AS digest FROM reading_batch
     WHERE id BETWEEN $2 AND $3
)
SELECT position, logged.size AS log_says, said.size AS batch_says, found.size AS rows
  FROM logged FULL JOIN said USING (position) FULL JOIN found USING (position)
 WHERE (logged.size, logged.digest) IS DISTINCT FROM (found.size, found.digest)
    OR (said.size, said.digest) IS DISTINCT FROM (found.size, found.digest)
 ORDER BY position LIMIT $1
