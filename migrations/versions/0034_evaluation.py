"""Evaluation: what is evaluated, by whom, what was given, found and decided, and what follows. It only adds."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE evaluation (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        scheme text NOT NULL,
        stable_months integer NOT NULL,
        retries integer,
        pilots bigint[] NOT NULL,
        categories text[],
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        opened_on date NOT NULL,
        CONSTRAINT evaluation_pkey PRIMARY KEY (id),
        CONSTRAINT evaluation_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT evaluation_months_check CHECK (stable_months BETWEEN 0 AND 120),
        CONSTRAINT evaluation_retries_check CHECK (retries >= 0),
        CONSTRAINT evaluation_pilots_check CHECK (cardinality(pilots) BETWEEN 1 AND 20),
        CONSTRAINT evaluation_categories_check CHECK (cardinality(categories) > 0),
        CONSTRAINT evaluation_days_check CHECK (starts_on <= ends_on AND ends_on < opened_on)
    )
    """,
    "CREATE INDEX evaluation_pilot_id_id_idx ON evaluation (pilot_id, id)",
    "CREATE INDEX evaluation_pilots_idx ON evaluation USING gin (pilots)",
    """
    CREATE TABLE self_evaluation (
        id bigint NOT NULL,
        evaluation_id bigint NOT NULL,
        statement text NOT NULL,
        document text NOT NULL,
        CONSTRAINT self_evaluation_pkey PRIMARY KEY (id),
        CONSTRAINT self_evaluation_evaluation_id_fkey
            FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
    )
    """,
    "CREATE INDEX self_evaluation_evaluation_id_id_idx ON self_evaluation (evaluation_id, id)",
    """
    CREATE TABLE panel (
        id bigint NOT NULL,
        evaluation_id bigint NOT NULL,
        CONSTRAINT panel_pkey PRIMARY KEY (id),
        CONSTRAINT panel_evaluation_id_id_key UNIQUE (evaluation_id, id),
        CONSTRAINT panel_evaluation_id_fkey FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
    )
    """,
    """
    CREATE TABLE panel_expert (
        panel_id bigint NOT NULL,
        number integer NOT NULL,
        employer text NOT NULL,
        organisation_id bigint,
        CONSTRAINT panel_expert_pkey PRIMARY KEY (panel_id, number),
        CONSTRAINT panel_expert_panel_id_fkey FOREIGN KEY(panel_id) REFERENCES panel (id),
        CONSTRAINT panel_expert_organisation_id_fkey
            FOREIGN KEY(organisation_id) REFERENCES organisation (id),
        CONSTRAINT panel_expert_number_check CHECK (number BETWEEN 1 AND 25)
    )
    """,
    """
    CREATE TABLE panel_expert_name (
        panel_id bigint NOT NULL,
        number integer NOT NULL,
        name text NOT NULL,
        CONSTRAINT panel_expert_name_pkey PRIMARY KEY (panel_id, number),
        CONSTRAINT panel_expert_name_panel_id_number_fkey
            FOREIGN KEY(panel_id, number) REFERENCES panel_expert (panel_id, number)
    )
    """,
    """
    CREATE TABLE site_visit (
        id bigint NOT NULL,
        evaluation_id bigint NOT NULL,
        on_day date NOT NULL,
        notes text NOT NULL,
        document text NOT NULL,
        CONSTRAINT site_visit_pkey PRIMARY KEY (id),
        CONSTRAINT site_visit_evaluation_id_fkey
            FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
    )
    """,
    "CREATE INDEX site_visit_evaluation_id_id_idx ON site_visit (evaluation_id, id)",
    """
    CREATE TABLE evaluation_score (
        id bigint NOT NULL,
        evaluation_id bigint NOT NULL,
        panel_id bigint NOT NULL,
        expert integer NOT NULL,
        item text NOT NULL,
        points numeric,
        met boolean,
        reason text NOT NULL,
        CONSTRAINT evaluation_score_pkey PRIMARY KEY (id),
        CONSTRAINT evaluation_score_panel_id_expert_item_key UNIQUE (panel_id, expert, item),
        CONSTRAINT evaluation_score_evaluation_id_panel_id_fkey
            FOREIGN KEY(evaluation_id, panel_id) REFERENCES panel (evaluation_id, id),
        CONSTRAINT evaluation_score_panel_id_expert_fkey
            FOREIGN KEY(panel_id, expert) REFERENCES panel_expert (panel_id, number),
        CONSTRAINT evaluation_score_points_check
            CHECK (points BETWEEN 0 AND 100 AND scale(points) <= 2),
        CONSTRAINT evaluation_score_given_check CHECK ((points IS NULL) <> (met IS NULL))
    )
    """,
    """
    CREATE TABLE finding (
        id bigint NOT NULL,
        evaluation_id bigint NOT NULL,
        severity text NOT NULL,
        text text NOT NULL,
        due date NOT NULL,
        CONSTRAINT finding_pkey PRIMARY KEY (id),
        CONSTRAINT finding_evaluation_id_id_key UNIQUE (evaluation_id, id),
        CONSTRAINT finding_evaluation_id_fkey FOREIGN KEY(evaluation_id) REFERENCES evaluation (id),
        CONSTRAINT finding_severity_check CHECK (severity IN ('MAJOR', 'MINOR', 'ADVICE'))
    )
    """,
    """
    CREATE TABLE finding_step (
        position bigint NOT NULL,
        finding_id bigint NOT NULL,
        state text NOT NULL,
        text text NOT NULL,
        document text,
        CONSTRAINT finding_step_pkey PRIMARY KEY (position),
        CONSTRAINT finding_step_finding_id_fkey FOREIGN KEY(finding_id) REFERENCES finding (id),
        CONSTRAINT finding_step_state_check CHECK (state IN ('ANSWERED', 'CLOSED')),
        CONSTRAINT finding_step_document_check
            CHECK ((state = 'ANSWERED') = (document IS NOT NULL))
    )
    """,
    "CREATE INDEX finding_step_finding_id_position_idx ON finding_step (finding_id, position)",
    """
    CREATE TABLE evaluation_decision (
        id bigint NOT NULL,
        evaluation_id bigint NOT NULL,
        verdict text NOT NULL,
        reason text NOT NULL,
        as_of bigint NOT NULL,
        score numeric,
        gross numeric,
        sinks numeric,
        purchased bigint,
        result numeric,
        CONSTRAINT evaluation_decision_pkey PRIMARY KEY (id),
        CONSTRAINT evaluation_decision_evaluation_id_key UNIQUE (evaluation_id),
        CONSTRAINT evaluation_decision_evaluation_id_fkey
            FOREIGN KEY(evaluation_id) REFERENCES evaluation (id),
        CONSTRAINT evaluation_decision_verdict_check CHECK (verdict IN ('PASSED', 'FAILED')),
        CONSTRAINT evaluation_decision_as_of_check CHECK (as_of >= evaluation_id AND as_of < id),
        CONSTRAINT evaluation_decision_score_check
            CHECK (score BETWEEN 0 AND 100 AND scale(score) <= 2),
        CONSTRAINT evaluation_decision_known_check CHECK ((gross IS NULL) = (result IS NULL)),
        CONSTRAINT evaluation_decision_result_check CHECK (result = gross - sinks - purchased),
        CONSTRAINT evaluation_decision_passed_check
            CHECK (verdict = 'FAILED' OR result IS NOT NULL)
    )
    """,
    """
    CREATE TABLE follow_up (
        id bigint NOT NULL,
        evaluation_id bigint NOT NULL,
        finding_id bigint,
        measure_id bigint NOT NULL,
        CONSTRAINT follow_up_pkey PRIMARY KEY (id),
        CONSTRAINT follow_up_evaluation_id_fkey FOREIGN KEY(evaluation_id) REFERENCES evaluation (id),
        CONSTRAINT follow_up_evaluation_id_finding_id_fkey
            FOREIGN KEY(evaluation_id, finding_id) REFERENCES finding (evaluation_id, id),
        CONSTRAINT follow_up_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id)
    )
    """,
    "CREATE INDEX follow_up_evaluation_id_id_idx ON follow_up (evaluation_id, id)",
    "GRANT SELECT, INSERT ON evaluation, self_evaluation, panel, panel_expert, site_visit, evaluation_score, "
    "finding, finding_step, evaluation_decision, follow_up TO nzc_api",
    "GRANT SELECT, INSERT, DELETE ON panel_expert_name TO nzc_api",
)

# Exactly so many calendar months are enough; where a month is shorter, its last day is meant, as PostgreSQL has it.
EVALUATION_IS_WHOLE = f"""
CREATE FUNCTION nzc_evaluation_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.opened_on > nzc_entry_day(NEW.id)
       OR NOT EXISTS (SELECT FROM (SELECT stable_from FROM completion
                                    WHERE pilot_id = NEW.pilot_id AND position < NEW.id
                                    ORDER BY position DESC LIMIT 1) AS latest
                       WHERE stable_from + make_interval(months => NEW.stable_months) <= NEW.opened_on) THEN
        PERFORM nzc_refuse('evaluated_once_stable', format('evaluation %s', NEW.id));
    END IF;
    IF NEW.pilots <> ARRAY(SELECT DISTINCT p FROM unnest(NEW.pilots) AS p ORDER BY p)
       OR NEW.categories <> ARRAY(SELECT DISTINCT c COLLATE "C" FROM unnest(NEW.categories) AS c ORDER BY 1)
       OR EXISTS (SELECT FROM unnest(NEW.pilots) AS p WHERE NOT nzc_lies_in(p, NEW.pilot_id, NEW.id))
       OR EXISTS (SELECT FROM unnest(NEW.pilots) AS p, unnest(NEW.pilots) AS q
                   WHERE p <> q AND (nzc_lies_in(p, q, NEW.id)
                                     OR EXISTS (SELECT FROM pilot_overlap
                                                 WHERE pilot_id = p AND other_id = q))) THEN
        PERFORM nzc_refuse('evaluated_range_is_inside', format('evaluation %s', NEW.id));
    END IF;
    IF EXISTS (SELECT FROM unnest(NEW.pilots) AS p
                WHERE NEW.ends_on - NEW.starts_on + 1 IS DISTINCT FROM (
                      SELECT sum(a.ends_on - a.starts_on + 1) FROM accounting_period AS a
                       WHERE a.pilot_id = p AND a.withdrawn_position IS NULL
                         AND a.starts_on <= NEW.ends_on AND a.ends_on >= NEW.starts_on)) THEN
        PERFORM nzc_refuse('evaluated_periods_are_whole', format('evaluation %s', NEW.id));
    END IF;
    IF EXISTS (SELECT FROM evaluation AS other LEFT JOIN evaluation_decision AS d ON d.evaluation_id = other.id
                WHERE other.id < NEW.id AND other.pilots && NEW.pilots
                  AND other.starts_on <= NEW.ends_on AND other.ends_on >= NEW.starts_on
                  AND (other.pilots, other.categories) IS DISTINCT FROM (NEW.pilots, NEW.categories)
                  AND d.verdict IS DISTINCT FROM 'FAILED') THEN
        PERFORM nzc_refuse('retired_for_one_range', format('evaluation %s', NEW.id));
    END IF;
    IF NEW.retries < (SELECT count(*) FROM evaluation AS other JOIN evaluation_decision AS d ON d.evaluation_id = other.id
                       WHERE other.pilot_id = NEW.pilot_id AND other.scheme = NEW.scheme AND other.id < NEW.id
                         AND d.verdict = 'FAILED') THEN
        PERFORM nzc_refuse('evaluated_as_often_as_may_be', format('evaluation %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'EVALUATION_OPENED'
                      AND body = jsonb_build_object(
                          'pilot', NEW.pilot_id, 'scheme', NEW.scheme, 'stable_months', NEW.stable_months,
                          'retries', NEW.retries, 'pilots', NEW.pilots, 'categories', NEW.categories,
                          'starts_on', NEW.starts_on, 'ends_on', NEW.ends_on, 'opened_on', NEW.opened_on)) THEN
        PERFORM nzc_refuse('evaluation_is_as_logged', format('evaluation %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# What a decision rests on stays as it was then.
EVALUATION_IS_OPEN = f"""
CREATE FUNCTION nzc_evaluation_is_open() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM evaluation_decision
                WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id) THEN
        PERFORM nzc_refuse('evaluation_is_open', format('position %s of %s', NEW.id, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $$
"""

SELF_EVALUATION_IS_WHOLE = f"""
CREATE FUNCTION nzc_self_evaluation_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id
                      AND kind = 'EVALUATION_SELF_EVALUATED') THEN
        PERFORM nzc_refuse('self_evaluation_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# Asked at the commit, of a panel and of each of its members and names, so that none is added later.
PANEL_IS_WHOLE = f"""
CREATE FUNCTION nzc_panel_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE
    it panel;
    experts bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM panel WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    SELECT count(*) INTO experts FROM panel_expert WHERE panel_id = it.id;
    IF experts < 5 OR experts % 2 = 0
       OR experts <> (SELECT max(number) FROM panel_expert WHERE panel_id = it.id) THEN
        PERFORM nzc_refuse('panel_is_odd', format('panel %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM panel_expert AS x
                 JOIN evaluation AS e ON e.id = it.evaluation_id
                 JOIN pilot AS p ON p.id = e.pilot_id
                 JOIN organisation AS o ON o.id = p.operator_id
                WHERE x.panel_id = it.id
                  AND (x.organisation_id = p.operator_id
                       OR x.employer IN (o.name_zh, o.name_en, p.applicant_name_zh, p.applicant_name_en))) THEN
        PERFORM nzc_refuse('expert_is_not_the_operators', format('panel %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM self_evaluation WHERE evaluation_id = it.evaluation_id AND id < it.id) THEN
        PERFORM nzc_refuse('panel_follows_self_evaluation', format('panel %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.evaluation_id
                      AND kind = 'EVALUATION_PANEL_APPOINTED'
                      AND body = jsonb_build_object('organisations', (
                          SELECT jsonb_agg(organisation_id ORDER BY number)
                            FROM panel_expert WHERE panel_id = it.id))) THEN
        PERFORM nzc_refuse('panel_is_as_logged', format('panel %s', it.id));
    END IF;
    RETURN NULL;
END $$
"""

EXPERT_NAME_IS_ERASED = f"""
CREATE FUNCTION nzc_expert_name_is_erased() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE xmin = pg_current_xact_id()::xid AND kind = 'EXPERT_NAME_ERASED'
                      AND body = jsonb_build_object('panel', OLD.panel_id, 'expert', OLD.number)) THEN
        PERFORM nzc_refuse('erasure_is_logged', format('expert %s of %s', OLD.number, OLD.panel_id));
    END IF;
    RETURN NULL;
END $$
"""

VISIT_IS_WHOLE = f"""
CREATE FUNCTION nzc_site_visit_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM panel WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id)
       OR NEW.on_day > nzc_entry_day(NEW.id)
       OR NEW.on_day < (SELECT opened_on FROM evaluation WHERE id = NEW.evaluation_id) THEN
        PERFORM nzc_refuse('visit_follows', format('position %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id
                      AND kind = 'EVALUATION_SITE_VISITED'
                      AND body = jsonb_build_object('on', NEW.on_day)) THEN
        PERFORM nzc_refuse('visit_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

SCORE_IS_WHOLE = f"""
CREATE FUNCTION nzc_evaluation_score_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.panel_id <> (SELECT max(id) FROM panel
                         WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id)
       OR NOT EXISTS (SELECT FROM site_visit WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id) THEN
        PERFORM nzc_refuse('score_follows', format('position %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id
                      AND kind = 'EVALUATION_ITEM_SCORED'
                      AND body = jsonb_build_object(
                          'panel', NEW.panel_id, 'expert', NEW.expert, 'item', NEW.item,
                          'points', trim_scale(NEW.points)::text, 'met', NEW.met)) THEN
        PERFORM nzc_refuse('score_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

FINDING_IS_WHOLE = f"""
CREATE FUNCTION nzc_finding_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM panel WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id)
       OR NEW.due < nzc_entry_day(NEW.id) THEN
        PERFORM nzc_refuse('finding_follows', format('finding %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'FINDING_RECORDED'
                      AND body = jsonb_build_object('evaluation', NEW.evaluation_id,
                                                    'severity', NEW.severity, 'due', NEW.due)) THEN
        PERFORM nzc_refuse('finding_is_as_logged', format('finding %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

STEP_IS_WHOLE = f"""
CREATE FUNCTION nzc_finding_step_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE before text;
BEGIN
    PERFORM nzc_lock_head();
    SELECT state INTO before FROM finding_step
     WHERE finding_id = NEW.finding_id AND position < NEW.position ORDER BY position DESC LIMIT 1;
    IF NOT (CASE NEW.state WHEN 'ANSWERED' THEN coalesce(before, 'OPEN') <> 'CLOSED'
                           ELSE coalesce(before, 'OPEN') = 'ANSWERED' END) THEN
        PERFORM nzc_refuse('finding_step_follows', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.finding_id
                      AND kind = 'FINDING_' || NEW.state
                      AND body = jsonb_build_object('state', NEW.state)) THEN
        PERFORM nzc_refuse('finding_step_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# The weights of items are data: the score itself is the rule's, and only that all that was asked of all was given.
DECISION_IS_WHOLE = f"""
CREATE FUNCTION nzc_evaluation_decision_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM panel WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id)
       OR NOT EXISTS (SELECT FROM site_visit WHERE evaluation_id = NEW.evaluation_id AND id < NEW.id) THEN
        PERFORM nzc_refuse('decision_follows', format('position %s', NEW.id));
    END IF;
    IF NEW.verdict = 'PASSED'
       AND EXISTS (SELECT FROM finding AS f
                    WHERE f.evaluation_id = NEW.evaluation_id AND f.severity = 'MAJOR' AND f.id < NEW.id
                      AND NOT EXISTS (SELECT FROM finding_step
                                       WHERE finding_id = f.id AND state = 'CLOSED'
                                         AND position < NEW.id)) THEN
        PERFORM nzc_refuse('passed_with_nothing_open', format('position %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id AND kind = 'EVALUATION_DECIDED'
                      AND body = jsonb_build_object(
                          'verdict', NEW.verdict, 'as_of', NEW.as_of,
                          'score', trim_scale(NEW.score)::text, 'gross', trim_scale(NEW.gross)::text,
                          'sinks', trim_scale(NEW.sinks)::text, 'purchased', NEW.purchased,
                          'result', trim_scale(NEW.result)::text)) THEN
        PERFORM nzc_refuse('decision_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

FOLLOW_UP_IS_WHOLE = f"""
CREATE FUNCTION nzc_follow_up_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM evaluation AS e JOIN measure AS m ON m.id = NEW.measure_id
                    WHERE e.id = NEW.evaluation_id
                      AND (m.pilot_id = e.pilot_id OR m.pilot_id = ANY(e.pilots))) THEN
        PERFORM nzc_refuse('follow_up_is_of_the_pilot', format('position %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.evaluation_id
                      AND kind = 'EVALUATION_FOLLOWED_UP'
                      AND body = jsonb_build_object('finding', NEW.finding_id, 'measure', NEW.measure_id)) THEN
        PERFORM nzc_refuse('follow_up_is_as_logged', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# Of each table: the column of its position, and the function that asks whether a row of it is whole.
WHOLE = {
    "evaluation": ("id", "nzc_evaluation_is_whole()"),
    "self_evaluation": ("id", "nzc_self_evaluation_is_whole()"),
    "panel": ("id", "nzc_panel_is_whole('id')"),
    "panel_expert": ("panel_id", "nzc_panel_is_whole('panel_id')"),
    "site_visit": ("id", "nzc_site_visit_is_whole()"),
    "evaluation_score": ("id", "nzc_evaluation_score_is_whole()"),
    "finding": ("id", "nzc_finding_is_whole()"),
    "finding_step": ("position", "nzc_finding_step_is_whole()"),
    "evaluation_decision": ("id", "nzc_evaluation_decision_is_whole()"),
    "follow_up": ("id", "nzc_follow_up_is_whole()"),
}

BEFORE_THE_DECISION = ("self_evaluation", "panel", "site_visit", "evaluation_score", "finding")

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in WHOLE
    ),
    "CREATE TRIGGER panel_expert_name_kept BEFORE UPDATE OR TRUNCATE ON panel_expert_name "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in [
            *((table, column) for table, (column, _) in WHOLE.items()),
            ("panel_expert_name", "panel_id"),
        ]
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_is_whole AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}"
        for table, (_, function) in WHOLE.items()
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_is_open AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_evaluation_is_open()"
        for table in BEFORE_THE_DECISION
    ),
    "CREATE CONSTRAINT TRIGGER panel_expert_name_is_erased AFTER DELETE ON panel_expert_name "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_expert_name_is_erased()",
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES,
        EVALUATION_IS_WHOLE,
        EVALUATION_IS_OPEN,
        SELF_EVALUATION_IS_WHOLE,
        PANEL_IS_WHOLE,
        EXPERT_NAME_IS_ERASED,
        VISIT_IS_WHOLE,
        SCORE_IS_WHOLE,
        FINDING_IS_WHOLE,
        STEP_IS_WHOLE,
        DECISION_IS_WHOLE,
        FOLLOW_UP_IS_WHOLE,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
