"""Measures: what is planned, how far it came, what was verified of it; and analyses of potential. It only adds."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE measure (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        technology text,
        catalogue text,
        catalogue_item text,
        route text NOT NULL,
        stage text NOT NULL,
        capex numeric NOT NULL,
        opex_change numeric NOT NULL,
        life_years integer NOT NULL,
        starts_on date NOT NULL,
        expected numeric NOT NULL,
        CONSTRAINT measure_pkey PRIMARY KEY (id),
        CONSTRAINT measure_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT measure_catalogue_check CHECK ((catalogue IS NULL) = (catalogue_item IS NULL)),
        CONSTRAINT measure_route_check CHECK (
            route IN ('REDUCE_ENERGY', 'EFFICIENCY', 'SUBSTITUTION', 'SINK', 'PURCHASE')),
        CONSTRAINT measure_stage_check
            CHECK (stage IN ('RAW_MATERIAL', 'CONSTRUCTION', 'OPERATION', 'WASTE')),
        CONSTRAINT measure_capex_check CHECK (capex BETWEEN 0 AND 1e12 AND scale(capex) <= 2),
        CONSTRAINT measure_opex_check
            CHECK (opex_change BETWEEN -1e12 AND 1e12 AND scale(opex_change) <= 2),
        CONSTRAINT measure_life_check CHECK (life_years BETWEEN 1 AND 100),
        CONSTRAINT measure_expected_check
            CHECK (expected > 0 AND expected <= 1e9 AND scale(expected) <= 6)
    )
    """,
    "CREATE INDEX measure_pilot_id_id_idx ON measure (pilot_id, id)",
    """
    CREATE TABLE measure_saving (
        measure_id bigint NOT NULL,
        carrier text NOT NULL,
        quantity numeric NOT NULL,
        unit text NOT NULL,
        price numeric NOT NULL,
        CONSTRAINT measure_saving_pkey PRIMARY KEY (measure_id, carrier),
        CONSTRAINT measure_saving_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
        CONSTRAINT measure_saving_quantity_check CHECK (
            quantity BETWEEN -1e12 AND 1e12 AND quantity <> 0 AND scale(quantity) <= 6),
        CONSTRAINT measure_saving_price_check CHECK (price BETWEEN 0 AND 1e12 AND scale(price) <= 6)
    )
    """,
    """
    CREATE TABLE measure_exclusion (
        measure_id bigint NOT NULL,
        other_id bigint NOT NULL,
        CONSTRAINT measure_exclusion_pkey PRIMARY KEY (measure_id, other_id),
        CONSTRAINT measure_exclusion_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
        CONSTRAINT measure_exclusion_other_id_fkey FOREIGN KEY(other_id) REFERENCES measure (id),
        CONSTRAINT measure_exclusion_order_check CHECK (other_id < measure_id)
    )
    """,
    "CREATE INDEX measure_exclusion_other_id_idx ON measure_exclusion (other_id)",
    """
    CREATE TABLE measure_progress (
        position bigint NOT NULL,
        measure_id bigint NOT NULL,
        state text NOT NULL,
        on_day date NOT NULL,
        document text NOT NULL,
        CONSTRAINT measure_progress_pkey PRIMARY KEY (position),
        CONSTRAINT measure_progress_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
        CONSTRAINT measure_progress_state_check
            CHECK (state IN ('CONTRACTED', 'BUILT', 'RUNNING', 'STOPPED'))
    )
    """,
    "CREATE INDEX measure_progress_measure_id_position_idx ON measure_progress (measure_id, position)",
    """
    CREATE TABLE measure_effect (
        id bigint NOT NULL,
        measure_id bigint NOT NULL,
        verifier_id bigint NOT NULL,
        method text NOT NULL,
        baseline_starts_on date NOT NULL,
        baseline_ends_on date NOT NULL,
        baseline_co2e numeric NOT NULL,
        routine numeric NOT NULL,
        non_routine numeric NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        co2e numeric NOT NULL,
        r_squared numeric,
        cv_rmse numeric,
        document text NOT NULL,
        CONSTRAINT measure_effect_pkey PRIMARY KEY (id),
        CONSTRAINT measure_effect_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
        CONSTRAINT measure_effect_verifier_id_fkey
            FOREIGN KEY(verifier_id) REFERENCES organisation (id),
        CONSTRAINT measure_effect_method_check CHECK (
            method IN ('IPMVP_A', 'IPMVP_B', 'IPMVP_C', 'IPMVP_D', 'INVENTORY')),
        CONSTRAINT measure_effect_days_check CHECK (
            baseline_starts_on <= baseline_ends_on AND baseline_ends_on < starts_on
            AND starts_on <= ends_on),
        CONSTRAINT measure_effect_co2e_check
            CHECK (baseline_co2e BETWEEN 0 AND 1e9 AND co2e BETWEEN 0 AND 1e9),
        CONSTRAINT measure_effect_adjustments_check
            CHECK (routine BETWEEN -1e9 AND 1e9 AND non_routine BETWEEN -1e9 AND 1e9),
        CONSTRAINT measure_effect_regression_check CHECK (
            CASE method WHEN 'IPMVP_C' THEN r_squared IS NOT NULL AND cv_rmse IS NOT NULL
                                            AND r_squared BETWEEN 0 AND 1 AND cv_rmse BETWEEN 0 AND 10
                        ELSE r_squared IS NULL AND cv_rmse IS NULL END)
    )
    """,
    "CREATE INDEX measure_effect_measure_id_id_idx ON measure_effect (measure_id, id)",
    """
    CREATE TABLE potential_analysis (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        period_id bigint NOT NULL,
        basis text NOT NULL,
        position bigint NOT NULL,
        year integer NOT NULL,
        growth numeric NOT NULL,
        growth_source text NOT NULL,
        paragraphs text[] NOT NULL,
        gross numeric NOT NULL,
        business_as_usual numeric NOT NULL,
        expected numeric NOT NULL,
        sinks numeric NOT NULL,
        remaining numeric NOT NULL,
        CONSTRAINT potential_analysis_pkey PRIMARY KEY (id),
        CONSTRAINT potential_analysis_pilot_id_period_id_fkey
            FOREIGN KEY(pilot_id, period_id) REFERENCES accounting_period (pilot_id, id),
        CONSTRAINT potential_analysis_basis_check
            CHECK (basis IN ('HISTORICAL', 'PROJECTED', 'OPERATIONAL')),
        CONSTRAINT potential_analysis_position_check CHECK (position < id),
        CONSTRAINT potential_analysis_growth_check
            CHECK (growth > -1 AND growth <= 1 AND scale(growth) <= 6),
        CONSTRAINT potential_analysis_paragraphs_check
            CHECK (cardinality(paragraphs) BETWEEN 1 AND 50),
        CONSTRAINT potential_analysis_remaining_check
            CHECK (remaining = business_as_usual - expected - sinks)
    )
    """,
    "CREATE INDEX potential_analysis_pilot_id_id_idx ON potential_analysis (pilot_id, id)",
    "GRANT SELECT, INSERT ON measure, measure_saving, measure_exclusion, measure_progress, measure_effect, "
    "potential_analysis TO nzc_api",
)

# All that the log says of a measure: not its name, nor what is said of its catalogue's item.
MEASURE_SAID = f"""
CREATE FUNCTION nzc_measure_said(of_measure public.measure) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object(
        'pilot', of_measure.pilot_id, 'technology', of_measure.technology,
        'catalogue', of_measure.catalogue, 'route', of_measure.route, 'stage', of_measure.stage,
        'capex', trim_scale(of_measure.capex)::text,
        'opex_change', trim_scale(of_measure.opex_change)::text,
        'life_years', of_measure.life_years, 'starts_on', of_measure.starts_on,
        'expected', trim_scale(of_measure.expected)::text,
        'savings', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                 carrier, trim_scale(quantity)::text, unit, trim_scale(price)::text)
                                 ORDER BY carrier COLLATE "C")
                               FROM measure_saving WHERE measure_id = of_measure.id), '[]'),
        'excludes', coalesce((SELECT jsonb_agg(other_id ORDER BY other_id)
                                FROM measure_exclusion WHERE measure_id = of_measure.id), '[]'))
$$
"""

# Asked at the commit, of a measure and of each of its savings and exclusions, so that none is added later.
MEASURE_IS_WHOLE = f"""
CREATE FUNCTION nzc_measure_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE it measure;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM measure WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF EXISTS (SELECT FROM measure_saving AS s
                WHERE s.measure_id = it.id
                  AND NOT EXISTS (SELECT FROM meter WHERE pilot_id = it.pilot_id
                                                      AND carrier = s.carrier)) THEN
        PERFORM nzc_refuse('saving_is_metered', format('measure %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM measure_exclusion AS e JOIN measure AS other ON other.id = e.other_id
                WHERE e.measure_id = it.id AND other.pilot_id <> it.pilot_id) THEN
        PERFORM nzc_refuse('excluded_of_its_pilot', format('measure %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.id AND kind = 'MEASURE_PLANNED'
                      AND body = nzc_measure_said(it)) THEN
        PERFORM nzc_refuse('measure_is_as_logged', format('measure %s', it.id));
    END IF;
    RETURN NULL;
END $$
"""

PROGRESS_IS_WHOLE = f"""
CREATE FUNCTION nzc_measure_progress_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE
    states CONSTANT text[] := '{{PROPOSED,CONTRACTED,BUILT,RUNNING,STOPPED}}';
    before measure_progress;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO before FROM measure_progress
     WHERE measure_id = NEW.measure_id AND position < NEW.position ORDER BY position DESC LIMIT 1;
    IF NEW.on_day < before.on_day
       OR NOT (array_position(states, NEW.state) > array_position(states, coalesce(before.state, 'PROPOSED'))
               OR before.state = 'STOPPED' AND NEW.state = 'RUNNING') THEN
        PERFORM nzc_refuse('measure_progress_follows', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.measure_id
                      AND kind = 'MEASURE_PROGRESS_RECORDED'
                      AND body = jsonb_build_object('state', NEW.state, 'on', NEW.on_day)) THEN
        PERFORM nzc_refuse('measure_progress_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

EFFECT_IS_WHOLE = f"""
CREATE FUNCTION nzc_measure_effect_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM measure_progress
                    WHERE measure_id = NEW.measure_id AND position < NEW.id AND state = 'RUNNING'
                      AND on_day <= NEW.starts_on) THEN
        PERFORM nzc_refuse('effect_after_running', format('effect %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.measure_id
                      AND kind = 'MEASURE_EFFECT_VERIFIED'
                      AND organisation_id = NEW.verifier_id
                      AND body = jsonb_build_object(
                          'method', NEW.method,
                          'baseline', jsonb_build_array(NEW.baseline_starts_on, NEW.baseline_ends_on,
                                                        trim_scale(NEW.baseline_co2e)::text),
                          'routine', trim_scale(NEW.routine)::text,
                          'non_routine', trim_scale(NEW.non_routine)::text,
                          'reporting', jsonb_build_array(NEW.starts_on, NEW.ends_on,
                                                         trim_scale(NEW.co2e)::text),
                          'r_squared', trim_scale(NEW.r_squared)::text,
                          'cv_rmse', trim_scale(NEW.cv_rmse)::text)) THEN
        PERFORM nzc_refuse('effect_is_as_logged', format('effect %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

ANALYSIS_IS_WHOLE = f"""
CREATE FUNCTION nzc_potential_analysis_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.year < (SELECT extract(year FROM ends_on) FROM accounting_period WHERE id = NEW.period_id) THEN
        PERFORM nzc_refuse('potential_lies_ahead', format('analysis %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'POTENTIAL_ANALYSED'
                      AND body = jsonb_build_object(
                          'pilot', NEW.pilot_id, 'accounting_period', NEW.period_id, 'basis', NEW.basis,
                          'position', NEW.position, 'year', NEW.year,
                          'growth', trim_scale(NEW.growth)::text, 'gross', trim_scale(NEW.gross)::text,
                          'business_as_usual', trim_scale(NEW.business_as_usual)::text,
                          'expected', trim_scale(NEW.expected)::text,
                          'sinks', trim_scale(NEW.sinks)::text,
                          'remaining', trim_scale(NEW.remaining)::text)) THEN
        PERFORM nzc_refuse('potential_is_as_logged', format('analysis %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

TABLE_NAMES = (
    "measure",
    "measure_saving",
    "measure_exclusion",
    "measure_progress",
    "measure_effect",
    "potential_analysis",
)

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in TABLE_NAMES
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in zip(
            TABLE_NAMES,
            ("id", "measure_id", "measure_id", "position", "id", "id"),
            strict=True,
        )
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_is_whole AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}"
        for table, function in zip(
            TABLE_NAMES,
            (
                "nzc_measure_is_whole('id')",
                "nzc_measure_is_whole('measure_id')",
                "nzc_measure_is_whole('measure_id')",
                "nzc_measure_progress_is_whole()",
                "nzc_measure_effect_is_whole()",
                "nzc_potential_analysis_is_whole()",
            ),
            strict=True,
        )
    ),
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES,
        MEASURE_SAID,
        MEASURE_IS_WHOLE,
        PROGRESS_IS_WHOLE,
        EFFECT_IS_WHOLE,
        ANALYSIS_IS_WHOLE,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
