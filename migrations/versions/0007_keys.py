"""Keys that expire, and when each was last used. Two tables beside what there was: a release that does not
know them goes on as before."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE api_key_expiry (
        api_key_id bigint NOT NULL,
        position bigint NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT api_key_expiry_pkey PRIMARY KEY (api_key_id, position),
        CONSTRAINT api_key_expiry_position_key UNIQUE (position),
        CONSTRAINT api_key_expiry_later_check CHECK (position >= api_key_id),
        CONSTRAINT api_key_expiry_api_key_id_fkey FOREIGN KEY(api_key_id) REFERENCES api_key (id)
    )
    """,
    "GRANT SELECT, INSERT ON api_key_expiry TO nzc_api",
    """
    CREATE TRIGGER api_key_expiry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON api_key_expiry
    FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()
    """,
    """
    CREATE CONSTRAINT TRIGGER api_key_expiry_position_is_logged AFTER INSERT ON api_key_expiry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position')
    """,
    """
    CREATE TABLE api_key_use (
        api_key_id bigint NOT NULL,
        last_used_at timestamptz NOT NULL,
        CONSTRAINT api_key_use_pkey PRIMARY KEY (api_key_id),
        CONSTRAINT api_key_use_api_key_id_fkey FOREIGN KEY(api_key_id) REFERENCES api_key (id)
    )
    """,
    "GRANT SELECT, INSERT, UPDATE ON api_key_use TO nzc_api",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
