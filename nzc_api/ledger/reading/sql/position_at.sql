WITH RECURSIVE search (number, at, lo, hi) AS (
    SELECT asked.number, asked.at, CAST(0 AS bigint), head.position
      FROM unnest(CAST(:times AS timestamptz[])) WITH ORDINALITY AS asked (at, number)
     CROSS JOIN log_head AS head
    UNION ALL
    SELECT search.number, search.at,
           CASE WHEN middle.at <= search.at THEN middle.position ELSE search.lo END,
           CASE WHEN middle.at <= search.at THEN search.hi ELSE middle.position - 1 END
      FROM search
     CROSS JOIN LATERAL (SELECT log_entry.position, log_entry.at FROM log_entry
                          WHERE log_entry.position = (search.lo + search.hi + 1) / 2
                         OFFSET 0) AS middle
     WHERE search.lo < search.hi
)
SELECT lo AS position FROM search WHERE lo = hi ORDER BY number
