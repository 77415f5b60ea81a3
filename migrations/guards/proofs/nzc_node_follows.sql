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
DECLARE wrong text; leaf bigint; latest bigint;
BEGIN
    SELECT min(format('height %s', height)) INTO wrong
      FROM (SELECT height, min(index) AS first, max(index) AS last, count(*) AS number FROM added GROUP BY height) AS run
     WHERE last - first + 1 <> number
        OR first <> coalesce((SELECT max(n.index) + 1 FROM log_node AS n
                               WHERE n.height = run.height AND n.index < run.first), 0);
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('tree_is_dense', wrong);
    END IF;
    -- Dense as they are, leaves have their salts where these are as many.
    SELECT min(index), max(index) INTO leaf, latest FROM added WHERE height = 0;
    IF latest >= (SELECT position FROM log_head)
       OR latest - leaf + 1 <> (SELECT count(*) FROM log_salt WHERE position BETWEEN leaf + 1 AND latest + 1) THEN
        PERFORM nzc_refuse('leaf_is_of_an_entry', format('leaves %s to %s', leaf, latest));
    END IF;
    SELECT min(format('height %s, index %s', height, index)) INTO wrong FROM added AS a
     WHERE index % 16 = 15
       AND NOT EXISTS (SELECT FROM log_node AS n WHERE n.height = a.height + 4 AND n.index = a.index / 16);
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('node_has_its_parent', wrong);
    END IF;
    SELECT min(format('height %s, index %s', a.height, a.index)) INTO wrong
      FROM added AS a
     CROSS JOIN LATERAL (
            SELECT array_agg(n.hash ORDER BY n.index) AS hashes FROM log_node AS n
             WHERE n.height = a.height - 4 AND n.index BETWEEN a.index << 4 AND (a.index << 4) + 15) AS children
     WHERE a.height > 0
       AND (cardinality(hashes) IS DISTINCT FROM 16 OR a.hash IS DISTINCT FROM nzc_hash_of_16(hashes));
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('node_is_of_its_children', wrong);
    END IF;
    RETURN NULL;
END $function$;
