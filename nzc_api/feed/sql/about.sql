-- Which pilots and organisations entries are about: a row for each, a pilot with who sees what of it and all pilots
-- around it then. The order about a whole batch is about all for whom its credits are.
WITH RECURSIVE asked AS (
    SELECT position, kind, subject_id, body FROM log_entry
     WHERE position = ANY(CAST(CAST(:positions AS text) AS bigint[]))
), ordered AS (
    SELECT position, subject_id AS batch_id FROM asked
     WHERE kind IN ('BATCH_FROZEN', 'BATCH_UNFROZEN', 'BATCH_INVALIDATED', 'BATCH_EXPORTED')
        OR kind = 'POSTING_CORRECTED' AND subject_id <> position
), in_batch (position, batch_id, account_id) AS (
    -- From account to account by the index: a batch may have been moved a million times.
    SELECT position, batch_id, (SELECT min(b.account_id + 0) FROM balance AS b WHERE b.batch_id = o.batch_id)
      FROM ordered AS o
    UNION ALL
    SELECT position, batch_id, (SELECT min(b.account_id + 0) FROM balance AS b
                                 WHERE b.batch_id = i.batch_id AND b.account_id + 0 > i.account_id)
      FROM in_batch AS i WHERE account_id IS NOT NULL
), touched AS (
    SELECT DISTINCT of_account.position, a.organisation_id, a.pilot_id
      FROM (SELECT position, account_id FROM in_batch
             UNION ALL SELECT position, m.debit_id FROM movement AS m JOIN asked USING (position)
             UNION ALL SELECT position, m.credit_id FROM movement AS m JOIN asked USING (position)) AS of_account
      JOIN account AS a ON a.id = of_account.account_id
), about (position, pilot_id) AS (
    SELECT position, pilot_id FROM touched WHERE pilot_id IS NOT NULL
    UNION SELECT position, CAST(body ->> 'pilot' AS bigint) FROM asked WHERE body ->> 'pilot' IS NOT NULL
    UNION SELECT asked.position, p.id FROM asked JOIN pilot AS p ON p.id = asked.subject_id
    UNION SELECT position, CAST(body ->> 'other' AS bigint) FROM asked WHERE kind = 'PILOT_OVERLAP_RECORDED'
    -- Where a pilot lay before, it does not lie from here on.
    UNION SELECT asked.position, (SELECT p.surrounding_id FROM pilot_placement AS p
                                   WHERE p.pilot_id = asked.subject_id AND p.position < asked.position
                                   ORDER BY p.position DESC LIMIT 1)
            FROM asked WHERE kind = 'PILOT_PLACED'
    UNION SELECT asked.position, p.pilot_id FROM asked JOIN accounting_period AS p ON p.id = asked.subject_id
    UNION SELECT asked.position, i.pilot_id
            FROM asked JOIN inventory AS i ON i.id = coalesce(CAST(body ->> 'inventory' AS bigint), asked.subject_id)
    UNION SELECT asked.position, m.pilot_id FROM asked JOIN meter AS m ON m.id = asked.subject_id
    UNION SELECT asked.position, a.pilot_id FROM asked JOIN monitoring_alert AS a ON a.id = asked.subject_id
    UNION SELECT asked.position, m.pilot_id FROM asked JOIN measure AS m ON m.id = asked.subject_id
    UNION SELECT asked.position, p.pilot_id FROM asked JOIN plan AS p ON p.id = asked.subject_id
    UNION SELECT asked.position, a.pilot_id FROM asked JOIN potential_analysis AS a ON a.id = asked.subject_id
    UNION SELECT asked.position, d.pilot_id FROM asked JOIN document AS d ON d.id = asked.subject_id
    UNION SELECT asked.position, f.pilot_id FROM asked JOIN financing AS f ON f.id = asked.subject_id
    UNION SELECT asked.position, p.pilot_id
            FROM asked JOIN appointment AS a ON a.id = asked.subject_id JOIN post AS p ON p.id = a.post_id
    UNION SELECT asked.position, r.pilot_id FROM asked JOIN management_rule AS r ON r.id = asked.subject_id
    UNION SELECT asked.position, e.pilot_id FROM asked JOIN evaluation AS e ON e.id = asked.subject_id
    UNION SELECT asked.position, e.pilot_id
            FROM asked JOIN finding AS f ON f.id = asked.subject_id JOIN evaluation AS e ON e.id = f.evaluation_id
    UNION SELECT r.position, m.pilot_id
            FROM asked JOIN register_reading AS r USING (position) JOIN meter AS m ON m.id = r.meter_id
    UNION SELECT c.position, m.pilot_id
            FROM asked JOIN consumption AS c USING (position) JOIN meter AS m ON m.id = c.meter_id
    UNION SELECT b.position, m.pilot_id
            FROM asked JOIN interval_block AS b USING (position) JOIN meter AS m ON m.id = b.meter_id
    -- The project in whose pilot the reductions are produced.
    UNION SELECT asked.position, (SELECT coalesce(
                     (SELECT l.pilot_id FROM project_placement AS l
                       WHERE l.project_id = p.id AND l.position <= asked.position
                       ORDER BY l.position DESC LIMIT 1), p.pilot_id))
            FROM asked JOIN project AS p ON p.id = CAST(body ->> 'project' AS bigint)
), surrounding (position, pilot_id, outer_id) AS (
    SELECT position, pilot_id, pilot_id FROM about WHERE pilot_id IS NOT NULL
    UNION
    SELECT r.position, r.pilot_id, latest.surrounding_id
      FROM surrounding AS r
     CROSS JOIN LATERAL (SELECT p.surrounding_id FROM pilot_placement AS p
                          WHERE p.pilot_id = r.outer_id AND p.position <= r.position
                          ORDER BY p.position DESC LIMIT 1) AS latest
     WHERE latest.surrounding_id IS NOT NULL
)
SELECT DISTINCT position, organisation_id, CAST(NULL AS bigint) AS pilot_id, CAST(NULL AS bigint) AS operator_id,
       CAST(NULL AS text) AS statement_visibility, CAST(NULL AS text) AS line_visibility,
       CAST(NULL AS bigint[]) AS surrounding
  FROM touched WHERE organisation_id IS NOT NULL
UNION ALL
SELECT r.position, NULL, p.id, p.operator_id, p.statement_visibility, p.line_visibility, array_agg(r.outer_id)
  FROM surrounding AS r JOIN pilot AS p ON p.id = r.pilot_id
 GROUP BY r.position, p.id
