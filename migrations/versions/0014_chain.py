"""The log is a chain: each entry's digest is of the one before and of what it says, and the head has the last.
A log that was adopted says which ids it had."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

GENESIS = "decode(repeat('00', 32), 'hex')"

# What is hashed is what `nzc_api/log/chain.py` says. As an expression, so that whoever asks of many entries has
# it in the middle of the statement.
DIGEST = """
CREATE FUNCTION nzc_digest(prior bytea, "position" bigint, at timestamptz, kind text, subject_id bigint,
                           organisation_id bigint, api_key_id bigint, body jsonb)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(prior || convert_to(
    "position"::text || ' ' || extract(epoch FROM at - timestamptz '1970-01-01 00:00:00+00')::text || ' '
    || kind || ' ' || subject_id::text || ' ' || coalesce(organisation_id::text, '-') || ' '
    || coalesce(api_key_id::text, '-') || ' ' || body::text, 'UTF8'))
"""

# One entry after the other: each needs the one before. A million take a minute.
CHAIN = f"""
DO $$
DECLARE e log_entry; prior bytea := {GENESIS};
BEGIN
    FOR e IN SELECT * FROM log_entry ORDER BY position LOOP
        prior := nzc_digest(prior, e.position, e.at, e.kind, e.subject_id, e.organisation_id, e.api_key_id, e.body);
        UPDATE log_entry SET digest = prior WHERE position = e.position;
    END LOOP;
    UPDATE log_head SET digest = prior;
END $$
"""

COLUMNS = (
    "ALTER TABLE log_entry ADD COLUMN digest bytea",
    "ALTER TABLE log_head ADD COLUMN digest bytea",
    "ALTER TABLE log_entry DISABLE TRIGGER USER",
    "ALTER TABLE log_head DISABLE TRIGGER USER",
    CHAIN,
    "ALTER TABLE log_entry ENABLE TRIGGER USER",
    "ALTER TABLE log_head ENABLE TRIGGER USER",
    "ALTER TABLE log_entry ALTER COLUMN digest SET NOT NULL",
    "ALTER TABLE log_head ALTER COLUMN digest SET NOT NULL",
    "ALTER TABLE log_entry ADD CONSTRAINT log_entry_digest_check CHECK (octet_length(digest) = 32)",
    "ALTER TABLE log_head ADD CONSTRAINT log_head_digest_check CHECK (octet_length(digest) = 32)",
    "ALTER TABLE log_head ADD COLUMN former_ids bigint[] DEFAULT '{}' NOT NULL",
)

LOG_IS_DENSE = f"""
CREATE OR REPLACE FUNCTION nzc_log_is_dense() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE sparse bigint; unchained bigint; latest bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) FILTER (WHERE position <> coalesce(prior_position, 0) + 1 OR at < prior_at
                                    OR at > greatest(clock_timestamp(), prior_at)),
           min(position) FILTER (WHERE digest <> nzc_digest(
               coalesce(prior, {GENESIS}), position, at, kind, subject_id, organisation_id, api_key_id, body)),
           max(position)
      INTO sparse, unchained, latest
      FROM (SELECT *, lag(position) OVER log AS prior_position, lag(at) OVER log AS prior_at,
                   lag(digest) OVER log AS prior
              FROM (SELECT *, true AS fresh FROM added
                    UNION ALL
                    (SELECT *, false FROM log_entry
                      WHERE position < (SELECT min(position) FROM added)
                      ORDER BY position DESC LIMIT 1)) AS entry
            WINDOW log AS (ORDER BY position)) AS neighbour
     WHERE fresh;
    IF sparse IS NOT NULL THEN
        PERFORM nzc_refuse('log_is_dense', format('position %s', sparse));
    END IF;
    IF latest <> (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('head_follows_log', format('position %s', latest));
    END IF;
    IF unchained IS NOT NULL THEN
        PERFORM nzc_refuse('log_is_chained', format('position %s', unchained));
    END IF;
    RETURN NULL;
END $$
"""

HEAD_FOLLOWS = f"""
CREATE OR REPLACE FUNCTION nzc_head_follows() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.former_ids <> OLD.former_ids OR NEW.at < OLD.at
       OR NEW.at > greatest(clock_timestamp(), OLD.at)
       OR NEW.position <> coalesce((SELECT max(position) FROM log_entry), 0)
       OR NEW.digest <> coalesce(
              (SELECT digest FROM log_entry ORDER BY position DESC LIMIT 1), {GENESIS}) THEN
        PERFORM nzc_refuse('head_follows_log', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Chain what was logged, and guard it from now on."""
    for statement in (DIGEST, *COLUMNS, LOG_IS_DENSE, HEAD_FOLLOWS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
