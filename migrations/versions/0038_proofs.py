"""The log's Merkle tree: its nodes, the salts of its leaves, and what was committed to. It only adds; the entries that
there are get their leaves from whoever serves."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE log_salt (
        position bigint NOT NULL,
        salt bytea NOT NULL,
        CONSTRAINT log_salt_pkey PRIMARY KEY (position),
        CONSTRAINT log_salt_salt_check CHECK (octet_length(salt) = 16)
    )
    """,
    """
    CREATE TABLE log_node (
        height smallint NOT NULL,
        index bigint NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT log_node_pkey PRIMARY KEY (height, index),
        CONSTRAINT log_node_height_check CHECK (height BETWEEN 0 AND 60 AND height % 4 = 0),
        CONSTRAINT log_node_index_check CHECK (index >= 0),
        CONSTRAINT log_node_hash_check CHECK (octet_length(hash) = 32)
    )
    """,
    """
    CREATE TABLE log_checkpoint (
        size bigint NOT NULL,
        root bytea NOT NULL,
        at timestamp with time zone NOT NULL,
        note text NOT NULL,
        CONSTRAINT log_checkpoint_pkey PRIMARY KEY (size),
        CONSTRAINT log_checkpoint_root_check CHECK (octet_length(root) = 32)
    )
    """,
    "GRANT SELECT, INSERT ON log_salt, log_node, log_checkpoint TO nzc_api",
)

# The hash over the first leaves, from the stored nodes; null where some are not there.
TREE_ROOT = rf"""
CREATE FUNCTION nzc_tree_root(size bigint) RETURNS bytea LANGUAGE plpgsql STABLE {SEARCH_PATH} AS $$
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
END $$
"""

# Nodes of a height follow one another; a leaf is of an entry, and has its salt; a node above is the hash of its sixteen
# children, and is there when they all are.
NODE_FOLLOWS = rf"""
CREATE FUNCTION nzc_node_follows() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
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
END $$
"""

# A salt comes with its leaf.
SALT_COMES_WITH = f"""
CREATE FUNCTION nzc_salt_comes_with() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE alone bigint;
BEGIN
    SELECT min(position) INTO alone FROM added AS a
     WHERE NOT EXISTS (SELECT FROM log_node AS n WHERE n.height = 0 AND n.index = a.position - 1);
    IF alone IS NOT NULL THEN
        PERFORM nzc_refuse('salt_comes_with_its_leaf', format('position %s', alone));
    END IF;
    RETURN NULL;
END $$
"""

# What is committed to is the tree as it stands, which begins with what was committed to last; the note says the same.
CHECKPOINT_FOLLOWS = rf"""
CREATE FUNCTION nzc_checkpoint_follows() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE latest log_checkpoint;
BEGIN
    SELECT * INTO latest FROM log_checkpoint WHERE size <> NEW.size ORDER BY size DESC LIMIT 1;
    IF latest.size > NEW.size OR latest.at > NEW.at OR latest.root <> nzc_tree_root(latest.size) THEN
        PERFORM nzc_refuse('checkpoint_follows', format('size %s', NEW.size));
    END IF;
    IF NEW.root IS DISTINCT FROM nzc_tree_root(NEW.size)
       OR EXISTS (SELECT FROM log_node WHERE height = 0 AND index >= NEW.size) THEN
        PERFORM nzc_refuse('checkpoint_is_of_the_tree', format('size %s', NEW.size));
    END IF;
    IF NEW.note NOT LIKE format(E'_%%\n%s\n%s\n%%', NEW.size, encode(NEW.root, 'base64')) THEN
        PERFORM nzc_refuse('checkpoint_says_what_it_is', format('size %s', NEW.size));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in ("log_salt", "log_node", "log_checkpoint")
    ),
    "CREATE TRIGGER log_node_follows AFTER INSERT ON log_node REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_node_follows()",
    "CREATE TRIGGER log_salt_comes_with AFTER INSERT ON log_salt REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_salt_comes_with()",
    "CREATE TRIGGER log_checkpoint_follows AFTER INSERT ON log_checkpoint FOR EACH ROW "
    "EXECUTE FUNCTION nzc_checkpoint_follows()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (
        *TABLES,
        TREE_ROOT,
        NODE_FOLLOWS,
        SALT_COMES_WITH,
        CHECKPOINT_FOLLOWS,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
