"""Green certificates: which serve which lines of inventories, once, and not for power of which reductions were issued. It
only adds."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

KEY = (
    'regexp_replace(regexp_replace(regexp_replace(translate(upper({of} COLLATE "C"), '
    "'([（【)]）】', '〔〔〔〔〕〕〕〕'), '[._/#-]+', '-', 'g'), "
    "'(?<![0-9])-|-(?![0-9])', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')"
)

TABLES = (
    f"""
    CREATE TABLE line_certificate (
        line_id bigint NOT NULL,
        number integer NOT NULL,
        inventory_id bigint NOT NULL,
        series_id bigint NOT NULL,
        prefix text NOT NULL,
        prefix_key text GENERATED ALWAYS AS ({KEY.format(of="prefix")}) STORED,
        lo bigint NOT NULL,
        hi bigint NOT NULL,
        mwh numeric NOT NULL,
        produced_from date NOT NULL,
        produced_to date NOT NULL,
        plant text NOT NULL,
        plant_key text GENERATED ALWAYS AS ({KEY.format(of="plant")}) STORED,
        CONSTRAINT line_certificate_pkey PRIMARY KEY (line_id, number),
        CONSTRAINT line_certificate_line_id_fkey
            FOREIGN KEY(line_id) REFERENCES inventory_line (id) ON DELETE CASCADE,
        CONSTRAINT line_certificate_inventory_id_fkey FOREIGN KEY(inventory_id) REFERENCES inventory (id),
        CONSTRAINT line_certificate_number_check CHECK (number >= 0),
        CONSTRAINT line_certificate_prefix_check CHECK (length(prefix) BETWEEN 1 AND 64),
        CONSTRAINT line_certificate_plant_check CHECK (length(plant) BETWEEN 1 AND 64),
        CONSTRAINT line_certificate_range_check CHECK (lo >= 0 AND hi > lo),
        CONSTRAINT line_certificate_mwh_check CHECK (mwh = hi - lo),
        CONSTRAINT line_certificate_days_check CHECK (produced_from <= produced_to),
        CONSTRAINT line_certificate_one_inventory_excl
            EXCLUDE USING gist (prefix_key WITH =, int8range(lo, hi) WITH &&, series_id WITH <>),
        CONSTRAINT line_certificate_once_excl
            EXCLUDE USING gist (inventory_id WITH =, prefix_key WITH =, int8range(lo, hi) WITH &&)
    )
    """,
    "CREATE INDEX line_certificate_inventory_id_idx ON line_certificate (inventory_id)",
    "CREATE INDEX line_certificate_plant_key_idx ON line_certificate (plant_key)",
    "GRANT SELECT, INSERT, DELETE ON line_certificate TO nzc_api",
)

# At the commit: certificates are of green power, of days of their inventory, and serve the series of that.
CERTIFICATE_OF_ITS_LINE = f"""
CREATE FUNCTION nzc_certificate_of_its_line() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
         WHERE l.id = NEW.line_id AND i.id = NEW.inventory_id AND i.series_id = NEW.series_id
           AND l.role = 'SOURCE' AND l.factor #>> '{{zero_factor_basis,reason}}' = 'GREEN_POWER_CONTRACT'
           AND i.starts_on <= NEW.produced_from AND NEW.produced_to <= i.ends_on)
       -- Neither line nor certificate may be there any more: an amendment writes both anew.
       AND EXISTS (SELECT FROM line_certificate AS c WHERE (c.line_id, c.number) = (NEW.line_id, NEW.number)) THEN
        PERFORM nzc_refuse('certificate_of_its_line', format('line %s', NEW.line_id));
    END IF;
    RETURN NULL;
END $$
"""

# At the commit: green power is zero by its certificates.
GREEN_POWER_HAS_CERTIFICATES = f"""
CREATE FUNCTION nzc_green_power_has_certificates() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NEW.factor #>> '{{zero_factor_basis,reason}}' = 'GREEN_POWER_CONTRACT'
       AND EXISTS (SELECT FROM inventory_line WHERE id = NEW.id)
       AND NOT EXISTS (SELECT FROM line_certificate WHERE line_id = NEW.id) THEN
        PERFORM nzc_refuse('green_power_has_certificates', format('line %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# Whether power that an inventory which was handed in claims by certificates is of a project's plant and of days of
# its production.
POWER_CLAIMED = f"""
CREATE FUNCTION nzc_power_is_claimed(of_inventory bigint, of_batch bigint) RETURNS boolean
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT EXISTS (
        SELECT FROM public.line_certificate AS c
          JOIN public.inventory AS i ON i.id = c.inventory_id AND i.submitted_position IS NOT NULL
          JOIN public.site AS s ON s.code_key = c.plant_key
          JOIN public.credit_batch AS b ON b.project_id = s.subject_id AND b.withdrawn_position IS NULL
           AND daterange(b.produced_from, b.produced_to, '[]') && daterange(c.produced_from, c.produced_to, '[]')
         WHERE (of_inventory IS NULL OR c.inventory_id = of_inventory) AND (of_batch IS NULL OR b.id = of_batch))
$$
"""

# As an inventory is handed in: of the power that it claims no reductions were issued.
CERTIFIED_POWER_IS_NOT_CREDITED = f"""
CREATE FUNCTION nzc_certified_power_is_not_credited() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF nzc_power_is_claimed(NEW.id, NULL) THEN
        PERFORM nzc_refuse('certified_power_is_not_credited', format('inventory %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# As reductions are issued: no inventory claims the power.
CREDITED_POWER_IS_NOT_CERTIFIED = f"""
CREATE FUNCTION nzc_credited_power_is_not_certified() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF nzc_power_is_claimed(NULL, NEW.id) THEN
        PERFORM nzc_refuse('credited_power_is_not_certified', format('batch %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

FUNCTIONS = (
    CERTIFICATE_OF_ITS_LINE, GREEN_POWER_HAS_CERTIFICATES, POWER_CLAIMED, CERTIFIED_POWER_IS_NOT_CREDITED,
    CREDITED_POWER_IS_NOT_CERTIFIED,
)  # fmt: skip

TRIGGERS = (
    "CREATE TRIGGER line_certificate_append_only BEFORE UPDATE OR TRUNCATE ON line_certificate "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER line_certificate_added AFTER INSERT ON line_certificate "
    "REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen()",
    "CREATE TRIGGER line_certificate_removed AFTER DELETE ON line_certificate "
    "REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION nzc_lines_frozen()",
    "CREATE CONSTRAINT TRIGGER line_certificate_of_its_line AFTER INSERT ON line_certificate "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_certificate_of_its_line()",
    "CREATE CONSTRAINT TRIGGER inventory_line_has_certificates AFTER INSERT ON inventory_line "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_green_power_has_certificates()",
    "CREATE TRIGGER inventory_power_is_not_credited AFTER UPDATE ON inventory FOR EACH ROW "
    "WHEN (OLD.submitted_position IS NULL AND NEW.submitted_position IS NOT NULL) "
    "EXECUTE FUNCTION nzc_certified_power_is_not_credited()",
    "CREATE CONSTRAINT TRIGGER credit_batch_power_is_not_certified AFTER INSERT ON credit_batch "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_credited_power_is_not_certified()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*TABLES, *FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: what serves whom would be forgotten."""
    raise NotImplementedError
