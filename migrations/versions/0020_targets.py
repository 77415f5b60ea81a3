"""Targets: versions of how far a pilot's net may reach in each year, down to zero. It only adds."""

from alembic import op

revision = "0020"
down_revision = "0014"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE target (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        version integer NOT NULL,
        reason text,
        weakened boolean NOT NULL,
        routes text[] NOT NULL,
        baseline_period_id bigint NOT NULL,
        baseline_basis text NOT NULL,
        baseline_position bigint NOT NULL,
        baseline_year integer NOT NULL,
        baseline_gross numeric NOT NULL,
        baseline_net numeric NOT NULL,
        CONSTRAINT target_pkey PRIMARY KEY (id),
        CONSTRAINT target_pilot_id_version_key UNIQUE (pilot_id, version),
        CONSTRAINT target_pilot_id_baseline_period_id_fkey
            FOREIGN KEY(pilot_id, baseline_period_id) REFERENCES accounting_period (pilot_id, id),
        CONSTRAINT target_version_check CHECK (
            version > 0 AND (version = 1) = (reason IS NULL) AND (version > 1 OR NOT weakened)),
        CONSTRAINT target_reason_check
            CHECK (reason IN ('BOUNDARY', 'METHOD', 'FACTOR', 'ERROR', 'AMBITION')),
        CONSTRAINT target_routes_check CHECK (cardinality(routes) > 0 AND routes <@
            '{REDUCE_ENERGY,EFFICIENCY,SUBSTITUTION,SINK,PURCHASE}'::text[]),
        CONSTRAINT target_basis_check CHECK (baseline_basis IN ('HISTORICAL', 'PROJECTED')),
        CONSTRAINT target_position_check CHECK (baseline_position < id),
        CONSTRAINT target_baseline_check CHECK (
            baseline_gross > 0 AND baseline_gross < 'Infinity'
            AND baseline_net > 0 AND baseline_net < 'Infinity')
    )
    """,
    "CREATE INDEX target_pilot_id_id_idx ON target (pilot_id, id)",
    """
    CREATE TABLE target_ceiling (
        target_id bigint NOT NULL,
        year integer NOT NULL,
        net numeric NOT NULL,
        gross numeric,
        credits bigint,
        CONSTRAINT target_ceiling_pkey PRIMARY KEY (target_id, year),
        CONSTRAINT target_ceiling_target_id_fkey FOREIGN KEY(target_id) REFERENCES target (id),
        CONSTRAINT target_ceiling_net_check CHECK (net BETWEEN 0 AND 1e12 AND scale(net) <= 6),
        CONSTRAINT target_ceiling_gross_check
            CHECK (gross BETWEEN net AND 1e12 AND scale(gross) <= 6),
        CONSTRAINT target_ceiling_credits_check CHECK (credits BETWEEN 0 AND 1000000000000)
    )
    """,
    "GRANT SELECT, INSERT ON target, target_ceiling TO nzc_api",
)

# All that the log says of a version.
TARGET_SAID = f"""
CREATE FUNCTION nzc_target_said(of_target public.target) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object(
        'pilot', of_target.pilot_id, 'version', of_target.version, 'reason', of_target.reason,
        'weakened', of_target.weakened, 'routes', to_jsonb(of_target.routes),
        'baseline', jsonb_build_object(
            'accounting_period', of_target.baseline_period_id, 'basis', of_target.baseline_basis,
            'position', of_target.baseline_position, 'year', of_target.baseline_year,
            'gross', trim_scale(of_target.baseline_gross)::text,
            'net', trim_scale(of_target.baseline_net)::text),
        'ceilings', (SELECT jsonb_agg(jsonb_build_array(year, trim_scale(net)::text,
                                                        trim_scale(gross)::text, credits) ORDER BY year)
                       FROM target_ceiling WHERE target_id = of_target.id))
$$
"""

# Asked at the commit, of a version and of each of its ceilings, so that none is added later.
TARGET_IS_WHOLE = f"""
CREATE FUNCTION nzc_target_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE it target;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM target WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF it.version > 1 AND NOT EXISTS (
        SELECT FROM target WHERE pilot_id = it.pilot_id AND version = it.version - 1 AND id < it.id) THEN
        PERFORM nzc_refuse('target_follows_version', format('target %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM accounting_period
                    WHERE id = it.baseline_period_id
                      AND ends_on = starts_on + interval '1 year' - interval '1 day'
                      AND extract(year FROM ends_on) = it.baseline_year) THEN
        PERFORM nzc_refuse('target_begins_with_a_year', format('target %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM (SELECT year, net, gross, min(net) OVER earlier AS net_before,
                                   min(gross) OVER earlier AS gross_before
                              FROM target_ceiling WHERE target_id = it.id
                            WINDOW earlier AS (ORDER BY year
                                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS step
                WHERE year <= it.baseline_year OR net > least(net_before, it.baseline_net)
                   OR gross > least(gross_before, it.baseline_gross)) THEN
        PERFORM nzc_refuse('target_falls', format('target %s', it.id));
    END IF;
    IF (SELECT net FROM target_ceiling WHERE target_id = it.id ORDER BY year DESC LIMIT 1)
       IS DISTINCT FROM 0 THEN
        PERFORM nzc_refuse('target_ends_at_zero', format('target %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.id AND body = nzc_target_said(it)
                      AND kind = CASE it.version WHEN 1 THEN 'TARGET_RECORDED' ELSE 'TARGET_REVISED' END) THEN
        PERFORM nzc_refuse('target_is_as_logged', format('target %s', it.id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in ("target", "target_ceiling")
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in (("target", "id"), ("target_ceiling", "target_id"))
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {name}_is_whole AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_target_is_whole('{column}')"
        for name, table, column in (
            ("target", "target", "id"),
            ("target_ceiling_target", "target_ceiling", "target_id"),
        )
    ),
)


def upgrade() -> None:
    """Add them."""
    for statement in (*TABLES, TARGET_SAID, TARGET_IS_WHOLE, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
