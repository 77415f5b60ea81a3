"""Who sees what of a pilot, and its facts can be amended. It only adds: pilots that there are read as before,
with their lines, and those of a release that does not know the settings get the usual ones."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    "ALTER TABLE pilot ADD COLUMN statement_visibility text NOT NULL DEFAULT 'PUBLIC'",
    "ALTER TABLE pilot ADD COLUMN line_visibility text NOT NULL DEFAULT 'PUBLIC'",
    "ALTER TABLE pilot ALTER COLUMN line_visibility SET DEFAULT 'ROLES'",
    "ALTER TABLE pilot ADD COLUMN closed_on date",
    "ALTER TABLE pilot ADD CONSTRAINT pilot_visibility_check "
    "CHECK (statement_visibility IN ('PUBLIC', 'ROLES') AND line_visibility IN ('PUBLIC', 'ROLES'))",
    "ALTER TABLE pilot ADD CONSTRAINT pilot_closed_check CHECK (operation_starts_on <= closed_on)",
    "CREATE INDEX pilot_closed_idx ON pilot (id) WHERE closed_on IS NOT NULL",
    """
    CREATE TABLE pilot_amendment (
        position bigint NOT NULL,
        pilot_id bigint NOT NULL,
        before jsonb NOT NULL,
        after jsonb NOT NULL,
        CONSTRAINT pilot_amendment_pkey PRIMARY KEY (position),
        CONSTRAINT pilot_amendment_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id)
    )
    """,
    "CREATE INDEX pilot_amendment_pilot_id_position_idx ON pilot_amendment (pilot_id, position)",
    "GRANT UPDATE ON pilot TO nzc_api",
    "GRANT SELECT, INSERT ON pilot_amendment TO nzc_api",
)

# What can be amended of a pilot.
FACTS = f"""
CREATE FUNCTION nzc_pilot_facts(of_pilot public.pilot) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object(
        'name_zh', of_pilot.name_zh, 'name_en', of_pilot.name_en,
        'applicant_name_zh', of_pilot.applicant_name_zh,
        'applicant_name_en', of_pilot.applicant_name_en,
        'operation_starts_on', of_pilot.operation_starts_on, 'closed_on', of_pilot.closed_on,
        'statement_visibility', of_pilot.statement_visibility,
        'line_visibility', of_pilot.line_visibility)
$$
"""

# An amendment is written first, and begins with what the pilot is; then the pilot becomes what it says,
# which at the commit it is.
AMENDMENT_FOLLOWS = f"""
CREATE FUNCTION nzc_amendment_follows() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.before IS DISTINCT FROM (SELECT nzc_pilot_facts(p) FROM pilot AS p WHERE id = NEW.pilot_id) THEN
        PERFORM nzc_refuse('amendment_follows_pilot', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

AMENDMENT_HOLDS = f"""
CREATE FUNCTION nzc_amendment_holds() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF (SELECT after FROM pilot_amendment WHERE pilot_id = NEW.pilot_id ORDER BY position DESC LIMIT 1)
       IS DISTINCT FROM (SELECT nzc_pilot_facts(p) FROM pilot AS p WHERE id = NEW.pilot_id) THEN
        PERFORM nzc_refuse('pilot_is_as_amended', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

PILOT_AMENDED = f"""
CREATE FUNCTION nzc_pilot_amended() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF to_jsonb(NEW) || nzc_pilot_facts(OLD) <> to_jsonb(OLD)
       OR NOT EXISTS (SELECT FROM (SELECT before, after FROM pilot_amendment WHERE pilot_id = OLD.id
                                    ORDER BY position DESC LIMIT 1) AS latest
                       WHERE (before, after) = (nzc_pilot_facts(OLD), nzc_pilot_facts(NEW))) THEN
        PERFORM nzc_refuse('pilot_is_as_amended', format('pilot %s', OLD.id));
    END IF;
    IF NEW.closed_on < coalesce(OLD.closed_on, 'infinity') THEN
        PERFORM nzc_check_closure(NEW.id, NEW.closed_on);
    END IF;
    RETURN NEW;
END $$
"""

# Nothing is accounted for days after a pilot's last: an inventory has no such day, and nothing is retired,
# or requested, in a period that starts after it. (Balances are a cache, which audits compare.)
CHECK_CLOSURE = f"""
CREATE FUNCTION nzc_check_closure(closed bigint, last_day date) RETURNS void
LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF EXISTS (SELECT FROM inventory WHERE pilot_id = closed AND ends_on > last_day) THEN
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

INVENTORY_BEFORE_CLOSURE = f"""
CREATE FUNCTION nzc_inventory_before_closure() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM pilot WHERE id = NEW.pilot_id AND closed_on < NEW.ends_on) THEN
        PERFORM nzc_refuse('inventory_before_closure', format('inventory %s', NEW.id));
    END IF;
    RETURN NEW;
END $$
"""

RETIRED_BEFORE_CLOSURE = f"""
CREATE FUNCTION nzc_retired_before_closure() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM pilot WHERE closed_on IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT m.position INTO wrong
      FROM added AS m
      JOIN account AS credit ON credit.id = m.credit_id
      JOIN pilot AS closed ON closed.id = credit.pilot_id AND closed.closed_on IS NOT NULL
      JOIN accounting_period AS p ON p.id = credit.period_id AND p.starts_on > closed.closed_on
     LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('retired_before_closure', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

FUNCTIONS = (
    FACTS, AMENDMENT_FOLLOWS, AMENDMENT_HOLDS, CHECK_CLOSURE, PILOT_AMENDED, INVENTORY_BEFORE_CLOSURE,
    RETIRED_BEFORE_CLOSURE,
)  # fmt: skip

TRIGGERS = (
    "DROP TRIGGER pilot_append_only ON pilot",
    "CREATE TRIGGER pilot_kept BEFORE DELETE OR TRUNCATE ON pilot "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER pilot_amended BEFORE UPDATE ON pilot "
    "FOR EACH ROW EXECUTE FUNCTION nzc_pilot_amended()",
    "CREATE TRIGGER pilot_amendment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pilot_amendment "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER pilot_amendment_follows AFTER INSERT ON pilot_amendment "
    "FOR EACH ROW EXECUTE FUNCTION nzc_amendment_follows()",
    "CREATE CONSTRAINT TRIGGER pilot_amendment_holds AFTER INSERT ON pilot_amendment "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_amendment_holds()",
    "CREATE CONSTRAINT TRIGGER pilot_amendment_position_is_logged AFTER INSERT ON pilot_amendment "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position')",
    "CREATE TRIGGER inventory_before_closure BEFORE INSERT ON inventory "
    "FOR EACH ROW EXECUTE FUNCTION nzc_inventory_before_closure()",
    "CREATE TRIGGER movement_before_closure AFTER INSERT ON movement REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_retired_before_closure()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*TABLES, *FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
