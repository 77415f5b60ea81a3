-- The log's tree only grows, and is what RFC 6962 says: nodes of a height follow one another, a leaf is of
-- an entry and has its salt, and a node above is the hash of its sixteen children, and there once they
-- are. (Whether a leaf is the hash of its entry, `nzc audit` recomputes.)
--
-- Fires AFTER INSERT ON log_node REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: tree_is_dense, leaf_is_of_an_entry, node_has_its_parent, node_is_of_its_children.

CREATE OR REPLACE FUNCTION public.nzc_node_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong text;
BEGIN
    SELECT min(format('height %s', height)) INTO wrong
      FROM (SELECT height, min(index) AS first, max(index) AS last, count(*) AS number FROM added GROUP BY height) AS run
     WHERE last - first + 1 <> number
        OR first <> coalesce((SELECT max(n.index) + 1 FROM log_node AS n
                               WHERE n.height = run.height AND n.index < run.first), 0);
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('tree_is_dense', wrong);
    END IF;
    SELECT min(format('leaf %s', index)) INTO wrong FROM added AS a
     WHERE height = 0 AND (index >= (SELECT position FROM log_head)
                           OR NOT EXISTS (SELECT FROM log_salt AS s WHERE s.position = a.index + 1));
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('leaf_is_of_an_entry', wrong);
    END IF;
    SELECT min(format('height %s, index %s', height, index)) INTO wrong FROM added AS a
     WHERE index % 16 = 15
       AND NOT EXISTS (SELECT FROM log_node AS n WHERE n.height = a.height + 4 AND n.index = a.index / 16);
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('node_has_its_parent', wrong);
    END IF;
    WITH of_16 AS (
        SELECT a.height, n.index, n.hash FROM added AS a
          JOIN log_node AS n ON n.height = a.height - 4 AND n.index >> 4 = a.index
                            AND n.index BETWEEN a.index << 4 AND (a.index << 4) + 15
    ), of_8 AS (
        SELECT height, index >> 1 AS index, sha256('\x01' || string_agg(hash, '' ORDER BY index)) AS hash
          FROM of_16 GROUP BY height, index >> 1
    ), of_4 AS (
        SELECT height, index >> 1 AS index, sha256('\x01' || string_agg(hash, '' ORDER BY index)) AS hash
          FROM of_8 GROUP BY height, index >> 1
    ), of_2 AS (
        SELECT height, index >> 1 AS index, sha256('\x01' || string_agg(hash, '' ORDER BY index)) AS hash
          FROM of_4 GROUP BY height, index >> 1
    ), of_1 AS (
        SELECT height, index >> 1 AS index, sha256('\x01' || string_agg(hash, '' ORDER BY index)) AS hash
          FROM of_2 GROUP BY height, index >> 1
    )
    SELECT min(format('height %s, index %s', a.height, a.index)) INTO wrong
      FROM added AS a LEFT JOIN of_1 AS o USING (height, index)
     WHERE a.height > 0 AND a.hash IS DISTINCT FROM o.hash;
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('node_is_of_its_children', wrong);
    END IF;
    RETURN NULL;
END $function$;
