"""Plans: by versions, with work packages, milestones and materials; what was decided and reached; completions. It only
adds."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE plan (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        version integer NOT NULL,
        reason text,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        construction_budget numeric,
        CONSTRAINT plan_pkey PRIMARY KEY (id),
        CONSTRAINT plan_pilot_id_version_key UNIQUE (pilot_id, version),
        CONSTRAINT plan_pilot_id_id_key UNIQUE (pilot_id, id),
        CONSTRAINT plan_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT plan_version_check CHECK (version > 0 AND (version = 1) = (reason IS NULL)),
        CONSTRAINT plan_days_check CHECK (starts_on <= ends_on),
        CONSTRAINT plan_budget_check
            CHECK (construction_budget BETWEEN 0 AND 1e9 AND scale(construction_budget) <= 6)
    )
    """,
    """
    CREATE TABLE plan_package (
        plan_id bigint NOT NULL,
        number integer NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        stage text NOT NULL,
        CONSTRAINT plan_package_pkey PRIMARY KEY (plan_id, number),
        CONSTRAINT plan_package_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plan (id),
        CONSTRAINT plan_package_number_check CHECK (number BETWEEN 1 AND 50),
        CONSTRAINT plan_package_stage_check
            CHECK (stage IN ('RAW_MATERIAL', 'CONSTRUCTION', 'OPERATION', 'WASTE'))
    )
    """,
    """
    CREATE TABLE plan_measure (
        plan_id bigint NOT NULL,
        package integer NOT NULL,
        measure_id bigint NOT NULL,
        CONSTRAINT plan_measure_pkey PRIMARY KEY (plan_id, measure_id),
        CONSTRAINT plan_measure_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
        CONSTRAINT plan_measure_plan_id_package_fkey
            FOREIGN KEY(plan_id, package) REFERENCES plan_package (plan_id, number)
    )
    """,
    """
    CREATE TABLE plan_milestone (
        plan_id bigint NOT NULL,
        code text NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        due_on date NOT NULL,
        building boolean NOT NULL,
        CONSTRAINT plan_milestone_pkey PRIMARY KEY (plan_id, code),
        CONSTRAINT plan_milestone_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plan (id),
        CONSTRAINT plan_milestone_code_check CHECK (code ~ '^[A-Z0-9]([A-Z0-9-]{0,18}[A-Z0-9])?$')
    )
    """,
    """
    CREATE TABLE plan_material (
        plan_id bigint NOT NULL,
        number integer NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        quantity numeric NOT NULL,
        unit text NOT NULL,
        factor numeric NOT NULL,
        mass numeric,
        distance numeric,
        haul_factor numeric,
        source text NOT NULL,
        CONSTRAINT plan_material_pkey PRIMARY KEY (plan_id, number),
        CONSTRAINT plan_material_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plan (id),
        CONSTRAINT plan_material_number_check CHECK (number BETWEEN 1 AND 200),
        CONSTRAINT plan_material_quantity_check
            CHECK (quantity BETWEEN 0 AND 1e12 AND scale(quantity) <= 6),
        CONSTRAINT plan_material_factor_check CHECK (factor BETWEEN 0 AND 1e9 AND scale(factor) <= 6),
        CONSTRAINT plan_material_haul_check CHECK (
            num_nulls(mass, distance, haul_factor) IN (0, 3) AND mass BETWEEN 0 AND 1e9 AND scale(mass) <= 6
            AND distance BETWEEN 0 AND 100000 AND scale(distance) <= 6
            AND haul_factor BETWEEN 0 AND 1000 AND scale(haul_factor) <= 6)
    )
    """,
    """
    CREATE TABLE plan_step (
        position bigint NOT NULL,
        plan_id bigint NOT NULL,
        state text NOT NULL,
        reason text,
        CONSTRAINT plan_step_pkey PRIMARY KEY (position),
        CONSTRAINT plan_step_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plan (id),
        CONSTRAINT plan_step_state_check CHECK (state IN ('SUBMITTED', 'RETURNED', 'APPROVED')),
        CONSTRAINT plan_step_reason_check CHECK ((state = 'RETURNED') = (reason IS NOT NULL))
    )
    """,
    "CREATE INDEX plan_step_plan_id_position_idx ON plan_step (plan_id, position)",
    """
    CREATE TABLE milestone_reached (
        position bigint NOT NULL,
        pilot_id bigint NOT NULL,
        plan_id bigint NOT NULL,
        code text NOT NULL,
        on_day date NOT NULL,
        document text NOT NULL,
        CONSTRAINT milestone_reached_pkey PRIMARY KEY (position),
        CONSTRAINT milestone_reached_pilot_id_code_key UNIQUE (pilot_id, code),
        CONSTRAINT milestone_reached_pilot_id_plan_id_fkey
            FOREIGN KEY(pilot_id, plan_id) REFERENCES plan (pilot_id, id),
        CONSTRAINT milestone_reached_plan_id_code_fkey
            FOREIGN KEY(plan_id, code) REFERENCES plan_milestone (plan_id, code)
    )
    """,
    """
    CREATE TABLE completion (
        position bigint NOT NULL,
        pilot_id bigint NOT NULL,
        plan_id bigint NOT NULL,
        built_on date NOT NULL,
        stable_from date NOT NULL,
        document text NOT NULL,
        CONSTRAINT completion_pkey PRIMARY KEY (position),
        CONSTRAINT completion_pilot_id_plan_id_fkey
            FOREIGN KEY(pilot_id, plan_id) REFERENCES plan (pilot_id, id),
        CONSTRAINT completion_days_check CHECK (built_on <= stable_from)
    )
    """,
    "CREATE INDEX completion_pilot_id_position_idx ON completion (pilot_id, position)",
    "GRANT SELECT, INSERT ON plan, plan_package, plan_measure, plan_milestone, plan_material, plan_step, "
    "milestone_reached, completion TO nzc_api",
)

# Where a version stood before a position, whatever was drafted after it.
PLAN_STATE = f"""
CREATE FUNCTION nzc_plan_state(of_plan bigint, before bigint) RETURNS text
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT coalesce((SELECT state FROM plan_step WHERE plan_id = of_plan AND position < before
                      ORDER BY position DESC LIMIT 1), 'DRAFT')
$$
"""

# The version that was in force before a position: of those that were approved the last.
PLAN_IN_FORCE = f"""
CREATE FUNCTION nzc_plan_in_force(of_pilot bigint, before bigint) RETURNS bigint
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT max(plan.id) FROM plan
     WHERE pilot_id = of_pilot
       AND EXISTS (SELECT FROM plan_step WHERE plan_id = plan.id AND state = 'APPROVED' AND position < before)
$$
"""

# The day in Guangdong on which an entry was committed.
ENTRY_DAY = f"""
CREATE FUNCTION nzc_entry_day(of_position bigint) RETURNS date
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT (at AT TIME ZONE INTERVAL '+08:00')::date FROM log_entry WHERE position = of_position
$$
"""

# All that the log says of a version: not its reason, nor what its parts are called.
PLAN_SAID = f"""
CREATE FUNCTION nzc_plan_said(of_plan public.plan) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object(
        'pilot', of_plan.pilot_id, 'version', of_plan.version,
        'starts_on', of_plan.starts_on, 'ends_on', of_plan.ends_on,
        'construction_budget', trim_scale(of_plan.construction_budget)::text,
        'packages', coalesce((
            SELECT jsonb_agg(jsonb_build_array(stage, to_jsonb(ARRAY(
                       SELECT measure_id FROM plan_measure AS m
                        WHERE m.plan_id = of_plan.id AND m.package = number ORDER BY measure_id)))
                       ORDER BY number)
              FROM plan_package WHERE plan_id = of_plan.id), '[]'),
        'milestones', coalesce((
            SELECT jsonb_agg(jsonb_build_array(code, due_on, building) ORDER BY code COLLATE "C")
              FROM plan_milestone WHERE plan_id = of_plan.id), '[]'),
        'materials', coalesce((
            SELECT jsonb_agg(jsonb_build_array(
                       unit, trim_scale(quantity)::text, trim_scale(factor)::text, trim_scale(mass)::text,
                       trim_scale(distance)::text, trim_scale(haul_factor)::text) ORDER BY number)
              FROM plan_material WHERE plan_id = of_plan.id), '[]'))
$$
"""

# Asked at the commit, of a version and of each of its parts, so that none is added later.
PLAN_IS_WHOLE = f"""
CREATE FUNCTION nzc_plan_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE
    it plan;
    before plan;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM plan WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    SELECT * INTO before FROM plan WHERE pilot_id = it.pilot_id AND id < it.id ORDER BY id DESC LIMIT 1;
    IF it.version <> coalesce(before.version, 0) + 1
       OR before.id IS NOT NULL AND nzc_plan_state(before.id, it.id) = 'SUBMITTED' THEN
        PERFORM nzc_refuse('plan_version_follows', format('plan %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM plan_milestone
                WHERE plan_id = it.id AND due_on NOT BETWEEN it.starts_on AND it.ends_on) THEN
        PERFORM nzc_refuse('milestone_within_plan', format('plan %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM plan_measure AS m JOIN measure ON measure.id = m.measure_id
                WHERE m.plan_id = it.id AND measure.pilot_id <> it.pilot_id) THEN
        PERFORM nzc_refuse('planned_measure_of_its_pilot', format('plan %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.id
                      AND kind = CASE it.version WHEN 1 THEN 'PLAN_DRAFTED' ELSE 'PLAN_REVISED' END
                      AND body = nzc_plan_said(it)) THEN
        PERFORM nzc_refuse('plan_is_as_logged', format('plan %s', it.id));
    END IF;
    RETURN NULL;
END $$
"""

STEP_IS_WHOLE = f"""
CREATE FUNCTION nzc_plan_step_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF nzc_plan_state(NEW.plan_id, NEW.position)
           <> (CASE NEW.state WHEN 'SUBMITTED' THEN 'DRAFT' ELSE 'SUBMITTED' END)
       OR EXISTS (SELECT FROM plan AS it JOIN plan AS later USING (pilot_id)
                   WHERE it.id = NEW.plan_id AND later.id > it.id AND later.id < NEW.position) THEN
        PERFORM nzc_refuse('plan_step_follows', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.plan_id
                      AND kind = 'PLAN_' || NEW.state
                      AND body = jsonb_build_object('state', NEW.state)) THEN
        PERFORM nzc_refuse('plan_step_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

REACHED_IS_WHOLE = f"""
CREATE FUNCTION nzc_milestone_reached_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.plan_id IS DISTINCT FROM nzc_plan_in_force(NEW.pilot_id, NEW.position) THEN
        PERFORM nzc_refuse('reached_of_plan_in_force', format('position %s', NEW.position));
    END IF;
    IF NEW.on_day < (SELECT starts_on FROM plan WHERE id = NEW.plan_id)
       OR NEW.on_day > nzc_entry_day(NEW.position) THEN
        PERFORM nzc_refuse('reached_since_its_plan', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.plan_id
                      AND kind = 'MILESTONE_REACHED'
                      AND body = jsonb_build_object('milestone', NEW.code, 'on', NEW.on_day)) THEN
        PERFORM nzc_refuse('reached_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

COMPLETION_IS_WHOLE = f"""
CREATE FUNCTION nzc_completion_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.plan_id IS DISTINCT FROM nzc_plan_in_force(NEW.pilot_id, NEW.position) THEN
        PERFORM nzc_refuse('completed_of_plan_in_force', format('position %s', NEW.position));
    END IF;
    IF EXISTS (SELECT FROM plan_milestone AS m
                WHERE m.plan_id = NEW.plan_id AND m.building
                  AND NOT EXISTS (SELECT FROM milestone_reached AS r
                                   WHERE r.pilot_id = NEW.pilot_id AND r.code = m.code
                                     AND r.position < NEW.position AND r.on_day <= NEW.built_on)) THEN
        PERFORM nzc_refuse('completed_after_milestones', format('position %s', NEW.position));
    END IF;
    IF NEW.built_on < (SELECT starts_on FROM plan WHERE id = NEW.plan_id)
       OR NEW.stable_from > nzc_entry_day(NEW.position) THEN
        PERFORM nzc_refuse('completed_since_its_plan', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.plan_id
                      AND kind = 'COMPLETION_RECORDED'
                      AND body = jsonb_build_object('built_on', NEW.built_on,
                                                    'stable_from', NEW.stable_from)) THEN
        PERFORM nzc_refuse('completion_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# Each table, the column that says by which entry a row came, and what holds at the commit.
GUARDED = (
    ("plan", "id", "nzc_plan_is_whole('id')"),
    ("plan_package", "plan_id", "nzc_plan_is_whole('plan_id')"),
    ("plan_measure", "plan_id", "nzc_plan_is_whole('plan_id')"),
    ("plan_milestone", "plan_id", "nzc_plan_is_whole('plan_id')"),
    ("plan_material", "plan_id", "nzc_plan_is_whole('plan_id')"),
    ("plan_step", "position", "nzc_plan_step_is_whole()"),
    ("milestone_reached", "position", "nzc_milestone_reached_is_whole()"),
    ("completion", "position", "nzc_completion_is_whole()"),
)

TRIGGERS = tuple(
    statement
    for table, column, function in GUARDED
    for statement in (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')",
        f"CREATE CONSTRAINT TRIGGER {table}_is_whole AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}",
    )
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES,
        PLAN_STATE,
        PLAN_IN_FORCE,
        ENTRY_DAY,
        PLAN_SAID,
        PLAN_IS_WHOLE,
        STEP_IS_WHOLE,
        REACHED_IS_WHOLE,
        COMPLETION_IS_WHOLE,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
