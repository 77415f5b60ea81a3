"""What the database holds by itself: a posting is what its entry says of it; a registry is its
programme's; a balance follows from what moved.

Decision 33 says why each guard is made as it is."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

# Into which kind of account each kind of entry moves; others say nothing of it.
MOVES = """CASE e.kind
    WHEN 'CREDITS_ISSUED' THEN 'HOLDING' WHEN 'CREDITS_TRANSFERRED' THEN 'HOLDING'
    WHEN 'CREDITS_RETIRED' THEN 'RETIREMENT' WHEN 'RETIREMENT_REQUESTED' THEN 'PENDING'
    WHEN 'RETIREMENT_REQUEST_CANCELLED' THEN 'HOLDING'
    WHEN 'RETIREMENT_REQUEST_EXPIRED' THEN 'HOLDING' WHEN 'CREDITS_USED' THEN 'OTHER_USE'
    WHEN 'CREDITS_FROZEN' THEN 'FROZEN' WHEN 'CREDITS_UNFROZEN' THEN 'HOLDING'
    WHEN 'CREDITS_INVALIDATED' THEN 'INVALIDATED' WHEN 'POSTING_CORRECTED' THEN 'HOLDING' END"""

# Accounts are what the log's entry says: of a pilot and period only where it names them; the kind, the
# holders, the purpose and the tonnes, where it says any.
# (A field is read out of an entry in a twentieth of the time that another takes to be built to compare.)
CHECK_SAID = f"""
CREATE FUNCTION nzc_check_said(first bigint, last bigint) RETURNS void
LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    SELECT e.position INTO wrong
      FROM (SELECT *, sum(hi - lo) OVER (PARTITION BY position) AS tonnes
              FROM movement WHERE position BETWEEN first AND last) AS m
      JOIN log_entry AS e ON e.position = m.position
      JOIN account AS debit ON debit.id = m.debit_id + 0
      JOIN account AS credit ON credit.id = m.credit_id + 0
     WHERE m.tonnes <> (e.body ->> 'quantity')::bigint
        OR credit.kind <> {MOVES}
        OR credit.pilot_id IS NOT NULL
           AND ((e.body ->> 'pilot')::bigint IS DISTINCT FROM credit.pilot_id
                OR (e.body ->> 'accounting_period')::bigint IS DISTINCT FROM credit.period_id)
        OR debit.organisation_id <> coalesce(e.body ->> 'from', e.body ->> 'holder')::bigint
        OR credit.organisation_id IS NOT NULL
           AND credit.organisation_id <> coalesce(e.body ->> 'to', e.body ->> 'holder')::bigint
        OR credit.purpose IS NOT NULL AND credit.purpose <> e.body ->> 'purpose' LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('posting_is_as_logged', format('position %s', wrong));
    END IF;
END $$
"""

# After `movement_posted`, which asks whether this very transaction appended the entries.
SAID = f"""
CREATE FUNCTION nzc_said() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE first bigint; last bigint;
BEGIN
    SELECT min(position), max(position) INTO first, last FROM added;
    IF first IS NOT NULL THEN
        PERFORM nzc_check_said(first, last);
    END IF;
    RETURN NULL;
END $$
"""

# Whose registry is whose: a block has one name, so it stands once. The product's data say the same; a
# programme more is a migration.
REGISTRIES = """
    ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_registry_of_programme_check
    CHECK ((programme, registry) IN (('CCER', 'CCER'), ('PHCER', 'PHCER')))
"""

# Each balance follows from the one before it and from what its position moved, and each move has its
# balances. What was before is looked up once for an account and batch.
BALANCE_FOLLOWS = f"""
CREATE FUNCTION nzc_balance_follows() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE first bigint; last bigint; wrong bigint;
BEGIN
    SELECT min(position), max(position) INTO first, last FROM added;
    IF first IS NULL THEN
        RETURN NULL;
    END IF;
    IF NOT (nzc_appended_now(first) AND nzc_appended_now(last)) THEN
        PERFORM nzc_refuse('balance_follows_movements', format('positions %s to %s', first, last));
    END IF;
    SELECT position INTO wrong
      FROM (SELECT account_id, batch_id, position, sum(moved)::bigint AS moved,
                   max(balance) AS tonnes, lag(max(balance)) OVER steps AS before,
                   row_number() OVER steps AS nth
              FROM (SELECT credit_id, batch_id, position, hi - lo, NULL::bigint
                      FROM movement WHERE position BETWEEN first AND last
                    UNION ALL
                    SELECT debit_id, batch_id, position, lo - hi, NULL
                      FROM movement WHERE position BETWEEN first AND last
                    UNION ALL
                    SELECT account_id, batch_id, position, NULL, tonnes FROM added)
                AS leg (account_id, batch_id, position, moved, balance)
             GROUP BY account_id, batch_id, position
            WINDOW steps AS (PARTITION BY account_id, batch_id ORDER BY position)) AS step
     WHERE tonnes - moved IS DISTINCT FROM CASE WHEN nth > 1 THEN before ELSE coalesce(
               (SELECT earlier.tonnes FROM balance AS earlier
                 WHERE earlier.account_id = step.account_id AND earlier.batch_id = step.batch_id
                   AND earlier.position < step.position
                 ORDER BY earlier.position DESC LIMIT 1), 0) END LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('balance_follows_movements', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

# That all moves from the first to the last position have theirs is asked with the balances. So here only
# those two are looked at, and that nothing is added to positions that were balanced before.
MOVES_ARE_BALANCED = f"""
CREATE FUNCTION nzc_moves_are_balanced() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE first bigint; last bigint; many bigint; wrong bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, many FROM added;
    SELECT position INTO wrong
      FROM added AS m
     WHERE position IN (first, last)
       AND (many <> (SELECT count(*) FROM movement WHERE position BETWEEN first AND last)
            OR NOT EXISTS (SELECT FROM balance AS b
                            WHERE b.account_id = m.credit_id AND b.batch_id = m.batch_id
                              AND b.position = m.position)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('movements_are_balanced', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

STATEMENTS = (
    REGISTRIES,
    BALANCE_FOLLOWS,
    MOVES_ARE_BALANCED,
    "REVOKE DELETE ON balance FROM nzc_api",
    "CREATE TRIGGER balance_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON balance "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER balance_follows AFTER INSERT ON balance REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_balance_follows()",
    "CREATE TRIGGER movement_written_whole AFTER INSERT ON movement REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_moves_are_balanced()",
    CHECK_SAID,
    SAID,
    "CREATE TRIGGER movement_said AFTER INSERT ON movement REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_said()",
)


def upgrade() -> None:
    """Add the guards."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A guard is not taken back."""
    raise NotImplementedError
