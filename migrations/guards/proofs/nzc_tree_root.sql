-- The root of the Merkle tree (RFC 6962) over the first entries, from the nodes that are stored; null where
-- some of these are not there.
--
-- Called by nzc_checkpoint_follows.

CREATE OR REPLACE FUNCTION public.nzc_tree_root(size bigint)
 RETURNS bytea
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE root bytea; hashes bytea[]; stored int; beginning bigint; up int := 0;
BEGIN
    WHILE size >> up > 0 LOOP
        IF (size >> up) & 1 = 1 THEN
            stored := up - up % 4;
            beginning := (size >> (up + 1)) << (up + 1 - stored);
            SELECT array_agg(n.hash ORDER BY n.index) INTO hashes FROM log_node AS n
             WHERE n.height = stored AND n.index >= beginning AND n.index < beginning + (1 << (up - stored));
            IF cardinality(hashes) IS DISTINCT FROM 1 << (up - stored) THEN
                RETURN NULL;
            END IF;
            WHILE cardinality(hashes) > 1 LOOP
                SELECT array_agg(sha256('\x01' || hashes[2 * i - 1] || hashes[2 * i]) ORDER BY i) INTO hashes
                  FROM generate_series(1, cardinality(hashes) / 2) AS i;
            END LOOP;
            root := CASE WHEN root IS NULL THEN hashes[1] ELSE sha256('\x01' || hashes[1] || root) END;
        END IF;
        up := up + 1;
    END LOOP;
    RETURN root;
END $function$;
