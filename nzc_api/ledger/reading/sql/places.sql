RECURSIVE k AS (
    SELECT * FROM unnest(CAST(:batches AS bigint[]), CAST(:serials AS bigint[]),
                         CAST(:as_ofs AS bigint[])) AS k (batch_id, serial, as_of)
), sized (batch_id, serial, as_of, size) AS (
    SELECT k.*, first.size
      FROM k
     CROSS JOIN LATERAL (SELECT {size} AS size FROM movement WHERE batch_id = k.batch_id
                          ORDER BY {size} LIMIT 1) AS first
    UNION ALL
    SELECT sized.batch_id, sized.serial, sized.as_of, next.size
      FROM sized
     CROSS JOIN LATERAL (SELECT {size} AS size FROM movement
                          WHERE batch_id = sized.batch_id AND {size} > sized.size
                          ORDER BY {size} LIMIT 1) AS next
), place (batch_id, serial, as_of, size, lo) AS (
    SELECT sized.*, last.lo
      FROM sized
     CROSS JOIN LATERAL (SELECT lo FROM movement
                          WHERE batch_id = sized.batch_id AND {size} = sized.size
                            AND lo <= sized.serial
                            AND lo > sized.serial - ({longest} >> (sized.size - 2))
                          ORDER BY lo DESC LIMIT 1) AS last
    UNION ALL
    SELECT place.batch_id, place.serial, place.as_of, place.size, before.lo
      FROM place
     CROSS JOIN LATERAL (SELECT lo FROM movement
                          WHERE batch_id = place.batch_id AND {size} = place.size
                            AND lo < place.lo
                            AND lo > place.serial - ({longest} >> (place.size - 2))
                          ORDER BY lo DESC LIMIT 1) AS before
)
