"""What pilots' use and emissions are stated per: floor area, people, output, kilometres; and alerts, which begin and end
as entries of the log. It only adds."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE denominator (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        kind text NOT NULL,
        product text,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        value numeric,
        source text NOT NULL,
        CONSTRAINT denominator_pkey PRIMARY KEY (id),
        CONSTRAINT denominator_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT denominator_product_check CHECK ((kind = 'PRODUCT') = (product IS NOT NULL)),
        CONSTRAINT denominator_order_check CHECK (starts_on <= ends_on),
        CONSTRAINT denominator_value_check CHECK (value > 0 AND value < 'Infinity')
    )
    """,
    "CREATE INDEX denominator_pilot_id_id_idx ON denominator (pilot_id, id)",
    """
    CREATE TABLE monitoring_alert (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        meter_id bigint,
        kind text NOT NULL,
        since timestamp with time zone NOT NULL,
        facts jsonb NOT NULL,
        CONSTRAINT monitoring_alert_pkey PRIMARY KEY (id),
        CONSTRAINT monitoring_alert_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT monitoring_alert_meter_id_fkey FOREIGN KEY(meter_id) REFERENCES meter (id),
        CONSTRAINT monitoring_alert_kind_check CHECK (kind IN ('GAP', 'BACKWARDS', 'SPIKE', 'CEILING_BURN')),
        CONSTRAINT monitoring_alert_meter_check CHECK ((kind = 'CEILING_BURN') = (meter_id IS NULL))
    )
    """,
    "CREATE INDEX monitoring_alert_pilot_id_id_idx ON monitoring_alert (pilot_id, id)",
    """
    CREATE TABLE monitoring_alert_end (
        alert_id bigint NOT NULL,
        position bigint NOT NULL,
        CONSTRAINT monitoring_alert_end_pkey PRIMARY KEY (alert_id),
        CONSTRAINT monitoring_alert_end_alert_id_fkey FOREIGN KEY(alert_id) REFERENCES monitoring_alert (id),
        CONSTRAINT monitoring_alert_end_position_key UNIQUE (position),
        CONSTRAINT monitoring_alert_end_later_check CHECK (position > alert_id)
    )
    """,
    "CREATE INDEX reading_batch_refused_idx ON reading_batch (id) WHERE refused <> '{}'",
    "GRANT SELECT, INSERT ON denominator, monitoring_alert, monitoring_alert_end TO nzc_api",
)

# Of no day two amounts of one kind count: of the very same days the latest does, and where that has no value, none.
DENOMINATOR_ALONE = f"""
CREATE FUNCTION nzc_denominator_alone() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.value IS NOT NULL AND EXISTS (
        SELECT FROM denominator AS d
         WHERE d.pilot_id = NEW.pilot_id AND d.kind = NEW.kind AND d.product IS NOT DISTINCT FROM NEW.product
           AND (d.starts_on, d.ends_on) <> (NEW.starts_on, NEW.ends_on)
           AND daterange(d.starts_on, d.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
           AND d.value IS NOT NULL
           AND NOT EXISTS (
               SELECT FROM denominator AS later
                WHERE later.pilot_id = d.pilot_id AND later.kind = d.kind
                  AND later.product IS NOT DISTINCT FROM d.product
                  AND (later.starts_on, later.ends_on) = (d.starts_on, d.ends_on) AND later.id > d.id)) THEN
        PERFORM nzc_refuse('denominator_counts_alone', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# Of one thing one alert is open at a time, and a meter's is of its pilot.
ALERT_OPENS = f"""
CREATE FUNCTION nzc_alert_opens() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM monitoring_alert AS a
                WHERE a.pilot_id = NEW.pilot_id AND a.kind = NEW.kind AND a.id <> NEW.id
                  AND a.meter_id IS NOT DISTINCT FROM NEW.meter_id
                  AND NOT EXISTS (SELECT FROM monitoring_alert_end WHERE alert_id = a.id))
       OR EXISTS (SELECT FROM meter WHERE id = NEW.meter_id AND pilot_id <> NEW.pilot_id) THEN
        PERFORM nzc_refuse('alert_opens_once', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in ("monitoring_alert", "monitoring_alert_end")
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in (("monitoring_alert", "id"), ("monitoring_alert_end", "position"))
    ),
    "CREATE TRIGGER monitoring_alert_opens AFTER INSERT ON monitoring_alert FOR EACH ROW "
    "EXECUTE FUNCTION nzc_alert_opens()",
    "CREATE TRIGGER denominator_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON denominator "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER denominator_alone AFTER INSERT ON denominator FOR EACH ROW EXECUTE FUNCTION nzc_denominator_alone()",
    "CREATE CONSTRAINT TRIGGER denominator_id_is_logged AFTER INSERT ON denominator "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id')",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*TABLES, DENOMINATOR_ALONE, ALERT_OPENS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
