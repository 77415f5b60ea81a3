"""For which days the reductions of an enrolment are credited, as it was stated at each position: monitoring periods of
what is issued lie in them. It only adds. Enrolments and batches of before have no such days, and are not asked for any.
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE crediting_period (
        enrolment_id bigint NOT NULL,
        position bigint NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        CONSTRAINT crediting_period_pkey PRIMARY KEY (enrolment_id, position),
        CONSTRAINT crediting_period_enrolment_id_fkey FOREIGN KEY (enrolment_id) REFERENCES enrolment (id),
        CONSTRAINT crediting_period_later_check CHECK (enrolment_id <= position),
        CONSTRAINT crediting_period_span_check CHECK (starts_on <= ends_on)
    )
    """,
    "CREATE INDEX crediting_period_position_idx ON crediting_period (position)",
    "GRANT SELECT, INSERT ON crediting_period TO nzc_api",
)

# Both ways: what is issued lies in the days that hold, and so does what was issued where other days are stated.
HOLDS = f"""
CREATE FUNCTION nzc_monitored_in_crediting_period() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT b.id INTO wrong
      FROM added AS a
      JOIN enrolment AS e ON e.id = a.enrolment_id
     CROSS JOIN LATERAL (SELECT starts_on, ends_on FROM crediting_period AS c
                          WHERE c.enrolment_id = e.id ORDER BY c.position DESC LIMIT 1) AS holds
      JOIN credit_batch AS b ON b.project_id = e.project_id AND b.programme = e.programme
     WHERE b.withdrawn_position IS NULL AND b.production_basis = 'MONITORING_PERIOD'
       AND (b.produced_from < holds.starts_on OR b.produced_to > holds.ends_on) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('monitored_in_crediting_period', format('credit batch %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

ISSUED = f"""
CREATE FUNCTION nzc_issued_in_crediting_period() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    SELECT b.id INTO wrong
      FROM added AS b
      JOIN enrolment AS e ON e.project_id = b.project_id AND e.programme = b.programme
     CROSS JOIN LATERAL (SELECT starts_on, ends_on FROM crediting_period AS c
                          WHERE c.enrolment_id = e.id ORDER BY c.position DESC LIMIT 1) AS holds
     WHERE b.production_basis = 'MONITORING_PERIOD'
       AND (b.produced_from < holds.starts_on OR b.produced_to > holds.ends_on) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issued_in_crediting_period', format('credit batch %s', wrong));
    END IF;
    RETURN NULL;
END $$
"""

# Of an enrolment they are as its own entry says, or an amendment of its project.
AS_LOGGED = f"""
CREATE FUNCTION nzc_crediting_period_is_as_logged() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM log_entry AS l JOIN enrolment AS e ON e.id = NEW.enrolment_id
                    WHERE l.position = NEW.position AND l.subject_id = e.project_id
                      AND l.kind = CASE WHEN l.position = e.id THEN 'PROJECT_ENROLLED' ELSE 'PROJECT_AMENDED' END
                      AND coalesce(l.body -> 'crediting_period' ->> 'programme', l.body ->> 'programme') = e.programme
                      AND l.body -> 'crediting_period' @> jsonb_build_object(
                          'starts_on', NEW.starts_on, 'ends_on', NEW.ends_on)) THEN
        PERFORM nzc_refuse('crediting_period_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    "CREATE TRIGGER crediting_period_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON crediting_period "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE CONSTRAINT TRIGGER crediting_period_position_is_logged AFTER INSERT ON crediting_period "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position')",
    "CREATE CONSTRAINT TRIGGER crediting_period_is_as_logged AFTER INSERT ON crediting_period "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_crediting_period_is_as_logged()",
    "CREATE TRIGGER crediting_period_holds AFTER INSERT ON crediting_period REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_monitored_in_crediting_period()",
    "CREATE TRIGGER credit_batch_credited AFTER INSERT ON credit_batch REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_issued_in_crediting_period()",
)


def upgrade() -> None:
    """Add them."""
    for statement in (*TABLES, HOLDS, ISSUED, AS_LOGGED, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
