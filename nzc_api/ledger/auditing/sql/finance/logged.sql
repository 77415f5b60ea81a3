WITH said AS (
    SELECT f.id AS position, 'FINANCING_RECORDED' AS kind, f.id AS subject_id, jsonb_build_object(
               'pilot', pilot_id, 'product', product, 'amount', trim_scale(amount)::text,
               'starts_on', starts_on, 'ends_on', ends_on,
               'allocations', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                            measure_id, trim_scale(amount)::text) ORDER BY measure_id)
                                          FROM financing_allocation WHERE financing_id = f.id), '[]'),
               'pledges', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                        measure_id, trim_scale(share)::text, starts_on, ends_on)
                                        ORDER BY number)
                                      FROM financing_pledge WHERE financing_id = f.id), '[]')) AS body
      FROM financing AS f
    UNION ALL
    SELECT position, 'FINANCING_ENDED', financing_id, jsonb_build_object('on', on_day)
      FROM financing_end
), logged AS (
    SELECT position, kind, subject_id, body FROM log_entry
     WHERE kind IN ('FINANCING_RECORDED', 'FINANCING_ENDED')
)
SELECT position, said.body AS rows_say, logged.body AS log_says
  FROM said FULL JOIN logged USING (position)
 WHERE (said.kind, said.subject_id, said.body)
       IS DISTINCT FROM (logged.kind, logged.subject_id, logged.body)
 ORDER BY position LIMIT $1
