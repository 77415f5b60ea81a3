"""Targets: versions of how far a pilot's net may reach in each year, down to zero. Documents, and what they are
attached to. It only adds."""

from alembic import op

revision = "0018"
down_revision = "0017"
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
    """
    CREATE TABLE document (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        subject_kind text NOT NULL,
        subject_id bigint NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        media_type text NOT NULL,
        size bigint NOT NULL,
        sha256 text NOT NULL,
        CONSTRAINT document_pkey PRIMARY KEY (id),
        CONSTRAINT document_id_sha256_key UNIQUE (id, sha256),
        CONSTRAINT document_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT document_subject_check CHECK (subject_id < id),
        CONSTRAINT document_kind_check CHECK (
            kind IN ('BILL', 'METER_RECORD', 'CONTRACT', 'CERTIFICATE', 'TEST_REPORT',
                     'VERIFICATION_REPORT', 'CALCULATION', 'PHOTOGRAPH', 'OTHER')),
        CONSTRAINT document_name_check CHECK (name ~ '^[^/\\\\]{1,200}$'),
        CONSTRAINT document_media_type_check CHECK (media_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
        CONSTRAINT document_size_check CHECK (size BETWEEN 1 AND 50000000),
        CONSTRAINT document_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$')
    )
    """,
    "CREATE INDEX document_pilot_id_id_idx ON document (pilot_id, id)",
    """
    CREATE TABLE attachment (
        subject_id bigint NOT NULL,
        document_id bigint NOT NULL,
        sha256 text NOT NULL,
        CONSTRAINT attachment_pkey PRIMARY KEY (subject_id, document_id),
        CONSTRAINT attachment_subject_id_sha256_key UNIQUE (subject_id, sha256),
        CONSTRAINT attachment_document_id_sha256_fkey
            FOREIGN KEY(document_id, sha256) REFERENCES document (id, sha256)
    )
    """,
    "GRANT SELECT, INSERT ON target, target_ceiling, document, attachment TO nzc_api",
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

# A document is of the pilot whose thing it is attached to, and what its entry says.
DOCUMENT_IS_WHOLE = f"""
CREATE FUNCTION nzc_document_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.pilot_id IS DISTINCT FROM (
        CASE NEW.subject_kind
        WHEN 'Pilot' THEN (SELECT id FROM pilot WHERE id = NEW.subject_id)
        WHEN 'Inventory' THEN (SELECT pilot_id FROM inventory WHERE id = NEW.subject_id)
        WHEN 'Target' THEN (SELECT pilot_id FROM target WHERE id = NEW.subject_id)
        WHEN 'EmissionSource' THEN (
            SELECT i.pilot_id FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
             WHERE l.id = NEW.subject_id AND l.role = 'SOURCE')
        WHEN 'Sink' THEN (
            SELECT i.pilot_id FROM inventory_line AS l JOIN inventory AS i ON i.id = l.inventory_id
             WHERE l.id = NEW.subject_id AND l.role = 'SINK')
        END) THEN
        PERFORM nzc_refuse('document_of_its_pilot', format('document %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM attachment
                    WHERE subject_id = NEW.subject_id AND document_id = NEW.id) THEN
        PERFORM nzc_refuse('document_is_attached', format('document %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'DOCUMENT_ATTACHED'
                      AND body = to_jsonb(NEW) - '{{id,name,pilot_id,subject_id}}'::text[]
                                 || jsonb_build_object('pilot', NEW.pilot_id, 'subject', NEW.subject_id)) THEN
        PERFORM nzc_refuse('document_is_as_logged', format('document %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# A document comes to something as it is registered, or as the next version of a line that has it is recorded.
ATTACHMENT_COMES_WITH = f"""
CREATE FUNCTION nzc_attachment_comes_with() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT nzc_appended_now(greatest(NEW.document_id, NEW.subject_id))
       OR NOT (NEW.subject_id = (SELECT subject_id FROM document WHERE id = NEW.document_id)
               OR EXISTS (SELECT FROM inventory_line AS l
                            JOIN inventory AS next ON next.id = l.inventory_id
                            JOIN inventory AS before
                              ON before.series_id = next.series_id AND before.version < next.version
                            JOIN inventory_line AS was
                              ON was.inventory_id = before.id AND was.role = l.role
                            JOIN attachment AS a
                              ON a.subject_id = was.id AND a.document_id = NEW.document_id
                           WHERE l.id = NEW.subject_id)) THEN
        PERFORM nzc_refuse('attachment_comes_with', format('document %s', NEW.document_id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in ("target", "target_ceiling", "document", "attachment")
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in (("target", "id"), ("target_ceiling", "target_id"), ("document", "id"))
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
    "CREATE CONSTRAINT TRIGGER document_is_whole AFTER INSERT ON document "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_document_is_whole()",
    "CREATE CONSTRAINT TRIGGER attachment_comes_with AFTER INSERT ON attachment "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_attachment_comes_with()",
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES,
        TARGET_SAID,
        TARGET_IS_WHOLE,
        DOCUMENT_IS_WHOLE,
        ATTACHMENT_COMES_WITH,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
