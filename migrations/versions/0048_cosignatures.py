"""What witnesses signed of the log's checkpoints. It only adds."""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE log_cosignature (
        size bigint NOT NULL,
        number smallint NOT NULL,
        name text NOT NULL,
        key bytea NOT NULL,
        time bigint NOT NULL,
        signature bytea NOT NULL,
        CONSTRAINT log_cosignature_pkey PRIMARY KEY (size, number),
        CONSTRAINT log_cosignature_size_name_key_key UNIQUE (size, name, key),
        CONSTRAINT log_cosignature_size_fkey FOREIGN KEY (size) REFERENCES log_checkpoint (size),
        CONSTRAINT log_cosignature_number_check CHECK (number BETWEEN 1 AND 15),
        CONSTRAINT log_cosignature_name_check CHECK (name ~ '^[^[:space:]+]+$'),
        CONSTRAINT log_cosignature_key_check CHECK (octet_length(key) = 32),
        CONSTRAINT log_cosignature_time_check CHECK (time BETWEEN 1 AND 253402300799),
        CONSTRAINT log_cosignature_signature_check CHECK (octet_length(signature) = 64)
    )
    """,
    "GRANT SELECT, INSERT ON log_cosignature TO nzc_api",
    "CREATE TRIGGER log_cosignature_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_cosignature "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
)


def upgrade() -> None:
    """Add it."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
