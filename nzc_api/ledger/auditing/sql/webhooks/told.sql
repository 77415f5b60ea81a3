SELECT c.endpoint_id, c.position, c.replayed
  FROM webhook_cursor AS c CROSS JOIN log_head AS h
 WHERE c.position > h.position
    OR c.replayed IS DISTINCT FROM (SELECT max(position) FROM log_entry
                                     WHERE kind = 'WEBHOOK_REPLAYED' AND subject_id = c.endpoint_id)
 ORDER BY c.endpoint_id LIMIT $1
