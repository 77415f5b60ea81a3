"""What a reader of an inventory should know has facts of its own; a verifier gives an opinion; a draft may be
amended and discarded."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

STATUS = """
    ALTER TABLE inventory ADD COLUMN status text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN verified_position IS NOT NULL THEN 'VERIFIED'
             WHEN submitted_position IS NOT NULL THEN 'SUBMITTED'
             WHEN discarded_position IS NOT NULL THEN 'DISCARDED' ELSE 'DRAFT' END) STORED
"""

TABLES = (
    """
    CREATE TABLE inventory_warning (
        inventory_id bigint NOT NULL,
        number integer NOT NULL,
        line_id bigint,
        other_line_id bigint,
        code text NOT NULL,
        facts jsonb NOT NULL,
        CONSTRAINT inventory_warning_pkey PRIMARY KEY (inventory_id, number),
        CONSTRAINT inventory_warning_inventory_id_fkey
            FOREIGN KEY(inventory_id) REFERENCES inventory (id),
        CONSTRAINT inventory_warning_line_id_fkey
            FOREIGN KEY(line_id) REFERENCES inventory_line (id) ON DELETE CASCADE,
        CONSTRAINT inventory_warning_other_line_id_fkey
            FOREIGN KEY(other_line_id) REFERENCES inventory_line (id) ON DELETE CASCADE,
        CONSTRAINT inventory_warning_line_id_code_key UNIQUE (line_id, code),
        CONSTRAINT inventory_warning_number_check CHECK (number > 0),
        CONSTRAINT inventory_warning_other_check
            CHECK (other_line_id IS NULL OR (line_id IS NOT NULL AND other_line_id <> line_id))
    )
    """,
    "CREATE INDEX inventory_warning_other_line_id_idx ON inventory_warning (other_line_id)",
    # What was known of each line before: its codes, without facts.
    """
    INSERT INTO inventory_warning (inventory_id, number, line_id, code, facts)
    SELECT l.inventory_id, row_number() OVER (PARTITION BY l.inventory_id ORDER BY l.id, w.place),
           l.id, w.code, '{}'
      FROM inventory_line AS l, unnest(l.warnings) WITH ORDINALITY AS w (code, place)
    """,
    "ALTER TABLE inventory_line DROP COLUMN warnings",
    # An amended line keeps its id: what is logged is the entry that recorded it as it is.
    "ALTER TABLE inventory_line ADD COLUMN position bigint",
    "ALTER TABLE inventory_line DISABLE TRIGGER USER",
    "UPDATE inventory_line SET position = id",
    "ALTER TABLE inventory_line ENABLE TRIGGER USER",
    "ALTER TABLE inventory_line ALTER COLUMN position SET NOT NULL",
    "ALTER TABLE inventory_line ADD CONSTRAINT inventory_line_position_check CHECK (position >= id)",
    "DROP TRIGGER inventory_line_id_is_logged ON inventory_line",
    """
    CREATE TABLE verification_opinion (
        position bigint NOT NULL,
        inventory_id bigint NOT NULL,
        level text NOT NULL,
        findings jsonb NOT NULL,
        acknowledged jsonb NOT NULL,
        report_hash text,
        CONSTRAINT verification_opinion_pkey PRIMARY KEY (position),
        CONSTRAINT verification_opinion_inventory_id_key UNIQUE (inventory_id),
        CONSTRAINT verification_opinion_inventory_id_fkey
            FOREIGN KEY(inventory_id) REFERENCES inventory (id),
        CONSTRAINT verification_opinion_level_check CHECK (level IN ('LIMITED', 'REASONABLE')),
        CONSTRAINT verification_opinion_report_hash_check CHECK (report_hash ~ '^[0-9a-f]{64}$')
    )
    """,
    "ALTER TABLE inventory ADD COLUMN discarded_position bigint",
    "ALTER TABLE inventory ADD CONSTRAINT inventory_discarded_check "
    "CHECK (discarded_position IS NULL OR (discarded_position > id AND submitted_position IS NULL))",
    "DROP INDEX inventory_status_id_idx",
    "ALTER TABLE inventory DROP COLUMN status",
    STATUS,
    "CREATE INDEX inventory_status_id_idx ON inventory (status, id)",
    "DROP INDEX inventory_one_draft_idx",
    "CREATE UNIQUE INDEX inventory_one_draft_idx ON inventory (series_id) "
    "WHERE submitted_position IS NULL AND discarded_position IS NULL",
    "GRANT SELECT, INSERT, DELETE ON inventory_warning TO nzc_api",
    "GRANT SELECT, INSERT ON verification_opinion TO nzc_api",
)

INVENTORY_MADE = f"""
CREATE OR REPLACE FUNCTION nzc_inventory_made() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.submitted_position IS NOT NULL OR NEW.verified_position IS NOT NULL
       OR NEW.discarded_position IS NOT NULL THEN
        PERFORM nzc_refuse('inventory_starts_as_draft', format('inventory %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM accounting_period AS p
                    WHERE p.id = NEW.period_id
                      AND p.starts_on <= NEW.starts_on AND NEW.ends_on <= p.ends_on) THEN
        PERFORM nzc_refuse('inventory_inside_period', format('inventory %s', NEW.id));
    END IF;
    -- It follows the latest version that was not discarded, and that one was submitted; numbers never jump.
    IF NEW.version > 1 AND NOT EXISTS (
        SELECT FROM (SELECT * FROM inventory AS before
                      WHERE before.series_id = NEW.series_id AND before.version < NEW.version
                        AND before.discarded_position IS NULL
                      ORDER BY before.version DESC LIMIT 1) AS i
         WHERE i.submitted_position IS NOT NULL
           AND (i.pilot_id, i.period_id, i.phase, i.basis, i.starts_on, i.ends_on)
               = (NEW.pilot_id, NEW.period_id, NEW.phase, NEW.basis, NEW.starts_on, NEW.ends_on)
           AND EXISTS (SELECT FROM inventory AS last
                        WHERE last.series_id = NEW.series_id AND last.version = NEW.version - 1)) THEN
        PERFORM nzc_refuse('inventory_follows_version', format('inventory %s', NEW.id));
    END IF;
    RETURN NEW;
END $$
"""

INVENTORY_FROZEN = f"""
CREATE OR REPLACE FUNCTION nzc_inventory_frozen() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE
    -- What a draft's own terms are, while it is one; the days of a later version are those of the first.
    terms text[] := '{{submitted_position,verified_position,verifier_id,discarded_position,status}}';
BEGIN
    PERFORM nzc_lock_head();
    IF coalesce(OLD.submitted_position, OLD.discarded_position,
                NEW.submitted_position, NEW.discarded_position) IS NULL THEN
        terms := terms || '{{gwp_set,factor_list,factor_list_version,not_occurring}}'::text[];
        IF OLD.version = 1 THEN
            terms := terms || '{{starts_on,ends_on}}'::text[];
        END IF;
    END IF;
    IF to_jsonb(NEW) - terms <> to_jsonb(OLD) - terms
       OR (OLD.submitted_position IS NOT NULL
           AND NEW.submitted_position IS DISTINCT FROM OLD.submitted_position)
       OR (OLD.verified_position IS NOT NULL
           AND (NEW.verified_position, NEW.verifier_id)
               IS DISTINCT FROM (OLD.verified_position, OLD.verifier_id))
       OR (OLD.discarded_position IS NOT NULL
           AND NEW.discarded_position IS DISTINCT FROM OLD.discarded_position) THEN
        PERFORM nzc_refuse('inventory_is_frozen', format('inventory %s', OLD.id));
    END IF;
    IF NOT EXISTS (SELECT FROM accounting_period AS p
                    WHERE p.id = NEW.period_id
                      AND p.starts_on <= NEW.starts_on AND NEW.ends_on <= p.ends_on) THEN
        PERFORM nzc_refuse('inventory_inside_period', format('inventory %s', NEW.id));
    END IF;
    IF OLD.verified_position IS NULL AND NEW.verified_position IS NOT NULL AND EXISTS (
        SELECT FROM inventory AS later
         WHERE later.series_id = NEW.series_id AND later.version > NEW.version
           AND later.submitted_position IS NOT NULL) THEN
        PERFORM nzc_refuse('inventory_is_latest', format('inventory %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

LINES_FROZEN = f"""
CREATE OR REPLACE FUNCTION nzc_lines_frozen() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE frozen bigint;
BEGIN
    PERFORM nzc_lock_head();
    IF TG_TABLE_NAME = 'line_gas' THEN
        SELECT i.id INTO frozen FROM changed
          JOIN inventory_line AS l ON l.id = changed.line_id
          JOIN inventory AS i ON i.id = l.inventory_id
         WHERE i.submitted_position IS NOT NULL OR i.discarded_position IS NOT NULL LIMIT 1;
    ELSE
        SELECT i.id INTO frozen FROM changed JOIN inventory AS i ON i.id = changed.inventory_id
         WHERE i.submitted_position IS NOT NULL OR i.discarded_position IS NOT NULL LIMIT 1;
    END IF;
    IF FOUND THEN
        PERFORM nzc_refuse('inventory_lines_are_frozen', format('inventory %s', frozen));
    END IF;
    RETURN NULL;
END $$
"""

# A line's id is the position at which it was recorded first; as it is, it was recorded then, or by an
# amendment of it or of its inventory.
LINE_WAS_RECORDED = f"""
CREATE FUNCTION nzc_line_was_recorded() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM log_entry AS e
                    WHERE e.position = NEW.id
                      AND e.kind = CASE NEW.role WHEN 'SINK' THEN 'SINK_RECORDED'
                                   ELSE 'EMISSION_SOURCE_RECORDED' END
                      AND e.body @> jsonb_build_object('inventory', NEW.inventory_id))
       OR (NEW.position <> NEW.id AND NOT EXISTS (
            SELECT FROM log_entry AS e
             WHERE e.position = NEW.position AND e.subject_id = NEW.inventory_id
               AND (e.kind = 'INVENTORY_AMENDED'
                    OR (e.kind = 'INVENTORY_LINE_AMENDED'
                        AND e.body @> jsonb_build_object('line', NEW.id))))) THEN
        PERFORM nzc_refuse('line_was_recorded', format('line %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# A draft's days may change; a discarded inventory accounts for none.
CHECK_CLOSURE = f"""
CREATE OR REPLACE FUNCTION nzc_check_closure(closed bigint, last_day date) RETURNS void
LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF EXISTS (SELECT FROM inventory WHERE pilot_id = closed AND ends_on > last_day
                                       AND discarded_position IS NULL) THEN
        PERFORM nzc_refuse('inventory_before_closure', format('pilot %s', closed));
    END IF;
    IF EXISTS (SELECT FROM account AS a
                 JOIN accounting_period AS p ON p.id = a.period_id AND p.starts_on > last_day
                CROSS JOIN LATERAL (
                      SELECT DISTINCT ON (batch_id) tonnes FROM balance WHERE account_id = a.id
                       ORDER BY batch_id, position DESC) AS latest
                WHERE a.pilot_id = closed AND latest.tonnes > 0) THEN
        PERFORM nzc_refuse('retired_before_closure', format('pilot %s', closed));
    END IF;
END $$
"""

# A warning is of a line of its own inventory.
WARNING_OF_ITS_INVENTORY = f"""
CREATE FUNCTION nzc_warning_of_its_inventory() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    SELECT changed.inventory_id INTO wrong FROM changed
      JOIN inventory_line AS l ON l.id IN (changed.line_id, changed.other_line_id)
     WHERE l.inventory_id <> changed.inventory_id LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('warning_of_its_inventory', format('inventory %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

# An opinion is given as the inventory is verified.
OPINION_WHEN_VERIFIED = f"""
CREATE FUNCTION nzc_opinion_when_verified() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM inventory AS i
                    WHERE i.id = NEW.inventory_id AND i.verified_position = NEW.position) THEN
        PERFORM nzc_refuse('opinion_when_verified', format('inventory %s', NEW.inventory_id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    "CREATE CONSTRAINT TRIGGER inventory_line_position_is_logged AFTER INSERT ON inventory_line "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position')",
    "CREATE CONSTRAINT TRIGGER inventory_line_was_recorded AFTER INSERT ON inventory_line "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_line_was_recorded()",
    "CREATE TRIGGER inventory_warning_recorded AFTER INSERT ON inventory_warning "
    "REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen()",
    "CREATE TRIGGER inventory_warning_of_its_inventory AFTER INSERT ON inventory_warning "
    "REFERENCING NEW TABLE AS changed "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_warning_of_its_inventory()",
    "CREATE TRIGGER inventory_warning_removed AFTER DELETE ON inventory_warning "
    "REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen()",
    "CREATE TRIGGER inventory_warning_kept BEFORE UPDATE OR TRUNCATE ON inventory_warning "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER verification_opinion_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
    "ON verification_opinion FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE CONSTRAINT TRIGGER verification_opinion_position_is_logged "
    "AFTER INSERT ON verification_opinion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "EXECUTE FUNCTION nzc_change_is_logged('position')",
    "CREATE CONSTRAINT TRIGGER verification_opinion_when_verified "
    "AFTER INSERT ON verification_opinion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "EXECUTE FUNCTION nzc_opinion_when_verified()",
    "CREATE TRIGGER inventory_days_before_closure BEFORE UPDATE OF ends_on ON inventory "
    "FOR EACH ROW EXECUTE FUNCTION nzc_inventory_before_closure()",
    "CREATE CONSTRAINT TRIGGER inventory_discarded_position_is_logged "
    "AFTER UPDATE OF discarded_position ON inventory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "EXECUTE FUNCTION nzc_change_is_logged('discarded_position')",
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES, INVENTORY_MADE, INVENTORY_FROZEN, LINES_FROZEN, LINE_WAS_RECORDED,
        CHECK_CLOSURE, WARNING_OF_ITS_INVENTORY, OPINION_WHEN_VERIFIED, *TRIGGERS,
    ):  # fmt: skip
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
