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
