"""Energy baselines: what pilots' use was explained by, and expected by; and degree days, of which there may be none. It
only adds."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    "ALTER TABLE denominator DROP CONSTRAINT denominator_value_check",
    "ALTER TABLE denominator ADD CONSTRAINT denominator_value_check CHECK (value >= 0 AND value < 'Infinity' AND "
    "(value > 0 OR kind IN ('HEATING_DEGREE_DAYS', 'COOLING_DEGREE_DAYS')))",
    """
    CREATE TABLE energy_baseline (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        carrier text NOT NULL,
        unit text NOT NULL,
        step text NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        position bigint NOT NULL,
        points integer NOT NULL,
        intercept numeric NOT NULL,
        r_squared numeric NOT NULL,
        cv_rmse numeric NOT NULL,
        CONSTRAINT energy_baseline_pkey PRIMARY KEY (id),
        CONSTRAINT energy_baseline_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT energy_baseline_step_check CHECK (step IN ('DAY', 'MONTH')),
        CONSTRAINT energy_baseline_order_check CHECK (starts_on <= ends_on),
        CONSTRAINT energy_baseline_position_check CHECK (position < id),
        CONSTRAINT energy_baseline_intercept_check CHECK (intercept > '-Infinity' AND intercept < 'Infinity'),
        CONSTRAINT energy_baseline_r_squared_check CHECK (r_squared BETWEEN 0 AND 1),
        CONSTRAINT energy_baseline_cv_rmse_check CHECK (cv_rmse >= 0 AND cv_rmse < 'Infinity')
    )
    """,
    "CREATE INDEX energy_baseline_pilot_id_id_idx ON energy_baseline (pilot_id, id)",
    """
    CREATE TABLE energy_baseline_variable (
        baseline_id bigint NOT NULL,
        number integer NOT NULL,
        kind text NOT NULL,
        product text,
        slope numeric NOT NULL,
        least numeric NOT NULL,
        most numeric NOT NULL,
        CONSTRAINT energy_baseline_variable_pkey PRIMARY KEY (baseline_id, number),
        CONSTRAINT energy_baseline_variable_baseline_id_fkey
            FOREIGN KEY(baseline_id) REFERENCES energy_baseline (id),
        CONSTRAINT energy_baseline_variable_product_check CHECK ((kind = 'PRODUCT') = (product IS NOT NULL)),
        CONSTRAINT energy_baseline_variable_slope_check CHECK (slope > '-Infinity' AND slope < 'Infinity'),
        CONSTRAINT energy_baseline_variable_range_check CHECK (least >= 0 AND least < most AND most < 'Infinity')
    )
    """,
    "GRANT SELECT, INSERT ON energy_baseline, energy_baseline_variable TO nzc_api",
)

# All that the log says of a baseline.
BASELINE_SAID = f"""
CREATE FUNCTION nzc_energy_baseline_said(of_baseline public.energy_baseline) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object(
        'pilot', of_baseline.pilot_id, 'carrier', of_baseline.carrier, 'unit', of_baseline.unit,
        'step', of_baseline.step, 'starts_on', of_baseline.starts_on, 'ends_on', of_baseline.ends_on,
        'position', of_baseline.position, 'points', of_baseline.points,
        'intercept', trim_scale(of_baseline.intercept)::text,
        'r_squared', trim_scale(of_baseline.r_squared)::text,
        'cv_rmse', trim_scale(of_baseline.cv_rmse)::text,
        'variables', (SELECT jsonb_agg(jsonb_build_array(
                                 kind, product, trim_scale(slope)::text, trim_scale(least)::text,
                                 trim_scale(most)::text) ORDER BY number)
                        FROM public.energy_baseline_variable WHERE baseline_id = of_baseline.id))
$$
"""

# Asked at the commit, of a baseline and of each of its variables, so that none is added later: it rests on more steps
# than it has numbers, and is as the log says.
BASELINE_IS_WHOLE = f"""
CREATE FUNCTION nzc_energy_baseline_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE it energy_baseline;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM energy_baseline WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF it.points < 2 + (SELECT count(*) FROM energy_baseline_variable WHERE baseline_id = it.id) THEN
        PERFORM nzc_refuse('energy_baseline_has_points', format('baseline %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND kind = 'ENERGY_BASELINE_RECORDED'
                      AND body = nzc_energy_baseline_said(it)) THEN
        PERFORM nzc_refuse('energy_baseline_is_as_logged', format('baseline %s', it.id));
    END IF;
    RETURN NULL;
END $$
"""

OF = (("energy_baseline", "id"), ("energy_baseline_variable", "baseline_id"))

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table, _ in OF
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in OF
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_is_whole AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_energy_baseline_is_whole('{column}')"
        for table, column in OF
    ),
)


def upgrade() -> None:
    """Add them."""
    for statement in (*TABLES, BASELINE_SAID, BASELINE_IS_WHOLE, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
