"""Meters, what is built in, their readings and bills. It only adds.

Decision 40 says why a request's readings are one entry, and why a supply point is one meter's."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE meter (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        code text NOT NULL,
        carrier text NOT NULL,
        flow text NOT NULL,
        kind text NOT NULL,
        unit text NOT NULL,
        supply_point text,
        supply_key text GENERATED ALWAYS AS (
            upper(regexp_replace(normalize(supply_point, NFKC), '[-‐–—_./·•#():,[:space:]]', '', 'g'))) STORED,
        celsius numeric,
        kilopascals numeric,
        starts_on date NOT NULL,
        ends_on date,
        ended_position bigint,
        CONSTRAINT meter_pkey PRIMARY KEY (id),
        CONSTRAINT meter_pilot_id_code_key UNIQUE (pilot_id, code),
        CONSTRAINT meter_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT meter_kind_check CHECK (kind IN ('REGISTER', 'INTERVAL', 'BILL')),
        CONSTRAINT meter_supply_key_check CHECK (supply_key <> ''),
        CONSTRAINT meter_conditions_check CHECK ((celsius IS NULL) = (kilopascals IS NULL)),
        CONSTRAINT meter_life_check CHECK (starts_on <= ends_on AND (ended_position IS NULL OR
            (ended_position > id AND ends_on IS NOT NULL))),
        CONSTRAINT meter_supply_point_once_excl EXCLUDE USING gist (
            carrier WITH =, supply_key WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
    )
    """,
    """
    CREATE TABLE meter_device (
        meter_id bigint NOT NULL,
        number smallint NOT NULL,
        position bigint NOT NULL,
        since timestamp with time zone NOT NULL,
        maximum_per_hour numeric NOT NULL,
        multiplier numeric NOT NULL,
        digits smallint,
        CONSTRAINT meter_device_pkey PRIMARY KEY (meter_id, number),
        CONSTRAINT meter_device_meter_id_fkey FOREIGN KEY(meter_id) REFERENCES meter (id),
        CONSTRAINT meter_device_facts_check
            CHECK (maximum_per_hour > 0 AND multiplier > 0 AND digits BETWEEN 1 AND 12)
    )
    """,
    """
    CREATE TABLE meter_placement (
        position bigint NOT NULL,
        meter_id bigint NOT NULL,
        parent_id bigint,
        CONSTRAINT meter_placement_pkey PRIMARY KEY (position),
        CONSTRAINT meter_placement_meter_id_fkey FOREIGN KEY(meter_id) REFERENCES meter (id),
        CONSTRAINT meter_placement_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES meter (id)
    )
    """,
    "CREATE INDEX meter_placement_meter_id_position_idx ON meter_placement (meter_id, position)",
    "CREATE INDEX meter_placement_parent_id_meter_id_position_idx "
    "ON meter_placement (parent_id, meter_id, position)",
    """
    CREATE TABLE meter_gateway (
        position bigint NOT NULL,
        meter_id bigint NOT NULL,
        gateway_id bigint,
        CONSTRAINT meter_gateway_pkey PRIMARY KEY (position),
        CONSTRAINT meter_gateway_meter_id_fkey FOREIGN KEY(meter_id) REFERENCES meter (id),
        CONSTRAINT meter_gateway_gateway_id_fkey FOREIGN KEY(gateway_id) REFERENCES organisation (id)
    )
    """,
    "CREATE INDEX meter_gateway_meter_id_position_idx ON meter_gateway (meter_id, position)",
    "CREATE INDEX meter_gateway_gateway_id_meter_id_position_idx ON meter_gateway (gateway_id, meter_id, position)",
    """
    CREATE TABLE reading_batch (
        id bigint NOT NULL,
        size smallint NOT NULL,
        digest bytea NOT NULL,
        refused jsonb NOT NULL,
        document text,
        reason text,
        CONSTRAINT reading_batch_pkey PRIMARY KEY (id),
        CONSTRAINT reading_batch_whole_check CHECK (size > 0 AND octet_length(digest) = 32)
    )
    """,
    """
    CREATE TABLE register_reading (
        meter_id bigint NOT NULL,
        at timestamp with time zone NOT NULL,
        position bigint NOT NULL,
        number smallint NOT NULL,
        device smallint NOT NULL,
        turns smallint NOT NULL,
        estimated boolean NOT NULL,
        value numeric,
        CONSTRAINT register_reading_pkey PRIMARY KEY (meter_id, at, device, position),
        CONSTRAINT register_reading_position_fkey FOREIGN KEY(position) REFERENCES reading_batch (id),
        CONSTRAINT register_reading_meter_id_device_fkey
            FOREIGN KEY(meter_id, device) REFERENCES meter_device (meter_id, number),
        CONSTRAINT register_reading_value_check CHECK (value >= 0 AND turns >= 0)
    )
    """,
    "CREATE INDEX register_reading_position_number_idx ON register_reading (position, number)",
    """
    CREATE TABLE consumption (
        meter_id bigint NOT NULL,
        starts_at timestamp with time zone NOT NULL,
        ends_at timestamp with time zone NOT NULL,
        position bigint NOT NULL,
        number smallint NOT NULL,
        estimated boolean NOT NULL,
        quantity numeric,
        cost numeric,
        CONSTRAINT consumption_pkey PRIMARY KEY (meter_id, starts_at, position),
        CONSTRAINT consumption_meter_id_fkey FOREIGN KEY(meter_id) REFERENCES meter (id),
        CONSTRAINT consumption_position_fkey FOREIGN KEY(position) REFERENCES reading_batch (id),
        CONSTRAINT consumption_order_check CHECK (starts_at < ends_at),
        CONSTRAINT consumption_quantity_check CHECK (quantity >= 0)
    )
    """,
    "CREATE INDEX consumption_position_number_idx ON consumption (position, number)",
    """
    CREATE TABLE line_meter (
        line_id bigint NOT NULL,
        inventory_id bigint NOT NULL,
        meter_id bigint NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        as_of bigint NOT NULL,
        quantity numeric NOT NULL,
        estimated_quantity numeric NOT NULL,
        measured bigint NOT NULL,
        estimated bigint NOT NULL,
        missing bigint NOT NULL,
        CONSTRAINT line_meter_pkey PRIMARY KEY (line_id),
        CONSTRAINT line_meter_line_id_fkey FOREIGN KEY(line_id) REFERENCES inventory_line (id) ON DELETE CASCADE,
        CONSTRAINT line_meter_inventory_id_fkey FOREIGN KEY(inventory_id) REFERENCES inventory (id),
        CONSTRAINT line_meter_inventory_id_meter_id_key UNIQUE (inventory_id, meter_id),
        CONSTRAINT line_meter_order_check CHECK (starts_on <= ends_on),
        CONSTRAINT line_meter_quantity_check
            CHECK (quantity >= 0 AND estimated_quantity BETWEEN 0 AND quantity),
        CONSTRAINT line_meter_seconds_check
            CHECK (measured >= 0 AND estimated >= 0 AND missing >= 0 AND measured + estimated > 0)
    )
    """,
    "ALTER TABLE inventory_line ADD CONSTRAINT inventory_line_data_quality_check "
    "CHECK ((factor ->> 'data_quality') IN ('MEASURED', 'BILLED', 'ESTIMATED', 'DEFAULT'))",
    "CREATE INDEX line_meter_meter_id_idx ON line_meter (meter_id)",
    "GRANT SELECT, INSERT, DELETE ON line_meter TO nzc_api",
    "GRANT SELECT, INSERT, UPDATE ON meter TO nzc_api",
    *(
        f"GRANT SELECT, INSERT ON {table} TO nzc_api"
        for table in (
            "meter_device",
            "meter_placement",
            "meter_gateway",
            "reading_batch",
            "register_reading",
            "consumption",
        )
    ),
)

# Nothing of a meter changes (its key follows from its supply point) but that its last day is said, once, and not before anything that is told of it.
METER_ENDS = f"""
CREATE FUNCTION nzc_meter_ends() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE over timestamptz := (NEW.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00';
BEGIN
    PERFORM nzc_lock_head();
    IF OLD.ends_on IS NOT NULL OR NEW.ended_position IS NULL
       OR to_jsonb(NEW) - ARRAY['ends_on', 'ended_position', 'supply_key']
          <> to_jsonb(OLD) - ARRAY['ends_on', 'ended_position', 'supply_key']
       OR EXISTS (SELECT FROM register_reading WHERE meter_id = NEW.id AND at > over)
       OR EXISTS (SELECT FROM consumption WHERE meter_id = NEW.id AND ends_at > over) THEN
        PERFORM nzc_refuse('meter_ends_once', format('meter %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

# The first device is built in from the meter's first day, each later one after the one before.
DEVICE_FOLLOWS = f"""
CREATE FUNCTION nzc_device_follows() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.number = 1 AND NOT EXISTS (
           SELECT FROM meter WHERE id = NEW.meter_id AND id = NEW.position
                               AND starts_on::timestamp AT TIME ZONE INTERVAL '+08:00' = NEW.since)
       OR NEW.number <> 1 AND NOT EXISTS (
           SELECT FROM meter_device WHERE meter_id = NEW.meter_id AND number = NEW.number - 1
                                      AND since < NEW.since AND position < NEW.position) THEN
        PERFORM nzc_refuse('device_follows', format('meter %s', NEW.meter_id));
    END IF;
    RETURN NULL;
END $$
"""

# A sub-meter is of its parent's pilot and carrier, and not inside itself.
METER_PLACED = f"""
CREATE FUNCTION nzc_meter_placed() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM meter AS m JOIN meter AS p ON p.id = NEW.parent_id
                WHERE m.id = NEW.meter_id AND (m.pilot_id, m.carrier) <> (p.pilot_id, p.carrier)) THEN
        PERFORM nzc_refuse('submeter_of_one_pilot', format('position %s', NEW.position));
    END IF;
    -- Each is found once, so that a ring ends the walk too.
    IF EXISTS (
        WITH RECURSIVE around (meter_id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT latest.parent_id
              FROM around
             CROSS JOIN LATERAL (SELECT parent_id FROM meter_placement AS p
                                  WHERE p.meter_id = around.meter_id ORDER BY position DESC LIMIT 1) AS latest
        )
        SELECT FROM around WHERE meter_id = NEW.meter_id) THEN
        PERFORM nzc_refuse('meter_not_inside_itself', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# What posts a meter's readings is an organisation of that role.
GATEWAY_ASSIGNED = f"""
CREATE FUNCTION nzc_gateway_assigned() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF EXISTS (SELECT FROM organisation WHERE id = NEW.gateway_id AND role <> 'METER_GATEWAY') THEN
        PERFORM nzc_refuse('gateway_is_one', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# The rows of a batch are those that its digest covers, which its entry has.
LINES = """
    SELECT number, concat_ws(' ', number, meter_id, extract(epoch FROM at)::bigint, device, turns,
                             CASE WHEN estimated THEN 'E' ELSE 'A' END,
                             coalesce(trim_scale(value)::text, '-')) AS line
      FROM register_reading WHERE position = {position}
    UNION ALL
    SELECT number, concat_ws(' ', number, meter_id, extract(epoch FROM starts_at)::bigint,
                             extract(epoch FROM ends_at)::bigint, CASE WHEN estimated THEN 'E' ELSE 'A' END,
                             coalesce(trim_scale(quantity)::text, '-'), coalesce(trim_scale(cost)::text, '-'))
      FROM consumption WHERE position = {position}
"""

BATCH_IS_WHOLE = f"""
CREATE FUNCTION nzc_batch_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM (SELECT count(*) AS size,
                            sha256(convert_to(string_agg(line, E'\\n' ORDER BY number), 'UTF8')) AS digest
                       FROM ({LINES.format(position="NEW.id")}) AS lines) AS found
          JOIN log_entry AS e ON e.position = NEW.id
         WHERE (found.size, found.digest) = (NEW.size, NEW.digest)
           AND e.body @> jsonb_build_object('size', NEW.size, 'digest', encode(NEW.digest, 'hex'))) THEN
        PERFORM nzc_refuse('batch_is_whole', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# Readings are written before their entry, so that none is added to what was logged; with them their batch, whose
# digest is looked at when all is there. What is told of a meter is of its kind, of the device that was there, of its days, and of the past; a bill may be
# of today. A register counts on from each reading to the next.
READINGS_ADDED = f"""
CREATE FUNCTION nzc_readings_added() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO wrong FROM added;
    IF wrong <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('reading_comes_first', format('position %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM added AS a
      LEFT JOIN meter AS m ON m.id = a.meter_id
      LEFT JOIN meter_device AS d ON (d.meter_id, d.number) = (a.meter_id, a.device)
      LEFT JOIN meter_device AS next ON (next.meter_id, next.number) = (a.meter_id, a.device + 1)
     WHERE m.kind <> 'REGISTER' OR a.at < d.since OR a.at > next.since OR a.at > clock_timestamp()
        OR a.at > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00' LIMIT 1;
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
END $$
"""

# No two of what was told of a meter share a second. As nothing there does, it is enough to look at those that
# begin next to a new one.
CONSUMPTION_ADDED = f"""
CREATE FUNCTION nzc_consumption_added() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) INTO wrong FROM added;
    IF wrong <= (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('reading_comes_first', format('position %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM added AS a JOIN meter AS m ON m.id = a.meter_id
     WHERE m.kind = 'REGISTER' OR a.starts_at < m.starts_on::timestamp AT TIME ZONE INTERVAL '+08:00'
        OR a.ends_at > (m.ends_on + 1)::timestamp AT TIME ZONE INTERVAL '+08:00'
        OR a.ends_at > clock_timestamp() + CASE m.kind WHEN 'BILL' THEN interval '1 day' ELSE '0' END LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('reading_is_of_its_meter', format('meter %s', wrong));
    END IF;
    SELECT a.meter_id INTO wrong
      FROM added AS a
     CROSS JOIN LATERAL (
            SELECT c.starts_at, c.ends_at FROM consumption AS c
             WHERE c.meter_id = a.meter_id AND c.starts_at < a.ends_at AND c.starts_at <> a.starts_at
               AND c.quantity IS NOT NULL
               AND NOT EXISTS (SELECT FROM consumption AS later
                                WHERE (later.meter_id, later.starts_at) = (c.meter_id, c.starts_at)
                                  AND later.position > c.position OFFSET 0)
             ORDER BY c.starts_at DESC LIMIT 1) AS other
     WHERE a.quantity IS NOT NULL AND other.ends_at > a.starts_at LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('consumption_does_not_overlap', format('meter %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

# A line that rests on a meter is a source of its inventory, of all its days, and of a meter that is there.
LINE_METER_ADDED = f"""
CREATE FUNCTION nzc_line_meter_added() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    SELECT a.line_id INTO wrong
      FROM added AS a
      JOIN inventory_line AS l ON l.id = a.line_id
      JOIN inventory AS i ON i.id = l.inventory_id
      LEFT JOIN meter AS m ON m.id = a.meter_id AND a.as_of < l.position
     WHERE l.inventory_id <> a.inventory_id OR l.role <> 'SOURCE' OR m.id IS NULL
        OR (i.starts_on, i.ends_on) <> (a.starts_on, a.ends_on) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('line_rests_on_its_meter', format('line %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

# A meter's day counts once in what a pilot hands in on one basis; what a later version that is verified has taken
# the place of does not count.
METER_DAYS_COUNT_ONCE = f"""
CREATE FUNCTION nzc_meter_days_count_once() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF OLD.submitted_position IS NULL AND NEW.submitted_position IS NOT NULL AND EXISTS (
        SELECT FROM line_meter AS own
          JOIN line_meter AS of ON of.meter_id = own.meter_id
           AND daterange(of.starts_on, of.ends_on, '[]') && daterange(own.starts_on, own.ends_on, '[]')
          JOIN inventory AS o ON o.id = of.inventory_id
         WHERE own.inventory_id = NEW.id AND o.series_id <> NEW.series_id
           AND (o.pilot_id, o.basis) = (NEW.pilot_id, NEW.basis) AND o.submitted_position IS NOT NULL
           AND NOT EXISTS (SELECT FROM inventory AS later
                            WHERE later.series_id = o.series_id AND later.version > o.version
                              AND later.verified_position IS NOT NULL)) THEN
        PERFORM nzc_refuse('meter_day_counts_once', format('inventory %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

FUNCTIONS = (
    METER_ENDS, DEVICE_FOLLOWS, METER_PLACED, GATEWAY_ASSIGNED, BATCH_IS_WHOLE, READINGS_ADDED, CONSUMPTION_ADDED,
    LINE_METER_ADDED, METER_DAYS_COUNT_ONCE,
)  # fmt: skip

LOGGED = (
    ("meter", "id", "INSERT"), ("meter", "ended_position", "UPDATE"), ("meter_device", "position", "INSERT"),
    ("meter_placement", "position", "INSERT"), ("meter_gateway", "position", "INSERT"),
    ("reading_batch", "id", "INSERT"),
)  # fmt: skip

APPENDED = (
    "meter_device",
    "meter_placement",
    "meter_gateway",
    "reading_batch",
    "register_reading",
    "consumption",
)

TRIGGERS = (
    "CREATE TRIGGER meter_kept BEFORE DELETE OR TRUNCATE ON meter "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER meter_ends BEFORE UPDATE ON meter FOR EACH ROW EXECUTE FUNCTION nzc_meter_ends()",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in APPENDED
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER {event} ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column, event in LOGGED
    ),
    "CREATE TRIGGER meter_device_follows AFTER INSERT ON meter_device "
    "FOR EACH ROW EXECUTE FUNCTION nzc_device_follows()",
    "CREATE TRIGGER meter_placement_fits AFTER INSERT ON meter_placement "
    "FOR EACH ROW EXECUTE FUNCTION nzc_meter_placed()",
    "CREATE TRIGGER meter_gateway_is_one AFTER INSERT ON meter_gateway "
    "FOR EACH ROW EXECUTE FUNCTION nzc_gateway_assigned()",
    "CREATE CONSTRAINT TRIGGER reading_batch_is_whole AFTER INSERT ON reading_batch "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_batch_is_whole()",
    "CREATE TRIGGER register_reading_added AFTER INSERT ON register_reading REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_readings_added()",
    "CREATE TRIGGER line_meter_recorded AFTER INSERT ON line_meter REFERENCING NEW TABLE AS changed "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen()",
    "CREATE TRIGGER line_meter_removed AFTER DELETE ON line_meter REFERENCING OLD TABLE AS changed "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen()",
    "CREATE TRIGGER line_meter_added AFTER INSERT ON line_meter REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_line_meter_added()",
    "CREATE TRIGGER inventory_meter_days_count_once AFTER UPDATE ON inventory "
    "FOR EACH ROW EXECUTE FUNCTION nzc_meter_days_count_once()",
    "CREATE TRIGGER consumption_added AFTER INSERT ON consumption REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_consumption_added()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*TABLES, *FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
