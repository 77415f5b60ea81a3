"""Sums of what meters used within days and months, kept with each batch of readings. Decision 50 says why.

It only adds, and sums what is there: as of each batch, so that earlier positions answer as they did. A release before
it writes no sums; its batches are refused from here on (`batch_is_rolled`)."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE meter_rollup (
        meter_id bigint NOT NULL,
        step text NOT NULL,
        starts_on date NOT NULL,
        position bigint NOT NULL,
        millionths numeric NOT NULL,
        estimated_millionths numeric NOT NULL,
        known integer NOT NULL,
        estimated integer NOT NULL,
        cost_millionths numeric NOT NULL,
        costed integer NOT NULL,
        CONSTRAINT meter_rollup_pkey PRIMARY KEY (meter_id, step, starts_on, position),
        CONSTRAINT meter_rollup_meter_id_fkey FOREIGN KEY(meter_id) REFERENCES meter (id),
        CONSTRAINT meter_rollup_position_fkey FOREIGN KEY(position) REFERENCES reading_batch (id),
        CONSTRAINT meter_rollup_step_check CHECK (step = 'DAY' OR step = 'MONTH' AND date_part('day', starts_on) = 1),
        CONSTRAINT meter_rollup_millionths_check CHECK (estimated_millionths BETWEEN 0 AND millionths),
        CONSTRAINT meter_rollup_seconds_check CHECK (
            estimated BETWEEN 0 AND known AND costed BETWEEN 0 AND known AND known <= 86400 * CASE step
            WHEN 'DAY' THEN 1 ELSE CAST(starts_on + interval '1 month' AS date) - starts_on END)
    )
    """,
    "CREATE INDEX meter_rollup_month_idx ON meter_rollup (meter_id, starts_on, position) WHERE step = 'MONTH'",
    "GRANT SELECT, INSERT ON meter_rollup TO nzc_api",
)

# What is there: each day and month whose spans a batch changed, as of that batch. A register's reading changes spans
# that lie within its day and month, and, at a midnight, within those before it.
SUMMED = """
    INSERT INTO meter_rollup
    SELECT b.meter_id, b.step, b.starts_on, b.position, coalesce(sum(s.n), 0), coalesce(sum(s.n) FILTER (WHERE s.estimated), 0),
           coalesce(sum(s.length), 0), coalesce(sum(s.length) FILTER (WHERE s.estimated), 0), coalesce(sum(s.cost), 0),
           coalesce(sum(s.length) FILTER (WHERE s.cost IS NOT NULL), 0)
      FROM (SELECT DISTINCT told.meter_id, told.position, k.step,
                   CAST(date_trunc(k.step, told.at AT TIME ZONE INTERVAL '+08:00') AS date) AS starts_on
              FROM (SELECT meter_id, position, at FROM register_reading
                    UNION ALL
                    SELECT meter_id, position, at - interval '1 second' FROM register_reading
                    UNION ALL
                    SELECT meter_id, position, starts_at FROM consumption) AS told
             CROSS JOIN (VALUES ('DAY'), ('MONTH')) AS k (step)) AS b
     CROSS JOIN LATERAL (
            SELECT CAST(b.starts_on AS timestamp) AT TIME ZONE INTERVAL '+08:00' AS first,
                   CAST(b.starts_on + CAST('1 ' || b.step AS interval) AS timestamp)
                   AT TIME ZONE INTERVAL '+08:00' AS last) AS span
      LEFT JOIN LATERAL (
            SELECT c.quantity * 1000000 AS n, c.estimated, extract(epoch FROM c.ends_at - c.starts_at) AS length,
                   c.cost * 1000000 AS cost
              FROM consumption AS c
             WHERE c.meter_id = b.meter_id AND c.starts_at >= span.first AND c.starts_at < span.last
               AND c.ends_at <= span.last AND c.position <= b.position AND c.quantity IS NOT NULL
               AND NOT EXISTS (SELECT FROM consumption AS later
                                WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
                                  AND later.position > c.position AND later.position <= b.position OFFSET 0)
            UNION ALL
            SELECT (next_value - value + (next_turns - turns) * 10::numeric ^ coalesce(d.digits, 0))
                   * d.multiplier * 1000000, run.estimated OR next_estimated, extract(epoch FROM next_at - at), NULL
              FROM (SELECT r.*, lead(value) OVER shown AS next_value, lead(turns) OVER shown AS next_turns,
                           lead(estimated) OVER shown AS next_estimated, lead(at) OVER shown AS next_at
                      FROM register_reading AS r
                     WHERE r.meter_id = b.meter_id AND r.at >= span.first AND r.at <= span.last
                       AND r.position <= b.position AND r.value IS NOT NULL
                       AND NOT EXISTS (SELECT FROM register_reading AS later
                                        WHERE (later.meter_id, later.at, later.device) = (r.meter_id, r.at, r.device)
                                          AND later.position > r.position AND later.position <= b.position OFFSET 0)
                    WINDOW shown AS (PARTITION BY device ORDER BY at)) AS run
              JOIN meter_device AS d ON (d.meter_id, d.number) = (run.meter_id, run.device)
             WHERE next_at IS NOT NULL) AS s ON true
     GROUP BY b.meter_id, b.step, b.starts_on, b.position
"""

# Sums are written before their batch's entry: none is added to what was logged.
ROLLUPS_ADDED = f"""
CREATE FUNCTION nzc_rollups_added() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO wrong FROM added;
    IF wrong <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('rollup_comes_first', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

# At the commit: the month of each row of a batch has a sum since that batch.
BATCH_IS_ROLLED = f"""
CREATE FUNCTION nzc_batch_is_rolled() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT DISTINCT meter_id, CAST(date_trunc('MONTH', at AT TIME ZONE INTERVAL '+08:00') AS date) AS month
              FROM (SELECT meter_id, at FROM register_reading WHERE position = NEW.id
                    UNION ALL
                    SELECT meter_id, starts_at FROM consumption WHERE position = NEW.id) AS told) AS told
         WHERE NOT EXISTS (
               SELECT FROM meter_rollup AS r
                WHERE (r.meter_id, r.step, r.starts_on, r.position) = (told.meter_id, 'MONTH', told.month, NEW.id)
               OFFSET 0)) THEN
        PERFORM nzc_refuse('batch_is_rolled', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    "CREATE TRIGGER meter_rollup_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON meter_rollup "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER meter_rollup_added AFTER INSERT ON meter_rollup REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_rollups_added()",
    "CREATE CONSTRAINT TRIGGER reading_batch_rolled AFTER INSERT ON reading_batch "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_batch_is_rolled()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*TABLES, SUMMED, ROLLUPS_ADDED, BATCH_IS_ROLLED, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
