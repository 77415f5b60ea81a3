SELECT m.*, b.lo AS batch_lo, b.hi AS batch_hi, debit.kind AS debit, credit.kind AS credit
  FROM movement AS m
  LEFT JOIN credit_batch AS b ON b.id = m.batch_id
  LEFT JOIN account AS debit ON debit.id = m.debit_id
  LEFT JOIN account AS credit ON credit.id = m.credit_id
 WHERE m.position BETWEEN $2::bigint AND $3::bigint
   AND (b.id IS NULL OR debit.id IS NULL OR credit.id IS NULL OR m.debit_id = m.credit_id
        OR m.lo < b.lo OR m.hi > b.hi
        OR coalesce(debit.programme, b.programme) <> b.programme
        OR coalesce(credit.programme, b.programme) <> b.programme
        OR (debit.kind = 'ISSUANCE') <> (m.batch_id = m.position)
        OR (credit.kind = 'ISSUANCE' OR debit.kind = 'INVALIDATED')
           AND NOT EXISTS (SELECT FROM correction AS c WHERE c.position = m.position))
 ORDER BY m.position, m.line LIMIT $1
