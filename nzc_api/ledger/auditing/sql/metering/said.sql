WITH said (position, kind, meter_id) AS (
    SELECT id, 'METER_REGISTERED', id FROM meter WHERE id BETWEEN $2::bigint AND $3::bigint
    UNION ALL
    SELECT ended_position, 'METER_ENDED', id FROM meter WHERE ended_position BETWEEN $2 AND $3
    UNION ALL
    SELECT position, 'METER_PLACED', meter_id FROM meter_placement WHERE position BETWEEN $2 AND $3
    UNION ALL
    SELECT position, 'GATEWAY_ASSIGNED', meter_id FROM meter_gateway WHERE position BETWEEN $2 AND $3
    UNION ALL
    SELECT position, 'METER_REPLACED', meter_id FROM meter_device
     WHERE position BETWEEN $2 AND $3 AND number > 1
), logged AS (
    SELECT position, kind, subject_id AS meter_id FROM log_entry
     WHERE position BETWEEN $2 AND $3
       AND kind IN ('METER_REGISTERED', 'METER_ENDED', 'METER_PLACED', 'METER_REPLACED', 'GATEWAY_ASSIGNED')
)
SELECT position, said.kind AS row_says, logged.kind AS log_says,
       coalesce(said.meter_id, logged.meter_id) AS meter_id
  FROM said FULL JOIN logged USING (position)
 WHERE (said.kind, said.meter_id) IS DISTINCT FROM (logged.kind, logged.meter_id)
 ORDER BY position LIMIT $1
