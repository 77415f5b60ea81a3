"""Management: posts and who holds them, duties of units, rules and their repeals, upkeep. It only adds."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE post (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        code text NOT NULL,
        kind text NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        responsibilities text[] NOT NULL,
        CONSTRAINT post_pkey PRIMARY KEY (id),
        CONSTRAINT post_pilot_id_code_key UNIQUE (pilot_id, code),
        CONSTRAINT post_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT post_kind_check CHECK (kind IN ('CARBON_MANAGEMENT', 'OTHER')),
        CONSTRAINT post_responsibilities_check CHECK (cardinality(responsibilities) BETWEEN 1 AND 20)
    )
    """,
    "CREATE INDEX post_pilot_id_id_idx ON post (pilot_id, id)",
    """
    CREATE TABLE appointment (
        id bigint NOT NULL,
        post_id bigint NOT NULL,
        starts_on date NOT NULL,
        commitment bytea,
        document text NOT NULL,
        CONSTRAINT appointment_pkey PRIMARY KEY (id),
        CONSTRAINT appointment_post_id_starts_on_key UNIQUE (post_id, starts_on),
        CONSTRAINT appointment_post_id_fkey FOREIGN KEY(post_id) REFERENCES post (id)
    )
    """,
    "CREATE INDEX appointment_post_id_id_idx ON appointment (post_id, id)",
    """
    CREATE TABLE holder_name (
        appointment_id bigint NOT NULL,
        name text NOT NULL,
        salt bytea NOT NULL,
        CONSTRAINT holder_name_pkey PRIMARY KEY (appointment_id),
        CONSTRAINT holder_name_appointment_id_fkey
            FOREIGN KEY(appointment_id) REFERENCES appointment (id),
        CONSTRAINT holder_name_salt_check CHECK (length(salt) = 32)
    )
    """,
    """
    CREATE TABLE name_erasure (
        position bigint NOT NULL,
        appointment_id bigint NOT NULL,
        CONSTRAINT name_erasure_pkey PRIMARY KEY (position),
        CONSTRAINT name_erasure_appointment_id_key UNIQUE (appointment_id),
        CONSTRAINT name_erasure_appointment_id_fkey
            FOREIGN KEY(appointment_id) REFERENCES appointment (id)
    )
    """,
    """
    CREATE TABLE duty (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        unit text NOT NULL,
        unit_name_zh text NOT NULL,
        unit_name_en text NOT NULL,
        year integer NOT NULL,
        ceiling numeric NOT NULL,
        document text NOT NULL,
        CONSTRAINT duty_pkey PRIMARY KEY (id),
        CONSTRAINT duty_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT duty_year_check CHECK (year BETWEEN 1990 AND 2100),
        CONSTRAINT duty_ceiling_check CHECK (ceiling BETWEEN 0 AND 1e9 AND scale(ceiling) <= 6)
    )
    """,
    "CREATE INDEX duty_pilot_id_unit_year_id_idx ON duty (pilot_id, unit, year, id)",
    """
    CREATE TABLE management_rule (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        title text NOT NULL,
        document text NOT NULL,
        starts_on date NOT NULL,
        ends_on date,
        CONSTRAINT management_rule_pkey PRIMARY KEY (id),
        CONSTRAINT management_rule_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT management_rule_days_check CHECK (starts_on <= ends_on)
    )
    """,
    "CREATE INDEX management_rule_pilot_id_id_idx ON management_rule (pilot_id, id)",
    """
    CREATE TABLE rule_repeal (
        position bigint NOT NULL,
        rule_id bigint NOT NULL,
        on_day date NOT NULL,
        document text NOT NULL,
        CONSTRAINT rule_repeal_pkey PRIMARY KEY (position),
        CONSTRAINT rule_repeal_rule_id_key UNIQUE (rule_id),
        CONSTRAINT rule_repeal_rule_id_fkey FOREIGN KEY(rule_id) REFERENCES management_rule (id)
    )
    """,
    """
    CREATE TABLE upkeep (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        system text NOT NULL,
        on_day date NOT NULL,
        done text NOT NULL,
        document text NOT NULL,
        CONSTRAINT upkeep_pkey PRIMARY KEY (id),
        CONSTRAINT upkeep_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT upkeep_system_check
            CHECK (system IN ('WATER', 'POWER', 'GAS', 'HEAT', 'GREENERY'))
    )
    """,
    "CREATE INDEX upkeep_pilot_id_id_idx ON upkeep (pilot_id, id)",
    "CREATE INDEX upkeep_pilot_id_system_id_idx ON upkeep (pilot_id, system, id)",
    "GRANT SELECT, INSERT ON post, appointment, name_erasure, duty, management_rule, rule_repeal, upkeep TO nzc_api",
    "GRANT SELECT, INSERT, DELETE ON holder_name TO nzc_api",
)

APPOINTMENT_IS_WHOLE = f"""
CREATE FUNCTION nzc_appointment_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM appointment
                WHERE post_id = NEW.post_id AND id < NEW.id AND starts_on >= NEW.starts_on) THEN
        PERFORM nzc_refuse('appointments_follow', format('appointment %s', NEW.id));
    END IF;
    IF NEW.commitment IS NOT NULL
       AND NOT EXISTS (SELECT FROM holder_name WHERE appointment_id = NEW.id) THEN
        PERFORM nzc_refuse('holder_is_named', format('appointment %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'HOLDER_APPOINTED'
                      AND body = jsonb_build_object(
                          'post', NEW.post_id, 'starts_on', NEW.starts_on,
                          'commitment', encode(NEW.commitment, 'hex'))) THEN
        PERFORM nzc_refuse('appointment_is_as_logged', format('appointment %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

NAME_IS_COMMITTED = f"""
CREATE FUNCTION nzc_holder_name_is_committed() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM appointment
                    WHERE id = NEW.appointment_id
                      AND commitment = sha256(NEW.salt || convert_to(NEW.name, 'UTF8'))) THEN
        PERFORM nzc_refuse('holder_name_is_committed', format('appointment %s', NEW.appointment_id));
    END IF;
    RETURN NULL;
END $$
"""

NAME_IS_ERASED = f"""
CREATE FUNCTION nzc_holder_name_is_erased() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM name_erasure WHERE appointment_id = OLD.appointment_id) THEN
        PERFORM nzc_refuse('name_goes_by_erasure', format('appointment %s', OLD.appointment_id));
    END IF;
    RETURN NULL;
END $$
"""

ERASURE_IS_WHOLE = f"""
CREATE FUNCTION nzc_name_erasure_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM holder_name WHERE appointment_id = NEW.appointment_id) THEN
        PERFORM nzc_refuse('erased_name_is_gone', format('appointment %s', NEW.appointment_id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.appointment_id
                      AND kind = 'HOLDER_NAME_ERASED' AND body = '{{}}') THEN
        PERFORM nzc_refuse('name_erasure_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

REPEAL_IS_WHOLE = f"""
CREATE FUNCTION nzc_rule_repeal_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM management_rule
                    WHERE id = NEW.rule_id AND starts_on <= NEW.on_day
                      AND (ends_on IS NULL OR NEW.on_day <= ends_on)) THEN
        PERFORM nzc_refuse('repeal_while_in_force', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.rule_id
                      AND kind = 'RULE_REPEALED' AND body = jsonb_build_object('on', NEW.on_day)) THEN
        PERFORM nzc_refuse('repeal_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# What is born with its entry, and what the log says of each: all but texts.
MANAGED_IS_AS_LOGGED = f"""
CREATE FUNCTION nzc_managed_is_as_logged() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE
    it CONSTANT jsonb := to_jsonb(NEW);
    said CONSTANT jsonb := CASE TG_TABLE_NAME
        WHEN 'post' THEN jsonb_build_object(
            'pilot', it -> 'pilot_id', 'code', it -> 'code', 'kind', it -> 'kind')
        WHEN 'duty' THEN jsonb_build_object(
            'pilot', it -> 'pilot_id', 'unit', it -> 'unit', 'year', it -> 'year',
            'ceiling', trim_scale((it ->> 'ceiling')::numeric)::text)
        WHEN 'management_rule' THEN jsonb_build_object(
            'pilot', it -> 'pilot_id', 'starts_on', it -> 'starts_on', 'ends_on', it -> 'ends_on')
        WHEN 'upkeep' THEN jsonb_build_object(
            'pilot', it -> 'pilot_id', 'system', it -> 'system', 'on', it -> 'on_day') END;
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = (it ->> 'id')::bigint AND subject_id = (it ->> 'id')::bigint
                      AND kind = TG_ARGV[0] AND body = said) THEN
        PERFORM nzc_refuse('managed_is_as_logged', format('%s %s', TG_TABLE_NAME, it ->> 'id'));
    END IF;
    RETURN NULL;
END $$
"""

# The column of each that names an entry.
PLACED = {
    "post": "id",
    "appointment": "id",
    "name_erasure": "position",
    "duty": "id",
    "management_rule": "id",
    "rule_repeal": "position",
    "upkeep": "id",
}

# What is asked of each row at the commit.
ASKED = (
    ("post", "is_as_logged", "nzc_managed_is_as_logged('POST_ESTABLISHED')"),
    ("duty", "is_as_logged", "nzc_managed_is_as_logged('DUTY_ASSIGNED')"),
    ("management_rule", "is_as_logged", "nzc_managed_is_as_logged('RULE_PUBLISHED')"),
    ("upkeep", "is_as_logged", "nzc_managed_is_as_logged('UPKEEP_RECORDED')"),
    ("appointment", "is_whole", "nzc_appointment_is_whole()"),
    ("holder_name", "is_committed", "nzc_holder_name_is_committed()"),
    ("name_erasure", "is_whole", "nzc_name_erasure_is_whole()"),
    ("rule_repeal", "is_whole", "nzc_rule_repeal_is_whole()"),
)

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in PLACED
    ),
    "CREATE TRIGGER holder_name_kept BEFORE UPDATE OR TRUNCATE ON holder_name "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in (PLACED | {"holder_name": "appointment_id"}).items()
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{what} AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}"
        for table, what, function in ASKED
    ),
    "CREATE CONSTRAINT TRIGGER holder_name_is_erased AFTER DELETE ON holder_name "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_holder_name_is_erased()",
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES,
        APPOINTMENT_IS_WHOLE,
        NAME_IS_COMMITTED,
        NAME_IS_ERASED,
        ERASURE_IS_WHOLE,
        REPEAL_IS_WHOLE,
        MANAGED_IS_AS_LOGGED,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
