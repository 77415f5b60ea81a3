-- What postings wrote besides movements, and other rows whose entries say them; what entries of before did not say yet
-- is not compared.
WITH logged AS MATERIALIZED (
    SELECT position, kind, subject_id, organisation_id, body FROM log_entry
     WHERE position BETWEEN $2::bigint AND $3::bigint
)
SELECT what, position, log_says, rows_say FROM (
    SELECT 'credit_batch' AS what, position, body AS log_says, to_jsonb(b) AS rows_say
      FROM credit_batch AS b JOIN logged ON position = b.id
     WHERE (body @> jsonb_build_object('project', b.project_id, 'programme', b.programme, 'quantity', b.quantity))
           IS NOT TRUE
        OR body ? 'vintage'
           AND NOT body @> jsonb_build_object('vintage', b.vintage, 'produced_from', b.produced_from,
                                              'produced_to', b.produced_to)
        OR body ->> 'issuance' <> coalesce(b.issuance, '')
        OR body ? 'block'
           AND (b.issuance IS DISTINCT FROM body ->> 'issuance' OR NOT b.compared
                OR body -> 'block' <> jsonb_strip_nulls(jsonb_build_object(
               'registry', b.registry, 'prefix', b.prefix, 'first', b.lo, 'last', b.hi - 1,
               'registered_on', b.reductions_registered_on, 'applied_on', b.reductions_applied_on,
               'by_certificate', b.by_certificate, 'forestry', b.forestry, 'written', b.written,
               'basis', b.production_basis, 'document', b.production_document,
               'issuance_quantity', b.issuance_quantity)))
    UNION ALL
    SELECT 'grounds', position, body, to_jsonb(g)
      FROM logged LEFT JOIN grounds AS g USING (position)
     WHERE body ? 'grounds'
       AND body ->> 'grounds' IS DISTINCT FROM encode(sha256(convert_to(
               jsonb_build_array(g.document, g.reason)::text, 'UTF8')), 'hex')
    UNION ALL
    SELECT 'retirement_request', position, body, to_jsonb(r)
      FROM retirement_request AS r JOIN logged ON position = r.id
     WHERE (body ->> 'expires_at')::timestamptz <> r.expires_at
    UNION ALL
    SELECT 'batch_fact', position, body, to_jsonb(f)
      FROM batch_fact AS f JOIN logged USING (position) WHERE subject_id <> f.batch_id
    UNION ALL
    SELECT 'request_end', position, body, to_jsonb(x)
      FROM request_end AS x JOIN logged USING (position)
     WHERE (body ->> 'request')::bigint IS DISTINCT FROM x.request_id
    UNION ALL
    SELECT 'request_part', position, body, to_jsonb(x)
      FROM request_part AS x JOIN logged USING (position)
     WHERE (body ->> 'request')::bigint IS DISTINCT FROM x.request_id
    UNION ALL
    SELECT 'double_issuance_resolution', position, body, to_jsonb(r)
      FROM double_issuance_resolution AS r JOIN logged USING (position)
     WHERE NOT body @> jsonb_build_object('batch', r.batch_id, 'other', r.other_id, 'finding', r.finding)
    UNION ALL
    SELECT 'enrolment', position, body, to_jsonb(n)
      FROM enrolment AS n JOIN logged ON position = n.id
     WHERE body ? 'number'
       AND (NOT body @> jsonb_build_object('project', n.project_id, 'programme', n.programme, 'rule', n.rule,
                                           'number', n.number)
            OR body ? 'methodology' AND body ->> 'methodology' IS DISTINCT FROM n.methodology)
    UNION ALL
    SELECT 'enrolment_methodology', position, body, to_jsonb(s)
      FROM enrolment_methodology AS s JOIN logged USING (position)
     WHERE body ->> 'methodology' IS DISTINCT FROM s.methodology
    UNION ALL
    SELECT 'project', position, body, to_jsonb(p)
      FROM project AS p JOIN logged ON position = p.id
     WHERE body ? 'code' AND NOT body @> jsonb_build_object('code', p.code, 'forestry', p.forestry)
    UNION ALL
    SELECT 'pilot', position, body, to_jsonb(p)
      FROM pilot AS p JOIN logged ON position = p.id
     WHERE body ? 'code' AND NOT body @> jsonb_build_object('code', p.code, 'variant', p.variant)
    UNION ALL
    SELECT 'accounting_period', position, body, to_jsonb(p)
      FROM accounting_period AS p JOIN logged ON position = p.id
     WHERE body ? 'pilot'
       AND NOT body @> jsonb_build_object('pilot', p.pilot_id, 'starts_on', p.starts_on, 'ends_on', p.ends_on)
    UNION ALL
    SELECT 'pilot_placement', position, body, to_jsonb(p)
      FROM pilot_placement AS p JOIN logged USING (position)
     WHERE kind = 'PILOT_PLACED'
       AND (subject_id <> p.pilot_id OR (body ->> 'surrounding_pilot')::bigint IS DISTINCT FROM p.surrounding_id)
    UNION ALL
    SELECT 'organisation', position, body, to_jsonb(o)
      FROM organisation AS o JOIN logged ON position = o.id
     WHERE body ->> 'role' <> o.role OR body ? 'programmes' AND body -> 'programmes' <> to_jsonb(o.programmes)
    UNION ALL
    SELECT 'api_key', position, body, to_jsonb(k)
      FROM api_key AS k JOIN logged ON position = k.id
     WHERE (body ->> 'organisation')::bigint <> k.organisation_id
    UNION ALL
    SELECT 'api_key', k.revoked_position, body, to_jsonb(k)
      FROM api_key AS k LEFT JOIN log_entry AS e ON (e.position, e.subject_id, e.kind) = (k.revoked_position, k.id, 'API_KEY_REVOKED')
     WHERE k.revoked_position BETWEEN $2 AND $3 AND e.position IS NULL
    UNION ALL
    SELECT 'api_key', position, body, to_jsonb(k)
      FROM logged JOIN api_key AS k ON k.id = subject_id
     WHERE kind = 'API_KEY_REVOKED' AND k.revoked_position IS DISTINCT FROM position
    UNION ALL
    SELECT 'inventory', position, body, to_jsonb(i)
      FROM inventory AS i JOIN logged ON position = i.id
     WHERE body ? 'series'
       AND NOT body @> jsonb_build_object('pilot', i.pilot_id, 'accounting_period', i.period_id,
                                          'series', i.series_id, 'version', i.version)
    UNION ALL
    SELECT 'inventory', position, body, to_jsonb(i)
      FROM inventory AS i JOIN logged ON position = i.verified_position
     WHERE organisation_id IS DISTINCT FROM i.verifier_id
    UNION ALL
    SELECT 'measure_effect', position, body, to_jsonb(m)
      FROM measure_effect AS m JOIN logged ON position = m.id
     WHERE organisation_id IS DISTINCT FROM m.verifier_id
) AS found ORDER BY position, what LIMIT $1
