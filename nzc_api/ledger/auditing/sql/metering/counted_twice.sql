-- Of what was handed in and counts: no two lines of a pilot and basis have a meter and one that it is, or is inside of,
-- on one day.
WITH RECURSIVE counted AS (
    SELECT l.line_id, l.meter_id, i.id AS inventory_id, i.series_id, i.pilot_id, i.basis,
           daterange(l.starts_on, l.ends_on, '[]') AS days
      FROM line_meter AS l JOIN inventory AS i ON i.id = l.inventory_id
     WHERE i.submitted_position IS NOT NULL
       AND NOT EXISTS (SELECT FROM inventory AS later
                        WHERE later.series_id = i.series_id AND later.version > i.version
                          AND later.verified_position IS NOT NULL)
), placed AS (
    SELECT DISTINCT ON (meter_id) meter_id, parent_id FROM meter_placement ORDER BY meter_id, position DESC
), around (line_id, meter_id) AS (
    SELECT line_id, meter_id FROM counted
    UNION
    SELECT around.line_id, placed.parent_id
      FROM around JOIN placed USING (meter_id) WHERE placed.parent_id IS NOT NULL
)
SELECT part.line_id, whole.line_id AS other_id
  FROM around
  JOIN counted AS part ON part.line_id = around.line_id
  JOIN counted AS whole ON whole.meter_id = around.meter_id AND whole.line_id <> part.line_id
   AND (whole.pilot_id, whole.basis) = (part.pilot_id, part.basis) AND whole.days && part.days
   AND (whole.inventory_id = part.inventory_id OR whole.series_id <> part.series_id)
 ORDER BY part.line_id, whole.line_id LIMIT $1
