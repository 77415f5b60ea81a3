WITH retired AS (
    SELECT m.*, max(m.hi) OVER (PARTITION BY m.batch_id ORDER BY m.lo, m.hi
                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
      FROM movement AS m JOIN account AS c ON c.id = m.credit_id AND c.kind = 'RETIREMENT'
), twice AS MATERIALIZED (
    SELECT * FROM retired WHERE lo < reached
), pair AS (
    SELECT one.batch_id, greatest(one.lo, other.lo) AS lo, least(one.hi, other.hi) AS hi,
           least(one.position, other.position) AS first_position,
           greatest(one.position, other.position) AS again_position,
           CASE WHEN one.position < other.position THEN one.credit_id
                ELSE other.credit_id END AS first_credit_id
      FROM twice AS one
     CROSS JOIN {beside_one} AS other
      JOIN account AS c ON c.id = other.credit_id AND c.kind = 'RETIREMENT'
     WHERE (other.position, other.line) <> (one.position, one.line)
)
SELECT DISTINCT batch_id, lo, hi, first_position, again_position
  FROM pair
 WHERE NOT coalesce((
       SELECT range_agg(int8range(o.lo, o.hi))
         FROM {within_pair} AS o
        WHERE o.debit_id = pair.first_credit_id
          AND o.position > pair.first_position AND o.position <= pair.again_position)
       @> int8range(pair.lo, pair.hi), false)
 ORDER BY 1, 2, 4 LIMIT $1
