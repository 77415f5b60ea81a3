"""Readings that come by the ten thousand: what foreign keys looked up row by row is looked up once a statement.

A foreign key asks for each row by itself, which took as long as all else that is done for it. Meters, devices and
batches are never deleted, so that it is enough to look as rows are added. What was used is compared with what there
is by runs: rows of a meter that follow one another without a gap are one span."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ONCE_A_STATEMENT = (
    "ALTER TABLE consumption DROP CONSTRAINT consumption_meter_id_fkey, DROP CONSTRAINT consumption_position_fkey",
    "ALTER TABLE register_reading DROP CONSTRAINT register_reading_meter_id_device_fkey, "
    "DROP CONSTRAINT register_reading_position_fkey",
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
    WITH told AS (
        SELECT meter_id, starts_at, ends_at, lag(ends_at) OVER (PARTITION BY meter_id ORDER BY starts_at) AS since
          FROM added WHERE quantity IS NOT NULL
    ), run AS (
        SELECT meter_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at, bool_or(since > starts_at) AS overlaps
          FROM (SELECT *, count(*) FILTER (WHERE since IS DISTINCT FROM starts_at)
                              OVER (PARTITION BY meter_id ORDER BY starts_at) AS number
                  FROM told) AS numbered
         GROUP BY meter_id, number
    )
    SELECT run.meter_id INTO wrong
      FROM run
      LEFT JOIN LATERAL (
            SELECT c.ends_at FROM consumption AS c
             WHERE c.meter_id = run.meter_id AND c.starts_at < run.ends_at AND c.position < first
               AND c.quantity IS NOT NULL
               AND NOT EXISTS (SELECT FROM consumption AS later
                                WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
                                  AND later.position > c.position OFFSET 0)
             ORDER BY c.starts_at DESC LIMIT 1) AS other ON true
     WHERE run.overlaps OR other.ends_at > run.starts_at LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$
"""

READINGS_ADDED = """
CREATE OR REPLACE FUNCTION public.nzc_readings_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO wrong FROM added;
    IF wrong <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('reading_comes_first', format('position %s', wrong));
    END IF;
    SELECT a.position INTO wrong
      FROM (SELECT DISTINCT position FROM added) AS a
     WHERE NOT EXISTS (SELECT FROM reading_batch AS b WHERE b.id = a.position) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('reading_is_of_a_batch', format('position %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM (SELECT meter_id, device, min(at) AS first, max(at) AS last FROM added GROUP BY meter_id, device) AS a
      LEFT JOIN meter AS m ON m.id = a.meter_id
      LEFT JOIN meter_device AS d ON (d.meter_id, d.number) = (a.meter_id, a.device)
      LEFT JOIN meter_device AS next ON (next.meter_id, next.number) = (a.meter_id, a.device + 1)
     WHERE d.number IS NULL OR m.kind <> 'REGISTER' OR a.first < d.since OR a.last > next.since
        OR a.last > clock_timestamp() OR a.last > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00' LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('reading_is_of_its_meter', format('meter %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM added AS a
      JOIN meter_device AS d ON (d.meter_id, d.number) = (a.meter_id, a.device)
      LEFT JOIN LATERAL (
            SELECT r.value, r.turns FROM register_reading AS r
             WHERE r.meter_id = a.meter_id AND r.device = a.device AND r.at < a.at AND r.value IS NOT NULL
               AND NOT EXISTS (SELECT FROM register_reading AS later
                                WHERE (later.meter_id, later.at, later.device) = (r.meter_id, r.at, r.device)
                                  AND later.position > r.position OFFSET 0)
             ORDER BY r.at DESC LIMIT 1) AS before ON true
      LEFT JOIN LATERAL (
            SELECT r.value, r.turns FROM register_reading AS r
             WHERE r.meter_id = a.meter_id AND r.device = a.device AND r.at > a.at AND r.value IS NOT NULL
               AND NOT EXISTS (SELECT FROM register_reading AS later
                                WHERE (later.meter_id, later.at, later.device) = (r.meter_id, r.at, r.device)
                                  AND later.position > r.position OFFSET 0)
             ORDER BY r.at LIMIT 1) AS after ON true
     WHERE a.value IS NOT NULL
       AND (a.value >= 10::numeric ^ d.digits OR a.turns > 0 AND d.digits IS NULL
            OR (before.turns, before.value) > (a.turns, a.value)
            OR (a.turns, a.value) > (after.turns, after.value)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('register_counts_on', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$
"""


def upgrade() -> None:
    """Let guards of statements hold what foreign keys did."""
    for statement in (CONSUMPTION_ADDED, READINGS_ADDED, *ONCE_A_STATEMENT):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
