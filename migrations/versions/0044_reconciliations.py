"""Registries' lists that were compared with the ledger, each with its report. It only adds."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE reconciliation (
        id bigint NOT NULL,
        programme text NOT NULL,
        position bigint NOT NULL,
        list_sha256 text NOT NULL,
        list_size integer NOT NULL,
        report_sha256 text NOT NULL,
        report bytea NOT NULL,
        outcomes jsonb NOT NULL,
        CONSTRAINT reconciliation_pkey PRIMARY KEY (id),
        CONSTRAINT reconciliation_position_check CHECK (position < id AND position >= 0),
        CONSTRAINT reconciliation_list_check CHECK (list_sha256 ~ '^[0-9a-f]{64}$'),
        CONSTRAINT reconciliation_size_check CHECK (list_size BETWEEN 1 AND 8388608),
        CONSTRAINT reconciliation_report_check CHECK (
            report_sha256 = encode(sha256(report), 'hex') AND octet_length(report) <= 8388608)
    )
    """,
    # It is written while the head is held: compressing would take longer than writing.
    "ALTER TABLE reconciliation ALTER COLUMN report SET STORAGE EXTERNAL",
    "CREATE INDEX reconciliation_programme_id_idx ON reconciliation (programme, id)",
    "GRANT SELECT, INSERT ON reconciliation TO nzc_api",
)

IS_WHOLE = f"""
CREATE FUNCTION nzc_reconciliation_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'REGISTRY_LIST_RECONCILED'
                      AND body = jsonb_build_object(
                          'programme', NEW.programme, 'position', NEW.position, 'list', NEW.list_sha256,
                          'size', NEW.list_size, 'report', NEW.report_sha256, 'outcomes', NEW.outcomes)) THEN
        PERFORM nzc_refuse('reconciliation_is_as_logged', format('reconciliation %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    "CREATE TRIGGER reconciliation_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reconciliation "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE CONSTRAINT TRIGGER reconciliation_id_is_logged AFTER INSERT ON reconciliation "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id')",
    "CREATE CONSTRAINT TRIGGER reconciliation_is_whole AFTER INSERT ON reconciliation "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_reconciliation_is_whole()",
)


def upgrade() -> None:
    """Add them."""
    for statement in (*TABLES, IS_WHOLE, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
