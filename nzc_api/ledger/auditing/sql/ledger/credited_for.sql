SELECT 'crediting period' AS what, coalesce(c.position, l.position) AS position,
       l.body -> 'crediting_period' AS log_says, to_jsonb(c) AS row_says
  FROM (SELECT * FROM log_entry
         WHERE kind IN ('PROJECT_ENROLLED', 'PROJECT_AMENDED') AND body ? 'crediting_period') AS l
  FULL JOIN (SELECT c.*, e.programme, e.project_id FROM crediting_period AS c
               JOIN enrolment AS e ON e.id = c.enrolment_id) AS c ON c.position = l.position
 WHERE (l.body -> 'crediting_period') - 'programme' IS DISTINCT FROM
           jsonb_build_object('starts_on', c.starts_on, 'ends_on', c.ends_on)
    OR coalesce(l.body -> 'crediting_period' ->> 'programme', l.body ->> 'programme') <> c.programme
    OR l.subject_id <> c.project_id
UNION ALL
SELECT 'batch', b.id, jsonb_build_array(holds.starts_on, holds.ends_on),
       jsonb_build_array(b.produced_from, b.produced_to)
  FROM (SELECT DISTINCT ON (enrolment_id) * FROM crediting_period
         ORDER BY enrolment_id, position DESC) AS holds
  JOIN enrolment AS e ON e.id = holds.enrolment_id
  JOIN credit_batch AS b ON b.project_id = e.project_id AND b.programme = e.programme
 WHERE b.withdrawn_position IS NULL AND b.production_basis = 'MONITORING_PERIOD'
   AND (b.produced_from < holds.starts_on OR b.produced_to > holds.ends_on)
 ORDER BY 2 LIMIT $1
