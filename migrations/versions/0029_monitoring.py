"""What pilots' use and emissions are stated per: floor area, people, output, kilometres. It only adds."""

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
    "GRANT SELECT, INSERT ON denominator TO nzc_api",
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

TRIGGERS = (
    "CREATE TRIGGER denominator_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON denominator "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER denominator_alone AFTER INSERT ON denominator FOR EACH ROW EXECUTE FUNCTION nzc_denominator_alone()",
    "CREATE CONSTRAINT TRIGGER denominator_id_is_logged AFTER INSERT ON denominator "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('id')",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*TABLES, DENOMINATOR_ALONE, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
