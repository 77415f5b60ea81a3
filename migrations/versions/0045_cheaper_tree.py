"""The guards of the log's tree look at leaves and salts as ranges, and hash the children of a node in one expression:
what a thousand new leaves take of them falls to a third."""

from alembic import op

revision = "0045"
down_revision = "0039"
branch_labels = None
depends_on = None

HASH_OF_16 = """
CREATE FUNCTION nzc_hash_of_16(h bytea[]) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN {hash}
"""


def _hash(first: int, number: int) -> str:
    """SQL for the hash over so many of the children ``h``."""
    if number == 1:
        return f"h[{first}]"
    half = number // 2
    return f"sha256('\\x01'::bytea || {_hash(first, half)} || {_hash(first + half, half)})"


NODE_FOLLOWS = r"""
CREATE OR REPLACE FUNCTION nzc_node_follows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
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
END $$
"""

SALT_COMES_WITH = r"""
CREATE OR REPLACE FUNCTION nzc_salt_comes_with() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE first bigint; last bigint; many bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, many FROM added;
    -- Without a gap, as leaves are, each has its own where these are as many.
    IF last - first + 1 <> many
       OR many <> (SELECT count(*) FROM log_node WHERE height = 0 AND index BETWEEN first - 1 AND last - 1) THEN
        PERFORM nzc_refuse('salt_comes_with_its_leaf', format('positions %s to %s', first, last));
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """State them whole."""
    for statement in (HASH_OF_16.format(hash=_hash(1, 16)), NODE_FOLLOWS, SALT_COMES_WITH):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
