"""Sums of days and months: that their meter and batch are there is looked up once a statement, as of readings (0040).

Foreign keys asked for each of the thousand rows that a table of intervals changes: a twelfth of what PostgreSQL did for
it. Meters and batches are never deleted, so that it is enough to look as rows are added."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

ONCE_A_STATEMENT = (
    "ALTER TABLE meter_rollup DROP CONSTRAINT meter_rollup_meter_id_fkey, "
    "DROP CONSTRAINT meter_rollup_position_fkey"
)

ROLLUPS_ADDED = """
CREATE OR REPLACE FUNCTION public.nzc_rollups_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO wrong FROM added;
    IF wrong <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('rollup_comes_first', format('position %s', wrong));
    END IF;
    SELECT a.position INTO wrong
      FROM (SELECT DISTINCT position FROM added) AS a
     WHERE NOT EXISTS (SELECT FROM reading_batch AS b WHERE b.id = a.position) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('rollup_is_of_a_batch', format('position %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM (SELECT DISTINCT meter_id FROM added) AS a
     WHERE NOT EXISTS (SELECT FROM meter AS m WHERE m.id = a.meter_id) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('rollup_is_of_a_meter', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
"""


def upgrade() -> None:
    """Let a guard of statements hold what foreign keys did."""
    for statement in (ROLLUPS_ADDED, ONCE_A_STATEMENT):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
