"""What was registered wrongly can be put right: accounting periods are withdrawn while nothing rests on them. It only
adds."""

from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

PERIODS = (
    "ALTER TABLE accounting_period ADD COLUMN withdrawn_position bigint",
    "ALTER TABLE accounting_period ADD CONSTRAINT accounting_period_withdrawn_check "
    "CHECK (withdrawn_position > id)",
    "ALTER TABLE accounting_period DROP CONSTRAINT accounting_period_no_overlap_excl",
    """ALTER TABLE accounting_period ADD CONSTRAINT accounting_period_no_overlap_excl
       EXCLUDE USING gist (pilot_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
       WHERE (withdrawn_position IS NULL)""",
    "CREATE INDEX accounting_period_withdrawn_idx ON accounting_period (withdrawn_position) "
    "WHERE withdrawn_position IS NOT NULL",
    "GRANT UPDATE ON accounting_period TO nzc_api",
)

# A period is withdrawn once, and for good; and only while no inventory rests on it, no target begins with it, and no
# credits are retired for it, used or requested.
PERIOD_WITHDRAWN = f"""
CREATE FUNCTION nzc_period_withdrawn() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF TG_OP = 'INSERT' THEN
        IF NEW.withdrawn_position IS NOT NULL THEN
            PERFORM nzc_refuse('period_starts_standing', format('accounting period %s', NEW.id));
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.withdrawn_position IS NOT NULL
       OR to_jsonb(NEW) - 'withdrawn_position' <> to_jsonb(OLD) - 'withdrawn_position' THEN
        PERFORM nzc_refuse('period_is_frozen', format('accounting period %s', OLD.id));
    END IF;
    IF EXISTS (SELECT FROM inventory WHERE period_id = OLD.id AND discarded_position IS NULL)
       OR EXISTS (SELECT FROM target WHERE pilot_id = OLD.pilot_id AND baseline_period_id = OLD.id)
       OR EXISTS (SELECT FROM account AS a JOIN movement AS m ON m.credit_id = a.id
                   WHERE a.pilot_id = OLD.pilot_id AND a.period_id = OLD.id
                     AND NOT EXISTS (SELECT FROM request_end WHERE request_id = m.position)
                     AND NOT EXISTS (SELECT FROM correction WHERE posting_id = m.position)) THEN
        PERFORM nzc_refuse('period_rests_on_nothing', format('accounting period %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

# Nothing comes to rest on a period that was withdrawn.
PERIOD_STANDS = f"""
CREATE FUNCTION nzc_period_stands() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM accounting_period
                WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint AND withdrawn_position IS NOT NULL) THEN
        PERFORM nzc_refuse('period_stands', format('%s %s', TG_TABLE_NAME, NEW.id));
    END IF;
    RETURN NEW;
END $$
"""

# Nor are credits moved into an account of one, which may have been opened before.
MOVED_INTO_PERIOD = f"""
CREATE FUNCTION nzc_moved_into_period() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM accounting_period WHERE withdrawn_position IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT m.position INTO wrong
      FROM added AS m
      JOIN account AS credit ON credit.id = m.credit_id
      JOIN accounting_period AS p ON p.id = credit.period_id AND p.withdrawn_position IS NOT NULL
     LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('credited_period_stands', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

PERIOD_TRIGGERS = (
    "DROP TRIGGER accounting_period_append_only ON accounting_period",
    "CREATE TRIGGER accounting_period_kept BEFORE DELETE OR TRUNCATE ON accounting_period "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER accounting_period_withdrawn BEFORE INSERT OR UPDATE ON accounting_period "
    "FOR EACH ROW EXECUTE FUNCTION nzc_period_withdrawn()",
    "CREATE CONSTRAINT TRIGGER accounting_period_withdrawn_position_is_logged "
    "AFTER UPDATE OF withdrawn_position ON accounting_period DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('withdrawn_position')",
    *(
        f"CREATE TRIGGER {table}_period_stands BEFORE INSERT ON {table} "
        f"FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION nzc_period_stands('{column}')"
        for table, column in (
            ("inventory", "period_id"),
            ("account", "period_id"),
            ("target", "baseline_period_id"),
        )
    ),
    "CREATE TRIGGER movement_period_stands AFTER INSERT ON movement REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_moved_into_period()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (
        *PERIODS,
        PERIOD_WITHDRAWN,
        PERIOD_STANDS,
        MOVED_INTO_PERIOD,
        *PERIOD_TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
