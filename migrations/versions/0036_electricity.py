"""By which method an inventory's bought electricity counts, and certificates of lines at a grid's factor. What was
accounted stays as it is."""

from alembic import op

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

# Where a line of green power is at zero, bought electricity counted by market: in all inventories of the period and
# basis, for in the others, which have no certificates, both methods come to the same.
COLUMN = (
    "ALTER TABLE inventory ADD COLUMN electricity_method text NOT NULL DEFAULT 'LOCATION_BASED'",
    "ALTER TABLE inventory ALTER COLUMN electricity_method DROP DEFAULT",
    "ALTER TABLE inventory DISABLE TRIGGER USER",
    """
    UPDATE inventory SET electricity_method = 'MARKET_BASED'
     WHERE (period_id, basis) IN (
            SELECT i.period_id, i.basis FROM inventory AS i JOIN inventory_line AS l ON l.inventory_id = i.id
             WHERE l.factor #>> '{zero_factor_basis,reason}' = 'GREEN_POWER_CONTRACT')
    """,
    "ALTER TABLE inventory ENABLE TRIGGER USER",
    "ALTER TABLE inventory ADD CONSTRAINT inventory_electricity_method_check "
    "CHECK (electricity_method IN ('LOCATION_BASED', 'MARKET_BASED'))",
)

# What was submitted, verified or discarded stays. A draft's own terms may change while it is one, its days within its
# accounting period. Only the latest submitted version is verified.
INVENTORY_FROZEN = f"""
CREATE OR REPLACE FUNCTION nzc_inventory_frozen() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE
    -- What a draft's own terms are, while it is one; the days of a later version are those of the first.
    terms text[] := '{{submitted_position,verified_position,verifier_id,discarded_position,status}}';
BEGIN
    PERFORM nzc_lock_head();
    IF coalesce(OLD.submitted_position, OLD.discarded_position,
                NEW.submitted_position, NEW.discarded_position) IS NULL THEN
        terms := terms || '{{gwp_set,factor_list,factor_list_version,not_occurring,electricity_method}}'::text[];
        IF OLD.version = 1 THEN
            terms := terms || '{{starts_on,ends_on}}'::text[];
        END IF;
    END IF;
    IF to_jsonb(NEW) - terms <> to_jsonb(OLD) - terms
       OR (OLD.submitted_position IS NOT NULL
           AND NEW.submitted_position IS DISTINCT FROM OLD.submitted_position)
       OR (OLD.verified_position IS NOT NULL
           AND (NEW.verified_position, NEW.verifier_id)
               IS DISTINCT FROM (OLD.verified_position, OLD.verifier_id))
       OR (OLD.discarded_position IS NOT NULL
           AND NEW.discarded_position IS DISTINCT FROM OLD.discarded_position) THEN
        PERFORM nzc_refuse('inventory_is_frozen', format('inventory %s', OLD.id));
    END IF;
    IF NOT EXISTS (SELECT FROM accounting_period AS p
                    WHERE p.id = NEW.period_id
                      AND p.starts_on <= NEW.starts_on AND NEW.ends_on <= p.ends_on) THEN
        PERFORM nzc_refuse('inventory_inside_period', format('inventory %s', NEW.id));
    END IF;
    IF OLD.verified_position IS NULL AND NEW.verified_position IS NOT NULL AND EXISTS (
        SELECT FROM inventory AS later
         WHERE later.series_id = NEW.series_id AND later.version > NEW.version
           AND later.submitted_position IS NOT NULL) THEN
        PERFORM nzc_refuse('inventory_is_latest', format('inventory %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

# Whether a line is of electricity that is bought: of green power at zero, at the factor of a grid, or at one of its own
# where there is nothing but electricity.
IS_BOUGHT_POWER = f"""
CREATE FUNCTION nzc_is_bought_power(category text, factor jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE {SEARCH_PATH} AS $$
    SELECT CASE WHEN factor ? 'zero_factor_basis'
                THEN factor #>> '{{zero_factor_basis,reason}}' = 'GREEN_POWER_CONTRACT'
                ELSE category <> 'EXPORTED_ELECTRICITY'
                     AND (factor ->> 'kind' = 'ELECTRICITY'
                          OR factor ->> 'kind' = 'OWN' AND category = 'PURCHASED_ELECTRICITY') END
$$
"""

# At the commit: certificates are of electricity that is bought, of days of their inventory, and serve the series of
# that.
CERTIFICATE_OF_ITS_LINE = f"""
CREATE OR REPLACE FUNCTION nzc_certificate_of_its_line() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
         WHERE l.id = NEW.line_id AND i.id = NEW.inventory_id AND i.series_id = NEW.series_id
           AND l.role = 'SOURCE' AND nzc_is_bought_power(l.category, l.factor)
           AND i.starts_on <= NEW.produced_from AND NEW.produced_to <= i.ends_on)
       -- Neither line nor certificate may be there any more: an amendment writes both anew.
       AND EXISTS (SELECT FROM line_certificate AS c WHERE (c.line_id, c.number) = (NEW.line_id, NEW.number)) THEN
        PERFORM nzc_refuse('certificate_of_its_line', format('line %s', NEW.line_id));
    END IF;
    RETURN NULL;
END $$
"""

# At the commit, of a line and of an inventory whose method changed: green power is at zero by market only.
GREEN_POWER_IS_BY_MARKET = f"""
CREATE FUNCTION nzc_green_power_is_by_market() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE
    of_inventory bigint := (to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'inventory' THEN 'id' ELSE 'inventory_id' END);
BEGIN
    IF EXISTS (SELECT FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
                WHERE i.id = of_inventory AND i.electricity_method = 'LOCATION_BASED'
                  AND l.factor #>> '{{zero_factor_basis,reason}}' = 'GREEN_POWER_CONTRACT') THEN
        PERFORM nzc_refuse('green_power_is_by_market', format('inventory %s', of_inventory));
    END IF;
    RETURN NULL;
END $$
"""

FUNCTIONS = (
    INVENTORY_FROZEN, IS_BOUGHT_POWER, CERTIFICATE_OF_ITS_LINE, GREEN_POWER_IS_BY_MARKET,
)  # fmt: skip

TRIGGERS = (
    "CREATE CONSTRAINT TRIGGER inventory_line_green_power_is_by_market AFTER INSERT ON inventory_line "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "WHEN (NEW.factor #>> '{zero_factor_basis,reason}' = 'GREEN_POWER_CONTRACT') "
    "EXECUTE FUNCTION nzc_green_power_is_by_market()",
    "CREATE CONSTRAINT TRIGGER inventory_green_power_is_by_market AFTER UPDATE OF electricity_method ON inventory "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_green_power_is_by_market()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*COLUMN, *FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: by which method an inventory counts would be forgotten."""
    raise NotImplementedError
