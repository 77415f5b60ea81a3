-- How many movements an entry has, lines the inventory that it hands in, or readings are looked at to know whose they are;
-- or how much else it says, in rows' worth: what its facts take.
SELECT position,
       CASE WHEN kind IN ('INVENTORY_SUBMITTED', 'INVENTORY_VERIFIED')
            THEN (SELECT count(*) FROM inventory_line AS l WHERE l.inventory_id = subject_id)
            WHEN kind IN ('READINGS_RECORDED', 'READING_CORRECTED', 'GAP_FILLED')
            THEN CAST(body ->> 'size' AS bigint)
            WHEN kind IN ('PLAN_DRAFTED', 'PLAN_REVISED', 'EVALUATION_OPENED', 'FINANCING_RECORDED', 'MEASURE_PLANNED')
            THEN length(CAST(body AS text)) / 200
            ELSE (SELECT count(*) FROM movement AS m WHERE m.position = e.position) END AS weight
  FROM log_entry AS e
 WHERE position = ANY(CAST(CAST(:numbers AS text) AS bigint[]))
