"""Intervals are kept in blocks: those of a meter's day that follow one another, each as long, are a row instead of one
each, which takes a tenth of the room and of the time to write. What is refused is the same; what was recorded is moved, and
the digests of batches, which cover intervals one by one, hold as before. Bills stay where they are.

What a batch is asked of its months no longer depends on what the planner guesses: in a table of millions of rows it
compared each row with each meter, which took longer than all else."""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

TABLE = (
    """
    CREATE TABLE interval_block (
        meter_id BIGINT NOT NULL,
        starts_on DATE NOT NULL,
        starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
        position BIGINT NOT NULL,
        seconds INTEGER NOT NULL,
        number SMALLINT NOT NULL,
        stride SMALLINT NOT NULL,
        estimated BOOLEAN NOT NULL,
        quantities NUMERIC[] NOT NULL,
        CONSTRAINT interval_block_pkey PRIMARY KEY (meter_id, starts_at, position),
        CONSTRAINT interval_block_intervals_check CHECK (
            seconds BETWEEN 1 AND 86400 AND coalesce(array_ndims(quantities) = 1 AND array_lower(quantities, 1) = 1, false)
            AND starts_at AT TIME ZONE INTERVAL '+08:00' = date_trunc('SECOND', starts_at AT TIME ZONE INTERVAL '+08:00')
            AND ends_at = starts_at + cardinality(quantities) * seconds * interval '1 second'),
        CONSTRAINT interval_block_day_check CHECK (
            starts_on = CAST(starts_at AT TIME ZONE INTERVAL '+08:00' AS date)
            AND starts_on = CAST((ends_at - seconds * interval '1 second') AT TIME ZONE INTERVAL '+08:00' AS date)),
        CONSTRAINT interval_block_several_check CHECK (cardinality(quantities) = 1 OR seconds >= 300),
        CONSTRAINT interval_block_quantities_check CHECK (
            0 <= ALL (quantities) AND 'Infinity' > ALL (quantities)
            AND (cardinality(quantities) = 1 OR array_position(quantities, NULL) IS NULL))
    )
    """,
    "CREATE INDEX interval_block_position_idx ON interval_block (position)",
    "CREATE INDEX interval_block_one_idx ON interval_block (meter_id, starts_at, position) "
    "WHERE cardinality(quantities) = 1",
    "CREATE INDEX interval_block_several_idx ON interval_block (meter_id, starts_on) WHERE cardinality(quantities) > 1",
    "GRANT SELECT, INSERT ON interval_block TO nzc_api",
)

# Of each row whether it goes on with the block of the one before it, as `interval_blocks` tells it.
MOVED = """
    WITH told AS (
        SELECT c.*, CAST(starts_at AT TIME ZONE INTERVAL '+08:00' AS date) AS starts_on,
               CAST(extract(epoch FROM ends_at - starts_at) AS integer) AS seconds
          FROM consumption AS c JOIN meter AS m ON m.id = c.meter_id WHERE m.kind = 'INTERVAL'
    ), beside AS (
        SELECT *, coalesce(
                   seconds >= 300 AND quantity IS NOT NULL AND lag(quantity) OVER one IS NOT NULL
                   AND (starts_at, starts_on, seconds, estimated)
                     = (lag(ends_at) OVER one, lag(starts_on) OVER one, lag(seconds) OVER one, lag(estimated) OVER one),
                   false) AS follows,
               number - lag(number) OVER one AS stride
          FROM told WINDOW one AS (PARTITION BY meter_id, position ORDER BY starts_at)
    ), begun AS (
        SELECT *, NOT follows OR (lag(follows) OVER one AND stride <> lag(stride) OVER one) AS begins
          FROM beside WINDOW one AS (PARTITION BY meter_id, position ORDER BY starts_at)
    ), numbered AS (
        SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY meter_id, position ORDER BY starts_at) AS block
          FROM begun
    )
    INSERT INTO interval_block (meter_id, starts_on, starts_at, ends_at, position, seconds, number, stride, estimated,
                                quantities)
    SELECT meter_id, starts_on, min(starts_at), max(ends_at), position, seconds,
           (array_agg(number ORDER BY starts_at))[1],
           coalesce((array_agg(stride ORDER BY starts_at))[2], 0), estimated, array_agg(quantity ORDER BY starts_at)
      FROM numbered GROUP BY meter_id, position, block, starts_on, seconds, estimated
"""

BILLS_ALONE = (
    "ALTER TABLE consumption DISABLE TRIGGER USER",
    "DELETE FROM consumption AS c USING meter AS m WHERE m.id = c.meter_id AND m.kind = 'INTERVAL'",
    "ALTER TABLE consumption ENABLE TRIGGER USER",
)

HEAD = """
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$"""

CONSUMPTION_ADDED = f"""
CREATE OR REPLACE FUNCTION public.nzc_consumption_added(){HEAD}
DECLARE
    wrong bigint;
    first bigint;
    alone bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(a.position),
           min(a.position) FILTER (
               WHERE NOT EXISTS (SELECT FROM reading_batch AS b WHERE b.id = a.position OFFSET 0)),
           min(a.meter_id) FILTER (
               WHERE m.kind IS DISTINCT FROM 'BILL'
                  OR a.starts_at < m.starts_on::timestamp AT TIME ZONE INTERVAL '+08:00'
                  OR a.ends_at > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00'
                  OR a.ends_at > clock_timestamp() + interval '1 day')
      INTO first, alone, wrong
      FROM (SELECT position, meter_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at
              FROM added GROUP BY position, meter_id) AS a
      LEFT JOIN meter AS m ON m.id = a.meter_id;
    IF first <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('reading_comes_first', format('position %s', first));
    END IF;
    IF alone IS NOT NULL THEN
        PERFORM nzc_refuse('reading_is_of_a_batch', format('position %s', alone));
    END IF;
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('reading_is_of_its_meter', format('meter %s', wrong));
    END IF;
    -- What is told of a meter is added at once: what is added here is compared with what was told before.
    SELECT meter_id INTO wrong
      FROM (SELECT meter_id, 1 AS n FROM consumption WHERE position >= first
            UNION ALL
            SELECT meter_id, -1 FROM added) AS either
     GROUP BY meter_id HAVING sum(n) > 0 AND min(n) < 0 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
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
END $function$
"""

INTERVALS_ADDED = f"""
CREATE FUNCTION public.nzc_intervals_added(){HEAD}
DECLARE
    wrong bigint;
    first bigint;
    alone bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(a.position),
           min(a.position) FILTER (
               WHERE NOT EXISTS (SELECT FROM reading_batch AS b WHERE b.id = a.position OFFSET 0)),
           min(a.meter_id) FILTER (
               WHERE m.kind IS DISTINCT FROM 'INTERVAL'
                  OR a.starts_at < m.starts_on::timestamp AT TIME ZONE INTERVAL '+08:00'
                  OR a.ends_at > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00'
                  OR a.ends_at > clock_timestamp())
      INTO first, alone, wrong
      FROM (SELECT position, meter_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at
              FROM added GROUP BY position, meter_id) AS a
      LEFT JOIN meter AS m ON m.id = a.meter_id;
    IF first <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('reading_comes_first', format('position %s', first));
    END IF;
    IF alone IS NOT NULL THEN
        PERFORM nzc_refuse('reading_is_of_a_batch', format('position %s', alone));
    END IF;
    IF wrong IS NOT NULL THEN
        PERFORM nzc_refuse('reading_is_of_its_meter', format('meter %s', wrong));
    END IF;
    -- What is told of a meter is added at once: what is added here is compared with what was told before.
    SELECT meter_id INTO wrong
      FROM (SELECT meter_id, 1 AS n FROM interval_block WHERE position >= first
            UNION ALL
            SELECT meter_id, -1 FROM added) AS either
     GROUP BY meter_id HAVING sum(n) > 0 AND min(n) < 0 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    -- Where the block before does not end, a run begins; where no two share a second, it lasts until the block before
    -- the next one ends.
    WITH told AS (
        SELECT meter_id, starts_at, lag(ends_at) OVER (PARTITION BY meter_id ORDER BY starts_at) AS since FROM added
    ), run AS (
        SELECT meter_id, starts_at, since, lead(since) OVER (PARTITION BY meter_id ORDER BY starts_at) AS ends_at
          FROM told WHERE since IS DISTINCT FROM starts_at
    ), ending AS (
        SELECT meter_id, max(ends_at) AS ends_at FROM added GROUP BY meter_id
    )
    SELECT run.meter_id INTO wrong
      FROM run
      JOIN ending ON ending.meter_id = run.meter_id
     CROSS JOIN LATERAL (SELECT coalesce(run.ends_at, ending.ends_at) AS at) AS over
     WHERE run.since > run.starts_at
        -- Of intervals that are blocks by themselves it is enough to look at the one that begins last before the end.
        OR run.starts_at < (
            SELECT b.ends_at FROM interval_block AS b
             WHERE b.meter_id = run.meter_id AND cardinality(b.quantities) = 1 AND b.starts_at < over.at
               AND b.position < first AND b.quantities[1] IS NOT NULL
               AND NOT EXISTS (SELECT FROM interval_block AS later
                                WHERE (later.meter_id, later.starts_at) = (b.meter_id, b.starts_at)
                                  AND later.position > b.position OFFSET 0)
             ORDER BY b.starts_at DESC LIMIT 1)
        OR EXISTS (
            -- No interval is longer than a day.
            SELECT FROM interval_block AS b
             CROSS JOIN LATERAL unnest(b.quantities) WITH ORDINALITY AS told (quantity, n)
             CROSS JOIN LATERAL (SELECT b.starts_at + (n - 1) * b.seconds * interval '1 second' AS starts_at) AS c
             WHERE b.meter_id = run.meter_id AND cardinality(b.quantities) > 1
               AND b.starts_on >= (run.starts_at AT TIME ZONE INTERVAL '+08:00')::date - 1
               AND b.starts_on <= (over.at AT TIME ZONE INTERVAL '+08:00')::date
               AND b.starts_at < over.at AND b.ends_at > run.starts_at AND b.position + 0 < first
               AND c.starts_at < over.at AND c.starts_at + b.seconds * interval '1 second' > run.starts_at
               AND NOT EXISTS (SELECT FROM interval_block AS later
                                WHERE (later.meter_id, later.starts_at) = (b.meter_id, c.starts_at)
                                  AND later.position > b.position OFFSET 0)
            OFFSET 0)
     LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $function$
"""

BATCH_IS_WHOLE = rf"""
CREATE OR REPLACE FUNCTION public.nzc_batch_is_whole(){HEAD}
DECLARE
    told bigint;
    covered bytea;
BEGIN
    -- Intervals come by the ten thousand: lines of one table are put together in less time.
    IF NOT EXISTS (SELECT FROM register_reading WHERE position = NEW.id)
       AND NOT EXISTS (SELECT FROM consumption WHERE position = NEW.id) THEN
        SELECT count(*), sha256(convert_to(string_agg(
                   concat_ws(' ', number + (n - 1) * stride, meter_id, since + (n - 1) * seconds, since + n * seconds,
                             CASE WHEN estimated THEN 'E' ELSE 'A' END, coalesce(trim_scale(quantity)::text, '-'), '-'),
                   E'\n' ORDER BY number + (n - 1) * stride), 'UTF8'))
          INTO told, covered
          FROM (SELECT *, date_part('epoch', starts_at)::bigint AS since
                  FROM interval_block WHERE position = NEW.id OFFSET 0) AS b
         CROSS JOIN LATERAL unnest(quantities) WITH ORDINALITY AS told (quantity, n);
    ELSE
        SELECT count(*), sha256(convert_to(string_agg(line, E'\n' ORDER BY number), 'UTF8'))
          INTO told, covered
          FROM (
    SELECT number, concat_ws(' ', number, meter_id, extract(epoch FROM at)::bigint, device, turns,
                             CASE WHEN estimated THEN 'E' ELSE 'A' END,
                             coalesce(trim_scale(value)::text, '-')) AS line
      FROM register_reading WHERE position = NEW.id
    UNION ALL
    SELECT number, concat_ws(' ', number, meter_id, extract(epoch FROM starts_at)::bigint,
                             extract(epoch FROM ends_at)::bigint, CASE WHEN estimated THEN 'E' ELSE 'A' END,
                             coalesce(trim_scale(quantity)::text, '-'), coalesce(trim_scale(cost)::text, '-'))
      FROM consumption WHERE position = NEW.id
    UNION ALL
    SELECT number + (n - 1) * stride,
           concat_ws(' ', number + (n - 1) * stride, meter_id, extract(epoch FROM starts_at)::bigint + (n - 1) * seconds,
                     extract(epoch FROM starts_at)::bigint + n * seconds, CASE WHEN estimated THEN 'E' ELSE 'A' END,
                     coalesce(trim_scale(quantity)::text, '-'), '-')
      FROM interval_block CROSS JOIN LATERAL unnest(quantities) WITH ORDINALITY AS told (quantity, n)
     WHERE position = NEW.id
) AS lines;
    END IF;
    IF NOT EXISTS (
        SELECT FROM log_entry AS e
         WHERE e.position = NEW.id AND (told, covered) = (NEW.size, NEW.digest)
           AND e.body @> jsonb_build_object('size', NEW.size, 'digest', encode(NEW.digest, 'hex'))) THEN
        PERFORM nzc_refuse('batch_is_whole', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$
"""

BATCH_IS_ROLLED = f"""
CREATE OR REPLACE FUNCTION public.nzc_batch_is_rolled(){HEAD}
BEGIN
    IF EXISTS (
        WITH told AS (
            SELECT meter_id, at FROM register_reading WHERE position = NEW.id
            UNION ALL
            SELECT meter_id, starts_at FROM consumption WHERE position = NEW.id
            UNION ALL
            -- All intervals of a block begin on one day.
            SELECT meter_id, starts_at FROM interval_block WHERE position = NEW.id
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
            -- Where something is told of more than two months, all months that there are: what joined them would compare
            -- each row with each meter.
            SELECT DISTINCT meter_id, date_trunc('MONTH', at AT TIME ZONE INTERVAL '+08:00')
              FROM told WHERE EXISTS (SELECT FROM months WHERE last > first + interval '1 month')) AS told
         WHERE NOT EXISTS (
               SELECT FROM meter_rollup AS r
                WHERE (r.meter_id, r.step, r.starts_on, r.position)
                    = (told.meter_id, 'MONTH', CAST(told.month AS date), NEW.id)
               OFFSET 0)) THEN
        PERFORM nzc_refuse('batch_is_rolled', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$
"""

METER_ENDS = f"""
CREATE OR REPLACE FUNCTION public.nzc_meter_ends(){HEAD}
DECLARE over timestamptz := (NEW.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00';
BEGIN
    PERFORM nzc_lock_head();
    IF OLD.ends_on IS NOT NULL OR NEW.ended_position IS NULL
       OR to_jsonb(NEW) - ARRAY['ends_on', 'ended_position', 'supply_key']
          <> to_jsonb(OLD) - ARRAY['ends_on', 'ended_position', 'supply_key']
       OR EXISTS (SELECT FROM register_reading WHERE meter_id = NEW.id AND at > over)
       OR EXISTS (SELECT FROM consumption WHERE meter_id = NEW.id AND ends_at > over)
       OR EXISTS (SELECT FROM interval_block
                   WHERE meter_id = NEW.id AND ends_at > over
                     AND starts_at >= NEW.ends_on::timestamp AT TIME ZONE INTERVAL '+08:00') THEN
        PERFORM nzc_refuse('meter_ends_once', format('meter %s', OLD.id));
    END IF;
    RETURN NEW;
END $function$
"""

TRIGGERS = (
    "CREATE TRIGGER interval_block_added AFTER INSERT ON interval_block REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_intervals_added()",
    "CREATE TRIGGER interval_block_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON interval_block "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
)


def upgrade() -> None:
    """Keep intervals in blocks."""
    functions = (CONSUMPTION_ADDED, INTERVALS_ADDED, BATCH_IS_WHOLE, BATCH_IS_ROLLED, METER_ENDS)
    for statement in (*TABLE, MOVED, *BILLS_ALONE, *functions, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
