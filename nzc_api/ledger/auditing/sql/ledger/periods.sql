SELECT p.pilot_id, p.id AS period_id, other.id AS other_period, i.id AS inventory_id, t.id AS target_id,
       m.position AS posting
  FROM accounting_period AS p
  LEFT JOIN accounting_period AS other
    ON p.withdrawn_position IS NULL AND other.withdrawn_position IS NULL
   AND other.pilot_id = p.pilot_id AND other.id < p.id
   AND other.starts_on <= p.ends_on AND p.starts_on <= other.ends_on
  LEFT JOIN inventory AS i
    ON p.withdrawn_position IS NOT NULL AND i.period_id = p.id AND i.discarded_position IS NULL
  LEFT JOIN target AS t ON p.withdrawn_position IS NOT NULL AND t.baseline_period_id = p.id
  LEFT JOIN account AS a ON p.withdrawn_position IS NOT NULL AND a.period_id = p.id
  LEFT JOIN movement AS m
    ON m.credit_id = a.id
   AND NOT EXISTS (SELECT FROM request_end WHERE request_id = m.position)
   AND NOT EXISTS (SELECT FROM correction WHERE posting_id = m.position)
 WHERE coalesce(other.id, i.id, t.id, m.position) IS NOT NULL ORDER BY p.id LIMIT $1
