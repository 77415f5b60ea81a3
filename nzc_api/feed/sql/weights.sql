-- How many movements an entry has, or lines the inventory that it hands in: what its facts take.
SELECT position,
       CASE WHEN kind IN ('INVENTORY_SUBMITTED', 'INVENTORY_VERIFIED')
            THEN (SELECT count(*) FROM inventory_line AS l WHERE l.inventory_id = subject_id)
            ELSE (SELECT count(*) FROM movement AS m WHERE m.position = e.position) END AS weight
  FROM log_entry AS e
 WHERE position = ANY(CAST(CAST(:positions AS text) AS bigint[]))
