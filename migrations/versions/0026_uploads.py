"""Whose bytes of documents lie in the object store; and the stage of its life cycle that a line states. It only adds."""

from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE upload (
        organisation_id bigint NOT NULL,
        sha256 text NOT NULL,
        size bigint NOT NULL,
        received_at timestamptz NOT NULL,
        CONSTRAINT upload_pkey PRIMARY KEY (organisation_id, sha256),
        CONSTRAINT upload_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisation (id),
        CONSTRAINT upload_size_check CHECK (size BETWEEN 1 AND 50000000),
        CONSTRAINT upload_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$')
    )
    """,
    "CREATE INDEX upload_sha256_idx ON upload (sha256)",
    "CREATE INDEX document_sha256_idx ON document (sha256)",
    "GRANT SELECT, INSERT, DELETE ON upload TO nzc_api",
    """
    ALTER TABLE inventory_line ADD CONSTRAINT inventory_line_life_cycle_stage_check CHECK (
        (factor ->> 'life_cycle_stage') IN ('RAW_MATERIAL', 'CONSTRUCTION', 'OPERATION', 'WASTE'))
    """,
)

# What is attached is kept: while the head is locked, nothing can be attached to it meanwhile.
UPLOAD_STAYS = f"""
CREATE FUNCTION nzc_upload_stays() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM document AS d JOIN log_entry AS e ON e.position = d.id
                WHERE d.sha256 = OLD.sha256 AND e.organisation_id = OLD.organisation_id) THEN
        PERFORM nzc_refuse('attached_bytes_stay', format('upload of organisation %s', OLD.organisation_id));
    END IF;
    RETURN OLD;
END $$
"""

TRIGGERS = (
    "CREATE TRIGGER upload_append_only BEFORE UPDATE OR TRUNCATE ON upload "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER upload_stays BEFORE DELETE ON upload FOR EACH ROW EXECUTE FUNCTION nzc_upload_stays()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*TABLES, UPLOAD_STAYS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: what was uploaded would be forgotten."""
    raise NotImplementedError
