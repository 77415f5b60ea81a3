"""A webhook's secrets that were replaced stay good until their own ends, several at once."""

from alembic import op

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLE = """
CREATE TABLE webhook_former_secret (
    endpoint_id bigint NOT NULL,
    position bigint NOT NULL,
    secret bytea NOT NULL,
    good_until timestamp with time zone NOT NULL,
    CONSTRAINT webhook_former_secret_pkey PRIMARY KEY (endpoint_id, position),
    CONSTRAINT webhook_former_secret_endpoint_id_fkey
        FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id),
    CONSTRAINT webhook_former_secret_secret_check CHECK (octet_length(secret) = 32)
)
"""

# What was replaced last, at the position at which it was.
MOVED = """
INSERT INTO webhook_former_secret
SELECT endpoint_id, position, former, former_until FROM webhook_secret WHERE former IS NOT NULL
"""

DROPPED = """
ALTER TABLE webhook_secret DROP CONSTRAINT webhook_secret_secret_check,
    DROP COLUMN former, DROP COLUMN former_until,
    ADD CONSTRAINT webhook_secret_secret_check CHECK (octet_length(secret) = 32)
"""

IS_REPLACED = f"""
CREATE FUNCTION nzc_webhook_former_secret_is_replaced() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM webhook_secret
                    WHERE endpoint_id = NEW.endpoint_id AND position = NEW.position
                      AND secret <> NEW.secret) THEN
        PERFORM nzc_refuse('webhook_secret_is_replaced', format('endpoint %s', NEW.endpoint_id));
    END IF;
    IF NEW.good_until > (SELECT at FROM log_head) + interval '168 hours'
       OR (SELECT count(*) FROM webhook_former_secret WHERE endpoint_id = NEW.endpoint_id) > 5 THEN
        PERFORM nzc_refuse('webhook_secrets_are_bounded', format('endpoint %s', NEW.endpoint_id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    "CREATE TRIGGER webhook_former_secret_kept BEFORE UPDATE OR TRUNCATE ON webhook_former_secret "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE CONSTRAINT TRIGGER webhook_former_secret_position_is_logged AFTER INSERT ON webhook_former_secret "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position')",
    "CREATE CONSTRAINT TRIGGER webhook_former_secret_is_replaced AFTER INSERT ON webhook_former_secret "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_webhook_former_secret_is_replaced()",
)


def upgrade() -> None:
    """Add it, and move what there is."""
    for statement in (
        TABLE,
        MOVED,
        DROPPED,
        "GRANT SELECT, INSERT, DELETE ON webhook_former_secret TO nzc_api",
        IS_REPLACED,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
