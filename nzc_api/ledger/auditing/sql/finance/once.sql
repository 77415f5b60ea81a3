WITH pledged AS (
    SELECT p.measure_id, p.share, p.starts_on, least(p.ends_on, ended.on_day) AS ends_on
      FROM financing_pledge AS p LEFT JOIN financing_end AS ended USING (financing_id)
), fullest AS (
    SELECT measure_id, begun.day, sum(held.share) AS share
      FROM (SELECT DISTINCT measure_id, starts_on AS day FROM pledged) AS begun
      JOIN pledged AS held USING (measure_id)
     WHERE begun.day BETWEEN held.starts_on AND held.ends_on
     GROUP BY measure_id, begun.day
), paid AS (
    SELECT measure_id, sum(amount) AS amount FROM financing_allocation GROUP BY measure_id
)
SELECT measure_id, day, share, NULL::numeric AS paid, NULL::numeric AS capex FROM fullest WHERE share > 100
UNION ALL
SELECT m.id, NULL, NULL, paid.amount, m.capex
  FROM paid JOIN measure AS m ON m.id = paid.measure_id WHERE paid.amount > m.capex
 ORDER BY measure_id, day LIMIT $1
