"""What a batch of readings is asked as it is written costs less: rows that follow one another are told apart by one look
at them instead of two, the months of its rows by the first and the last of each meter, and the rows of a batch are
found by an index of their positions alone, which takes a third of the room. What is refused is the same."""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

INDICES = (
    "CREATE INDEX register_reading_position_idx ON register_reading (position)",
    "CREATE INDEX consumption_position_idx ON consumption (position)",
    "DROP INDEX register_reading_position_number_idx",
    "DROP INDEX consumption_position_number_idx",
)

CONSUMPTION_ADDED = """
CREATE OR REPLACE FUNCTION public.nzc_consumption_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    wrong bigint;
    first bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO first FROM added;
    IF first <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('reading_comes_first', format('position %s', first));
    END IF;
    SELECT a.position INTO wrong
      FROM (SELECT DISTINCT position FROM added) AS a
     WHERE NOT EXISTS (SELECT FROM reading_batch AS b WHERE b.id = a.position) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('reading_is_of_a_batch', format('position %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM (SELECT meter_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at FROM added GROUP BY meter_id) AS a
      LEFT JOIN meter AS m ON m.id = a.meter_id
     WHERE m.id IS NULL OR m.kind = 'REGISTER'
        OR a.starts_at < m.starts_on::timestamp AT TIME ZONE INTERVAL '+08:00'
        OR a.ends_at > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00'
        OR a.ends_at > clock_timestamp() + CASE m.kind WHEN 'BILL' THEN interval '1 day' ELSE '0' END LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('reading_is_of_its_meter', format('meter %s', wrong));
    END IF;
    -- Where what was told before does not end, a run begins; where no two share a second, it lasts until what was told
    -- before the next one ends.
    WITH told AS (
        SELECT meter_id, starts_at, lag(ends_at) OVER (PARTITION BY meter_id ORDER BY starts_at) AS since
          FROM added WHERE quantity IS NOT NULL
    ), run AS (
        SELECT meter_id, starts_at, since, lead(since) OVER (PARTITION BY meter_id ORDER BY starts_at) AS ends_at
          FROM told WHERE since IS DISTINCT FROM starts_at
    ), ending AS (
        SELECT meter_id, max(ends_at) AS ends_at FROM added WHERE quantity IS NOT NULL GROUP BY meter_id
    )
    SELECT run.meter_id INTO wrong
      FROM run
      JOIN ending ON ending.meter_id = run.meter_id
      LEFT JOIN LATERAL (
            SELECT c.ends_at FROM consumption AS c
             WHERE c.meter_id = run.meter_id AND c.starts_at < coalesce(run.ends_at, ending.ends_at)
               AND c.position < first AND c.quantity IS NOT NULL
               AND NOT EXISTS (SELECT FROM consumption AS later
                                WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
                                  AND later.position > c.position OFFSET 0)
             ORDER BY c.starts_at DESC LIMIT 1) AS other ON true
     WHERE run.since > run.starts_at OR other.ends_at > run.starts_at LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$;
"""

BATCH_IS_ROLLED = """
CREATE OR REPLACE FUNCTION public.nzc_batch_is_rolled()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF EXISTS (
        WITH told AS (
            SELECT meter_id, at FROM register_reading WHERE position = NEW.id
            UNION ALL
            SELECT meter_id, starts_at FROM consumption WHERE position = NEW.id
        ), months AS (
            SELECT meter_id, date_trunc('MONTH', min(at) AT TIME ZONE INTERVAL '+08:00') AS first,
                   date_trunc('MONTH', max(at) AT TIME ZONE INTERVAL '+08:00') AS last
              FROM told GROUP BY meter_id
        )
        SELECT FROM (
            SELECT meter_id, first AS month FROM months
            UNION ALL
            SELECT meter_id, last FROM months WHERE last > first
            UNION ALL
            -- Of what is told of more than two months, those between them.
            SELECT DISTINCT meter_id, date_trunc('MONTH', at AT TIME ZONE INTERVAL '+08:00')
              FROM told JOIN months USING (meter_id) WHERE last > first + interval '1 month') AS told
         WHERE NOT EXISTS (
               SELECT FROM meter_rollup AS r
                WHERE (r.meter_id, r.step, r.starts_on, r.position)
                    = (told.meter_id, 'MONTH', CAST(told.month AS date), NEW.id)
               OFFSET 0)) THEN
        PERFORM nzc_refuse('batch_is_rolled', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
"""


def upgrade() -> None:
    """Ask the same of a batch for less."""
    for statement in (*INDICES, CONSUMPTION_ADDED, BATCH_IS_ROLLED):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
