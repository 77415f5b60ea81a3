SELECT position, e.kind, e.body ->> 'quantity' AS entry_says, wrong.moved,
       (SELECT string_agg(DISTINCT c.kind, ', ')
          FROM movement AS m JOIN account AS c ON c.id = m.credit_id
         WHERE m.position = wrong.position) AS moved_into,
       wrong.as_said
  FROM (SELECT position, sum(tonnes) AS moved, bool_and(as_said) AS as_said
          FROM (SELECT position, (e.body ->> 'quantity')::bigint AS quantity,
                       m.hi - m.lo AS tonnes,
                       c.kind = ANY(e.accounts)
                       AND (c.pilot_id, c.period_id, c.purpose) IS NOT DISTINCT FROM
                           ((e.body ->> 'pilot')::bigint,
                            (e.body ->> 'accounting_period')::bigint, e.body ->> 'purpose')
                       AND coalesce(d.organisation_id
                                    = coalesce(e.body ->> 'from', e.body ->> 'holder')::bigint,
                                    true)
                       AND coalesce(c.organisation_id
                                    = coalesce(e.body ->> 'to', e.body ->> 'holder')::bigint,
                                    true)
                       -- Serials stand in entries since there are certificates of retirements.
                       AND (e.body -> 'serials' IS NULL OR
                            jsonb_array_length(e.body -> 'serials') = count(*) OVER (PARTITION BY position)
                            AND e.body -> 'serials' -> m.line @> jsonb_build_object(
                                'batch', m.batch_id, 'first', m.lo, 'last', m.hi - 1)) AS as_said
                  FROM (SELECT e.position, e.body, k.accounts
                          FROM log_entry AS e JOIN {MOVES} AS k (kind, accounts)
                            ON k.kind = e.kind
                         WHERE e.position BETWEEN $2::bigint AND $3::bigint
                           AND e.position NOT IN ({_OF_ORDERS})) AS e
                  FULL JOIN (SELECT * FROM movement WHERE position BETWEEN $2 AND $3) AS m
                 USING (position)
                  LEFT JOIN account AS d ON d.id = m.debit_id
                  LEFT JOIN account AS c ON c.id = m.credit_id) AS line
         GROUP BY position
        HAVING sum(tonnes) IS DISTINCT FROM min(quantity)
            OR NOT bool_and(coalesce(as_said, false))) AS wrong
  LEFT JOIN log_entry AS e USING (position)
 ORDER BY position LIMIT $1
