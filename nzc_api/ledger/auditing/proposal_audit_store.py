"""The SQL of the audit of proposals: what the log says of each against what the tables hold, and what must hold of an
approval.

``$1`` is the most rows to tell, ``$2`` the first and ``$3`` the last position, as in `audit_store`.
"""

# Each proposal and each end is what its entry says, and each entry that says so has its row.
LOGGED = """
    WITH said AS (
        SELECT p.id AS position, p.id AS proposal_id, 'ORDER_PROPOSED' AS kind,
               jsonb_build_object(
                   'programme', p.programme, 'quantity', p.quantity, 'corrects', p.posting_id,
                   'batch', p.batch_id, 'lo', p.lo, 'hi', p.hi, 'expires_at', p.expires_at,
                   'order', CASE WHEN p.posting_id IS NOT NULL THEN 'POSTING_CORRECTED'
                                 WHEN p.lo IS NULL THEN 'BATCH_INVALIDATED' ELSE 'CREDITS_INVALIDATED' END) AS body
          FROM proposal AS p JOIN grounds AS g ON g.position = p.id
         WHERE p.id BETWEEN $2::bigint AND $3::bigint
        UNION ALL
        SELECT position, proposal_id, outcome, NULL FROM proposal_end WHERE position BETWEEN $2 AND $3
    ), logged AS (
        SELECT position, position AS proposal_id, kind,
               body || jsonb_build_object('expires_at', (body ->> 'expires_at')::timestamptz) AS body
          FROM log_entry WHERE position BETWEEN $2 AND $3 AND kind = 'ORDER_PROPOSED'
        UNION ALL
        SELECT position, subject_id, 'WITHDRAWN', NULL
          FROM log_entry WHERE position BETWEEN $2 AND $3 AND kind = 'PROPOSAL_WITHDRAWN'
        UNION ALL
        SELECT position, (body ->> 'proposal')::bigint, 'APPROVED', NULL
          FROM log_entry WHERE position BETWEEN $2 AND $3 AND body ? 'proposal'
    )
    SELECT position, said.proposal_id AS rows_end, logged.proposal_id AS log_ends, said.kind AS rows_say,
           logged.kind AS log_says, said.body AS rows_body, logged.body AS log_body
      FROM said FULL JOIN logged USING (position)
     WHERE (said.proposal_id, said.kind, said.body)
           IS DISTINCT FROM (logged.proposal_id, logged.kind, logged.body)
     ORDER BY position LIMIT $1
"""

# A proposal is made, ended and approved by keys of its programme's registry, in its time; approved by another key than
# made it, that was not revoked before.
PERSONS = """
    SELECT p.id AS proposal_id, x.position, x.outcome, made.api_key_id AS made_with, ended.api_key_id AS ended_with,
           k.revoked_position AS revoked, p.expires_at, ended.at
      FROM proposal AS p
      LEFT JOIN log_entry AS made ON made.position = p.id
      LEFT JOIN api_key AS k ON k.id = made.api_key_id
      LEFT JOIN organisation AS o ON (o.id, o.id) = (k.organisation_id, made.organisation_id)
      LEFT JOIN proposal_end AS x ON x.proposal_id = p.id
      LEFT JOIN log_entry AS ended ON ended.position = x.position
      LEFT JOIN api_key AS other ON other.id = ended.api_key_id
      LEFT JOIN organisation AS of_other
        ON (of_other.id, of_other.id) = (other.organisation_id, ended.organisation_id)
     WHERE (p.programme = ANY(o.programmes) AND made.at < p.expires_at) IS NOT TRUE
        OR x.position IS NOT NULL
           AND (p.programme = ANY(of_other.programmes) AND ended.at < p.expires_at) IS NOT TRUE
        OR x.outcome = 'APPROVED'
           AND (made.api_key_id = ended.api_key_id OR k.revoked_position < x.position)
     ORDER BY p.id LIMIT $1
"""

# What an approval carried out is what was proposed, and all of it.
CARRIED_OUT = """
    SELECT p.id AS proposal_id, x.position, e.kind, e.body ->> 'quantity' AS quantity, c.posting_id AS corrected,
           f.batch_id AS invalidated_batch, moved.serials AS moved
      FROM proposal AS p
      JOIN proposal_end AS x ON x.proposal_id = p.id AND x.outcome = 'APPROVED'
      LEFT JOIN log_entry AS e ON e.position = x.position
      LEFT JOIN correction AS c ON c.position = x.position
      LEFT JOIN batch_fact AS f ON f.position = x.position
      LEFT JOIN LATERAL (
            SELECT range_agg(int8range(m.lo, m.hi)) AS serials, min(m.batch_id) AS batch_id
              FROM movement AS m WHERE m.position = x.position HAVING count(DISTINCT m.batch_id) = 1
            ) AS moved ON true
     WHERE (CASE
            WHEN p.posting_id IS NOT NULL THEN e.kind = 'POSTING_CORRECTED' AND c.posting_id = p.posting_id
            WHEN p.lo IS NULL THEN
                e.kind = 'BATCH_INVALIDATED' AND (f.batch_id, f.kind) = (p.batch_id, 'INVALIDATE')
            ELSE e.kind = 'CREDITS_INVALIDATED' AND moved.batch_id = p.batch_id
                 AND moved.serials = int8multirange(int8range(p.lo, p.hi))
            END AND (e.body ->> 'quantity')::bigint = p.quantity) IS NOT TRUE
     ORDER BY p.id LIMIT $1
"""
