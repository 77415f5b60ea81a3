"""What was registered wrongly can be put right: accounting periods are withdrawn while nothing rests on them,
organisations are amended, projects renamed, and methodologies stated that enrolments left out.

What is there stays as it is. An earlier release beside it does not know that a period is withdrawn."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

PERIODS = (
    "ALTER TABLE accounting_period ADD COLUMN withdrawn_position bigint",
    "ALTER TABLE accounting_period ADD CONSTRAINT accounting_period_withdrawn_check "
    "CHECK (withdrawn_position > id)",
    "ALTER TABLE accounting_period DROP CONSTRAINT accounting_period_no_overlap_excl",
    """ALTER TABLE accounting_period ADD CONSTRAINT accounting_period_no_overlap_excl
       EXCLUDE USING gist (pilot_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
       WHERE (withdrawn_position IS NULL)""",
    "CREATE INDEX accounting_period_withdrawn_idx ON accounting_period (withdrawn_position) "
    "WHERE withdrawn_position IS NOT NULL",
    "GRANT UPDATE ON accounting_period TO nzc_api",
)

# A period is withdrawn once, and for good; and only while no inventory rests on it, no target begins with it, and no
# credits are retired for it, used or requested.
PERIOD_WITHDRAWN = f"""
CREATE FUNCTION nzc_period_withdrawn() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF TG_OP = 'INSERT' THEN
        IF NEW.withdrawn_position IS NOT NULL THEN
            PERFORM nzc_refuse('period_starts_standing', format('accounting period %s', NEW.id));
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.withdrawn_position IS NOT NULL
       OR to_jsonb(NEW) - 'withdrawn_position' <> to_jsonb(OLD) - 'withdrawn_position' THEN
        PERFORM nzc_refuse('period_is_frozen', format('accounting period %s', OLD.id));
    END IF;
    IF EXISTS (SELECT FROM inventory WHERE period_id = OLD.id AND discarded_position IS NULL)
       OR EXISTS (SELECT FROM target WHERE pilot_id = OLD.pilot_id AND baseline_period_id = OLD.id)
       OR EXISTS (SELECT FROM account AS a JOIN movement AS m ON m.credit_id = a.id
                   WHERE a.pilot_id = OLD.pilot_id AND a.period_id = OLD.id
                     AND NOT EXISTS (SELECT FROM request_end WHERE request_id = m.position)
                     AND NOT EXISTS (SELECT FROM correction WHERE posting_id = m.position)) THEN
        PERFORM nzc_refuse('period_rests_on_nothing', format('accounting period %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

# Nothing comes to rest on a period that was withdrawn.
PERIOD_STANDS = f"""
CREATE FUNCTION nzc_period_stands() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM accounting_period
                WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint AND withdrawn_position IS NOT NULL) THEN
        PERFORM nzc_refuse('period_stands', format('%s %s', TG_TABLE_NAME, NEW.id));
    END IF;
    RETURN NEW;
END $$
"""

# Nor are credits moved into an account of one, which may have been opened before.
MOVED_INTO_PERIOD = f"""
CREATE FUNCTION nzc_moved_into_period() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM accounting_period WHERE withdrawn_position IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT m.position INTO wrong
      FROM added AS m
      JOIN account AS credit ON credit.id = m.credit_id
      JOIN accounting_period AS p ON p.id = credit.period_id AND p.withdrawn_position IS NOT NULL
     LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('credited_period_stands', format('position %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

PERIOD_TRIGGERS = (
    "DROP TRIGGER accounting_period_append_only ON accounting_period",
    "CREATE TRIGGER accounting_period_kept BEFORE DELETE OR TRUNCATE ON accounting_period "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER accounting_period_withdrawn BEFORE INSERT OR UPDATE ON accounting_period "
    "FOR EACH ROW EXECUTE FUNCTION nzc_period_withdrawn()",
    "CREATE CONSTRAINT TRIGGER accounting_period_withdrawn_position_is_logged "
    "AFTER UPDATE OF withdrawn_position ON accounting_period DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('withdrawn_position')",
    *(
        f"CREATE TRIGGER {table}_period_stands BEFORE INSERT ON {table} "
        f"FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION nzc_period_stands('{column}')"
        for table, column in (
            ("inventory", "period_id"),
            ("account", "period_id"),
            ("target", "baseline_period_id"),
        )
    ),
    "CREATE TRIGGER movement_period_stands AFTER INSERT ON movement REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_moved_into_period()",
)


ORGANISATIONS = (
    """
    CREATE TABLE organisation_amendment (
        position bigint NOT NULL,
        organisation_id bigint NOT NULL,
        before jsonb NOT NULL,
        after jsonb NOT NULL,
        document text NOT NULL,
        reason text NOT NULL,
        CONSTRAINT organisation_amendment_pkey PRIMARY KEY (position),
        CONSTRAINT organisation_amendment_organisation_id_fkey
            FOREIGN KEY(organisation_id) REFERENCES organisation (id)
    )
    """,
    "CREATE INDEX organisation_amendment_organisation_id_position_idx "
    "ON organisation_amendment (organisation_id, position)",
    "GRANT SELECT, INSERT ON organisation_amendment TO nzc_api",
    "GRANT UPDATE ON organisation TO nzc_api",
)

# What can be amended of an organisation.
ORGANISATION_FACTS = f"""
CREATE FUNCTION nzc_organisation_facts(of_organisation public.organisation) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object('name_zh', of_organisation.name_zh, 'name_en', of_organisation.name_en,
                              'credit_code', of_organisation.credit_code)
$$
"""

# As with pilots: an amendment is written first, and begins with what the organisation is; then the organisation becomes
# what it says, which at the commit it is.
ORGANISATION_AMENDMENT_FOLLOWS = f"""
CREATE FUNCTION nzc_organisation_amendment_follows() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.before IS DISTINCT FROM
       (SELECT nzc_organisation_facts(o) FROM organisation AS o WHERE id = NEW.organisation_id) THEN
        PERFORM nzc_refuse('amendment_follows_organisation', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

ORGANISATION_AMENDMENT_HOLDS = f"""
CREATE FUNCTION nzc_organisation_amendment_holds() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF (SELECT after FROM organisation_amendment WHERE organisation_id = NEW.organisation_id
         ORDER BY position DESC LIMIT 1)
       IS DISTINCT FROM
       (SELECT nzc_organisation_facts(o) FROM organisation AS o WHERE id = NEW.organisation_id) THEN
        PERFORM nzc_refuse('organisation_is_as_amended', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

ORGANISATION_AMENDED = f"""
CREATE FUNCTION nzc_organisation_amended() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF to_jsonb(NEW) || nzc_organisation_facts(OLD) <> to_jsonb(OLD)
       OR NOT EXISTS (SELECT FROM (SELECT before, after FROM organisation_amendment
                                    WHERE organisation_id = OLD.id
                                    ORDER BY position DESC LIMIT 1) AS latest
                       WHERE (before, after) = (nzc_organisation_facts(OLD), nzc_organisation_facts(NEW))) THEN
        PERFORM nzc_refuse('organisation_is_as_amended', format('organisation %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

ORGANISATION_TRIGGERS = (
    "DROP TRIGGER organisation_append_only ON organisation",
    "CREATE TRIGGER organisation_kept BEFORE DELETE OR TRUNCATE ON organisation "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER organisation_amended BEFORE UPDATE ON organisation "
    "FOR EACH ROW EXECUTE FUNCTION nzc_organisation_amended()",
    "CREATE TRIGGER organisation_amendment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
    "ON organisation_amendment FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER organisation_amendment_follows AFTER INSERT ON organisation_amendment "
    "FOR EACH ROW EXECUTE FUNCTION nzc_organisation_amendment_follows()",
    "CREATE CONSTRAINT TRIGGER organisation_amendment_holds AFTER INSERT ON organisation_amendment "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_organisation_amendment_holds()",
    "CREATE CONSTRAINT TRIGGER organisation_amendment_position_is_logged "
    "AFTER INSERT ON organisation_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "EXECUTE FUNCTION nzc_change_is_logged('position')",
)


PROJECTS = (
    """
    CREATE TABLE project_amendment (
        position bigint NOT NULL,
        project_id bigint NOT NULL,
        before jsonb NOT NULL,
        after jsonb NOT NULL,
        CONSTRAINT project_amendment_pkey PRIMARY KEY (position),
        CONSTRAINT project_amendment_project_id_fkey FOREIGN KEY(project_id) REFERENCES project (id)
    )
    """,
    "CREATE INDEX project_amendment_project_id_position_idx ON project_amendment (project_id, position)",
    "GRANT SELECT, INSERT ON project_amendment TO nzc_api",
    "GRANT UPDATE ON project TO nzc_api",
)

# What a project is called; where it is, and in which pilot, other tables say.
PROJECT_FACTS = f"""
CREATE FUNCTION nzc_project_facts(of_project public.project) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object('name_zh', of_project.name_zh, 'name_en', of_project.name_en)
$$
"""

PROJECT_AMENDMENT_FOLLOWS = f"""
CREATE FUNCTION nzc_project_amendment_follows() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.before IS DISTINCT FROM
       (SELECT nzc_project_facts(o) FROM project AS o WHERE id = NEW.project_id) THEN
        PERFORM nzc_refuse('amendment_follows_project', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

PROJECT_AMENDMENT_HOLDS = f"""
CREATE FUNCTION nzc_project_amendment_holds() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF (SELECT after FROM project_amendment WHERE project_id = NEW.project_id
         ORDER BY position DESC LIMIT 1)
       IS DISTINCT FROM
       (SELECT nzc_project_facts(o) FROM project AS o WHERE id = NEW.project_id) THEN
        PERFORM nzc_refuse('project_is_as_amended', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

PROJECT_AMENDED = f"""
CREATE FUNCTION nzc_project_amended() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF to_jsonb(NEW) || nzc_project_facts(OLD) <> to_jsonb(OLD)
       OR NOT EXISTS (SELECT FROM (SELECT before, after FROM project_amendment
                                    WHERE project_id = OLD.id
                                    ORDER BY position DESC LIMIT 1) AS latest
                       WHERE (before, after) = (nzc_project_facts(OLD), nzc_project_facts(NEW))) THEN
        PERFORM nzc_refuse('project_is_as_amended', format('project %s', OLD.id));
    END IF;
    RETURN NEW;
END $$
"""

PROJECT_TRIGGERS = (
    "DROP TRIGGER project_append_only ON project",
    "CREATE TRIGGER project_kept BEFORE DELETE OR TRUNCATE ON project "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER project_amended BEFORE UPDATE ON project "
    "FOR EACH ROW EXECUTE FUNCTION nzc_project_amended()",
    "CREATE TRIGGER project_amendment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
    "ON project_amendment FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER project_amendment_follows AFTER INSERT ON project_amendment "
    "FOR EACH ROW EXECUTE FUNCTION nzc_project_amendment_follows()",
    "CREATE CONSTRAINT TRIGGER project_amendment_holds AFTER INSERT ON project_amendment "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_project_amendment_holds()",
    "CREATE CONSTRAINT TRIGGER project_amendment_position_is_logged "
    "AFTER INSERT ON project_amendment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "EXECUTE FUNCTION nzc_change_is_logged('position')",
)


METHODOLOGIES = (
    """
    CREATE TABLE enrolment_methodology (
        enrolment_id bigint NOT NULL,
        position bigint NOT NULL,
        methodology text NOT NULL,
        sink boolean,
        CONSTRAINT enrolment_methodology_pkey PRIMARY KEY (enrolment_id),
        CONSTRAINT enrolment_methodology_enrolment_id_fkey
            FOREIGN KEY(enrolment_id) REFERENCES enrolment (id),
        CONSTRAINT enrolment_methodology_later_check CHECK (enrolment_id < position),
        CONSTRAINT enrolment_methodology_sink_check CHECK (sink IS TRUE
            OR (methodology COLLATE "C" !~*
                '(^|[ (/])(CCER[ —_./-]14[ —_./-][0-9]{3}|AR[ —_./-]CM[ —_./-][0-9]{3})($|[ ()/—-])'))
    )
    """,
    "CREATE INDEX enrolment_methodology_position_idx ON enrolment_methodology (position)",
    "GRANT SELECT, INSERT ON enrolment_methodology TO nzc_api",
    # What is enrolled in a pilot may have been placed there after its registration.
    f"""
    CREATE OR REPLACE FUNCTION nzc_enrolled() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
    DECLARE wrong bigint;
    BEGIN
        SELECT e.id INTO wrong FROM added AS e JOIN project AS p ON p.id = e.project_id
         WHERE e.sink <> p.forestry
            OR e.methodology IS NULL AND NOT p.forestry
               AND nzc_pilot_of_project(p.id, e.id) IS NOT NULL LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('forestry_follows_methodology', format('enrolment %s', wrong));
        END IF;
        SELECT e.id INTO wrong
          FROM added AS e
          JOIN enrolment AS other USING (programme, number_key) WHERE other.id <> e.id LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('enrolled_once_however_written', format('enrolment %s', wrong));
        END IF;
        RETURN NULL;
    END $$
    """,
    # Stated of an enrolment that named none, and judged as it would have been at that.
    f"""
    CREATE FUNCTION nzc_methodology_stated() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
    DECLARE wrong bigint;
    BEGIN
        PERFORM nzc_lock_head();
        SELECT e.id INTO wrong FROM added AS a JOIN enrolment AS e ON e.id = a.enrolment_id
         WHERE e.methodology IS NOT NULL LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('methodology_is_stated_once', format('enrolment %s', wrong));
        END IF;
        SELECT e.id INTO wrong
          FROM added AS a
          JOIN enrolment AS e ON e.id = a.enrolment_id
          JOIN project AS p ON p.id = e.project_id WHERE a.sink <> p.forestry LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('methodology_is_of_forestry', format('enrolment %s', wrong));
        END IF;
        RETURN NULL;
    END $$
    """,
    # What is placed in a pilot, and is no forestry, is so by its methodology, of every enrolment.
    f"""
    CREATE FUNCTION nzc_placed_with_methodology() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
    DECLARE wrong bigint;
    BEGIN
        SELECT a.position INTO wrong
          FROM added AS a
          JOIN project AS p ON p.id = a.project_id AND NOT p.forestry
          JOIN enrolment AS e ON e.project_id = p.id AND e.methodology IS NULL
          LEFT JOIN enrolment_methodology AS s ON s.enrolment_id = e.id
         WHERE a.pilot_id IS NOT NULL AND s.methodology IS NULL LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('placed_with_methodology', format('position %s', wrong));
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER enrolment_methodology_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
    "ON enrolment_methodology FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE TRIGGER enrolment_methodology_stated AFTER INSERT ON enrolment_methodology "
    "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_methodology_stated()",
    "CREATE CONSTRAINT TRIGGER enrolment_methodology_position_is_logged "
    "AFTER INSERT ON enrolment_methodology DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "EXECUTE FUNCTION nzc_change_is_logged('position')",
    "CREATE TRIGGER project_placement_with_methodology AFTER INSERT ON project_placement "
    "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION nzc_placed_with_methodology()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (
        *PERIODS,
        PERIOD_WITHDRAWN,
        PERIOD_STANDS,
        MOVED_INTO_PERIOD,
        *PERIOD_TRIGGERS,
        *ORGANISATIONS,
        ORGANISATION_FACTS,
        ORGANISATION_AMENDMENT_FOLLOWS,
        ORGANISATION_AMENDMENT_HOLDS,
        ORGANISATION_AMENDED,
        *ORGANISATION_TRIGGERS,
        *PROJECTS,
        PROJECT_FACTS,
        PROJECT_AMENDMENT_FOLLOWS,
        PROJECT_AMENDMENT_HOLDS,
        PROJECT_AMENDED,
        *PROJECT_TRIGGERS,
        *METHODOLOGIES,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
