"""Choosing pilots: applications, what they claim, what was found of that, and what became of them. It only adds."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE application (
        id bigint NOT NULL,
        operator_id bigint NOT NULL,
        variant text NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        applicant_kind text NOT NULL,
        applicant_name_zh text NOT NULL,
        applicant_name_en text NOT NULL,
        division_code text NOT NULL,
        establishment text NOT NULL,
        operation_starts_on date,
        boundary text NOT NULL,
        hectares numeric,
        outline jsonb,
        CONSTRAINT application_pkey PRIMARY KEY (id),
        CONSTRAINT application_operator_id_fkey
            FOREIGN KEY(operator_id) REFERENCES organisation (id),
        CONSTRAINT application_area_check
            CHECK (hectares > 0 AND hectares <= 18000000 AND scale(hectares) <= 4),
        CONSTRAINT application_outline_check CHECK (jsonb_array_length(outline) BETWEEN 3 AND 500)
    )
    """,
    "CREATE INDEX application_operator_id_id_idx ON application (operator_id, id)",
    """
    CREATE TABLE application_step (
        position bigint NOT NULL,
        application_id bigint NOT NULL,
        state text NOT NULL,
        reason text,
        pilot_id bigint,
        CONSTRAINT application_step_pkey PRIMARY KEY (position),
        CONSTRAINT application_step_pilot_id_key UNIQUE (pilot_id),
        CONSTRAINT application_step_application_id_fkey
            FOREIGN KEY(application_id) REFERENCES application (id),
        CONSTRAINT application_step_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT application_step_state_check CHECK (
            state IN ('SUBMITTED', 'RETURNED', 'WITHDRAWN', 'SELECTED', 'NOT_SELECTED')),
        CONSTRAINT application_step_reason_check CHECK ((state = 'SUBMITTED') = (reason IS NULL)),
        CONSTRAINT application_step_pilot_check CHECK ((state = 'SELECTED') = (pilot_id IS NOT NULL))
    )
    """,
    "CREATE INDEX application_step_application_id_position_idx ON application_step (application_id, position)",
    """
    CREATE TABLE criterion_claim (
        id bigint NOT NULL,
        application_id bigint NOT NULL,
        criterion text NOT NULL,
        statement text NOT NULL,
        CONSTRAINT criterion_claim_pkey PRIMARY KEY (id),
        CONSTRAINT criterion_claim_application_id_fkey
            FOREIGN KEY(application_id) REFERENCES application (id)
    )
    """,
    "CREATE INDEX criterion_claim_application_id_id_idx ON criterion_claim (application_id, id)",
    """
    CREATE TABLE claim_document (
        claim_id bigint NOT NULL,
        number integer NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        media_type text NOT NULL,
        size bigint NOT NULL,
        sha256 text NOT NULL,
        CONSTRAINT claim_document_pkey PRIMARY KEY (claim_id, number),
        CONSTRAINT claim_document_claim_id_sha256_key UNIQUE (claim_id, sha256),
        CONSTRAINT claim_document_claim_id_fkey FOREIGN KEY(claim_id) REFERENCES criterion_claim (id),
        CONSTRAINT claim_document_number_check CHECK (number BETWEEN 1 AND 20),
        CONSTRAINT claim_document_kind_check CHECK (
            kind IN ('BILL', 'METER_RECORD', 'CONTRACT', 'CERTIFICATE', 'TEST_REPORT',
                     'VERIFICATION_REPORT', 'CALCULATION', 'PHOTOGRAPH', 'OTHER')),
        CONSTRAINT claim_document_size_check CHECK (size BETWEEN 1 AND 50000000),
        CONSTRAINT claim_document_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$')
    )
    """,
    """
    CREATE TABLE criterion_judgement (
        id bigint NOT NULL,
        application_id bigint NOT NULL,
        criterion text NOT NULL,
        verdict text NOT NULL,
        reason text NOT NULL,
        CONSTRAINT criterion_judgement_pkey PRIMARY KEY (id),
        CONSTRAINT criterion_judgement_application_id_fkey
            FOREIGN KEY(application_id) REFERENCES application (id),
        CONSTRAINT criterion_judgement_verdict_check
            CHECK (verdict IN ('MET', 'NOT_MET', 'NOT_SHOWN'))
    )
    """,
    "CREATE INDEX criterion_judgement_application_id_criterion_id_idx "
    "ON criterion_judgement (application_id, criterion, id)",
    "GRANT SELECT, INSERT ON application, application_step, criterion_claim, claim_document, "
    "criterion_judgement TO nzc_api",
)

# Where an application stood before a position.
APPLICATION_STATE = f"""
CREATE FUNCTION nzc_application_state(of_application bigint, before bigint) RETURNS text
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT coalesce((SELECT state FROM application_step
                      WHERE application_id = of_application AND position < before
                      ORDER BY position DESC LIMIT 1), 'OPEN')
$$
"""

# A criterion is of the application's kind: codes begin with it.
CRITERION_IS_OF = f"""
CREATE FUNCTION nzc_criterion_is_of(criterion text, of_application bigint) RETURNS boolean
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT EXISTS (SELECT FROM application
                    WHERE id = of_application
                      AND criterion ~ ('^' || split_part(variant, '_', 1) || '-[1-9](\\.[a-z])?$'))
$$
"""

APPLICATION_IS_WHOLE = f"""
CREATE FUNCTION nzc_application_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'APPLICATION_OPENED'
                      AND body = jsonb_build_object(
                          'operator', NEW.operator_id, 'variant', NEW.variant,
                          'applicant_kind', NEW.applicant_kind, 'division', NEW.division_code,
                          'establishment', NEW.establishment)) THEN
        PERFORM nzc_refuse('application_is_as_logged', format('application %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

STEP_IS_WHOLE = f"""
CREATE FUNCTION nzc_application_step_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE before text;
BEGIN
    PERFORM nzc_lock_head();
    before := nzc_application_state(NEW.application_id, NEW.position);
    IF NOT (CASE NEW.state
            WHEN 'SUBMITTED' THEN before IN ('OPEN', 'RETURNED')
            WHEN 'WITHDRAWN' THEN before IN ('OPEN', 'RETURNED', 'SUBMITTED')
            ELSE before = 'SUBMITTED' END) THEN
        PERFORM nzc_refuse('application_step_follows', format('position %s', NEW.position));
    END IF;
    IF NEW.pilot_id IS NOT NULL AND NOT (
        nzc_appended_now(NEW.pilot_id)
        AND EXISTS (SELECT FROM application AS a JOIN pilot AS p USING (
                           operator_id, variant, name_zh, name_en, applicant_kind, applicant_name_zh,
                           applicant_name_en, division_code, establishment)
                     WHERE a.id = NEW.application_id AND p.id = NEW.pilot_id
                       AND p.operation_starts_on IS NOT DISTINCT FROM a.operation_starts_on)) THEN
        PERFORM nzc_refuse('selected_pilot_is_the_applied', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.application_id
                      AND kind = CASE WHEN NEW.state IN ('SUBMITTED', 'WITHDRAWN')
                                      THEN 'APPLICATION_' || NEW.state ELSE 'APPLICATION_DECIDED' END
                      AND body = jsonb_build_object('state', NEW.state, 'pilot', NEW.pilot_id)) THEN
        PERFORM nzc_refuse('application_step_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# Asked at the commit, of a claim and of each of its documents, so that none is added later.
CLAIM_IS_WHOLE = f"""
CREATE FUNCTION nzc_claim_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE it criterion_claim;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM criterion_claim WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF nzc_application_state(it.application_id, it.id) NOT IN ('OPEN', 'RETURNED') THEN
        PERFORM nzc_refuse('claimed_while_open', format('claim %s', it.id));
    END IF;
    IF NOT nzc_criterion_is_of(it.criterion, it.application_id) THEN
        PERFORM nzc_refuse('claim_is_of_its_kind', format('claim %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.application_id
                      AND kind = 'CRITERION_CLAIMED'
                      AND body = jsonb_build_object(
                          'criterion', it.criterion,
                          'documents', coalesce((SELECT jsonb_agg(sha256 ORDER BY number)
                                                   FROM claim_document WHERE claim_id = it.id), '[]'))) THEN
        PERFORM nzc_refuse('claim_is_as_logged', format('claim %s', it.id));
    END IF;
    RETURN NULL;
END $$
"""

JUDGEMENT_IS_WHOLE = f"""
CREATE FUNCTION nzc_judgement_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF nzc_application_state(NEW.application_id, NEW.id) <> 'SUBMITTED' THEN
        PERFORM nzc_refuse('judged_while_submitted', format('judgement %s', NEW.id));
    END IF;
    IF NOT nzc_criterion_is_of(NEW.criterion, NEW.application_id) THEN
        PERFORM nzc_refuse('judgement_is_of_its_kind', format('judgement %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.application_id
                      AND kind = 'CRITERION_JUDGED'
                      AND body = jsonb_build_object('criterion', NEW.criterion, 'verdict', NEW.verdict)) THEN
        PERFORM nzc_refuse('judgement_is_as_logged', format('judgement %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in (
            "application",
            "application_step",
            "criterion_claim",
            "claim_document",
            "criterion_judgement",
        )
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in (
            ("application", "id"),
            ("application_step", "position"),
            ("criterion_claim", "id"),
            ("claim_document", "claim_id"),
            ("criterion_judgement", "id"),
        )
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_is_whole AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}"
        for table, function in (
            ("application", "nzc_application_is_whole()"),
            ("application_step", "nzc_application_step_is_whole()"),
            ("criterion_claim", "nzc_claim_is_whole('id')"),
            ("claim_document", "nzc_claim_is_whole('claim_id')"),
            ("criterion_judgement", "nzc_judgement_is_whole()"),
        )
    ),
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES,
        APPLICATION_STATE,
        CRITERION_IS_OF,
        APPLICATION_IS_WHOLE,
        STEP_IS_WHOLE,
        CLAIM_IS_WHOLE,
        JUDGEMENT_IS_WHOLE,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
