"""Webhooks: endpoints and what was said of each, their secrets, how far they were told, and in which attempts."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE webhook_endpoint (
        id bigint NOT NULL,
        organisation_id bigint NOT NULL,
        CONSTRAINT webhook_endpoint_pkey PRIMARY KEY (id),
        CONSTRAINT webhook_endpoint_organisation_id_fkey
            FOREIGN KEY(organisation_id) REFERENCES organisation (id)
    )
    """,
    "CREATE INDEX webhook_endpoint_organisation_id_id_idx ON webhook_endpoint (organisation_id, id)",
    """
    CREATE TABLE webhook_terms (
        position bigint NOT NULL,
        endpoint_id bigint NOT NULL,
        url text NOT NULL,
        label text NOT NULL,
        wanted jsonb NOT NULL,
        key_id bigint NOT NULL,
        state text NOT NULL,
        reason text,
        CONSTRAINT webhook_terms_pkey PRIMARY KEY (position),
        CONSTRAINT webhook_terms_endpoint_id_fkey
            FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id),
        CONSTRAINT webhook_terms_key_id_fkey FOREIGN KEY(key_id) REFERENCES api_key (id),
        CONSTRAINT webhook_terms_state_check CHECK (state IN ('ENABLED', 'DISABLED', 'DELETED')),
        CONSTRAINT webhook_terms_reason_check CHECK (
            CASE state WHEN 'DISABLED' THEN reason IS NOT NULL
                                            AND reason IN ('ORDERED', 'GONE', 'FAILING', 'KEY_ENDED')
                       ELSE reason IS NULL END),
        CONSTRAINT webhook_terms_url_check CHECK (length(url) BETWEEN 1 AND 1000)
    )
    """,
    "CREATE INDEX webhook_terms_endpoint_id_position_idx ON webhook_terms (endpoint_id, position)",
    """
    CREATE TABLE webhook_secret (
        endpoint_id bigint NOT NULL,
        position bigint NOT NULL,
        secret bytea NOT NULL,
        former bytea,
        former_until timestamp with time zone,
        CONSTRAINT webhook_secret_pkey PRIMARY KEY (endpoint_id),
        CONSTRAINT webhook_secret_endpoint_id_fkey
            FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id),
        CONSTRAINT webhook_secret_secret_check CHECK (octet_length(secret) = 32 AND octet_length(former) = 32),
        CONSTRAINT webhook_secret_former_check CHECK ((former IS NULL) = (former_until IS NULL))
    )
    """,
    """
    CREATE TABLE webhook_cursor (
        endpoint_id bigint NOT NULL,
        position bigint NOT NULL,
        previous bigint NOT NULL,
        due_at timestamp with time zone NOT NULL,
        attempts bigint NOT NULL,
        failures integer NOT NULL,
        failing_since timestamp with time zone,
        replayed bigint,
        CONSTRAINT webhook_cursor_pkey PRIMARY KEY (endpoint_id),
        CONSTRAINT webhook_cursor_endpoint_id_fkey
            FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id),
        CONSTRAINT webhook_cursor_previous_check CHECK (previous BETWEEN 0 AND position),
        CONSTRAINT webhook_cursor_failures_check CHECK (failures BETWEEN 0 AND attempts),
        CONSTRAINT webhook_cursor_failing_since_check CHECK ((failures = 0) = (failing_since IS NULL))
    )
    """,
    """
    CREATE TABLE webhook_delivery (
        endpoint_id bigint NOT NULL,
        number bigint NOT NULL,
        position bigint NOT NULL,
        at timestamp with time zone NOT NULL,
        attempt integer NOT NULL,
        outcome text NOT NULL,
        status integer,
        milliseconds integer NOT NULL,
        CONSTRAINT webhook_delivery_pkey PRIMARY KEY (endpoint_id, number),
        CONSTRAINT webhook_delivery_endpoint_id_fkey
            FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id),
        CONSTRAINT webhook_delivery_outcome_check CHECK (
            CASE outcome WHEN 'ACCEPTED' THEN coalesce(status BETWEEN 200 AND 299, false)
                         WHEN 'REDIRECTED' THEN coalesce(status BETWEEN 300 AND 399, false)
                         WHEN 'GONE' THEN coalesce(status = 410, false)
                         WHEN 'REJECTED' THEN status IS NOT NULL
                         ELSE outcome IN ('TIMED_OUT', 'UNREACHED', 'ADDRESS_REFUSED', 'BROKEN')
                              AND status IS NULL END),
        CONSTRAINT webhook_delivery_attempt_check CHECK (attempt > 0 AND milliseconds >= 0)
    )
    """,
    "GRANT SELECT, INSERT ON webhook_endpoint, webhook_terms TO nzc_api",
    "GRANT SELECT, INSERT, DELETE ON webhook_secret, webhook_delivery TO nzc_api",
    "GRANT SELECT, INSERT, UPDATE ON webhook_cursor TO nzc_api",
)

# All that the log says of an endpoint's terms: not its label, and of its URL, which may hold a receiver's own secret,
# the SHA-256.
TERMS_SAID = f"""
CREATE FUNCTION nzc_webhook_terms_said(of_terms public.webhook_terms) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object(
        'url', encode(sha256(convert_to(of_terms.url, 'UTF8')), 'hex'), 'wanted', of_terms.wanted,
        'key', of_terms.key_id, 'state', of_terms.state, 'reason', of_terms.reason)
$$
"""

ENDPOINT_IS_WHOLE = f"""
CREATE FUNCTION nzc_webhook_endpoint_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'WEBHOOK_CREATED'
                      AND organisation_id = NEW.organisation_id) THEN
        PERFORM nzc_refuse('webhook_is_its_creators', format('endpoint %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

TERMS_ARE_WHOLE = f"""
CREATE FUNCTION nzc_webhook_terms_are_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE its_organisation bigint := (SELECT organisation_id FROM webhook_endpoint WHERE id = NEW.endpoint_id);
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM webhook_terms
                WHERE endpoint_id = NEW.endpoint_id AND position < NEW.position AND state = 'DELETED') THEN
        PERFORM nzc_refuse('webhook_stays_deleted', format('position %s', NEW.position));
    END IF;
    IF (SELECT count(*) FROM webhook_endpoint AS e
         WHERE e.organisation_id = its_organisation
           AND NOT EXISTS (SELECT FROM webhook_terms WHERE endpoint_id = e.id AND state = 'DELETED')) > 10 THEN
        PERFORM nzc_refuse('webhooks_are_bounded', format('organisation %s', its_organisation));
    END IF;
    IF NOT EXISTS (SELECT FROM api_key WHERE id = NEW.key_id AND organisation_id = its_organisation) THEN
        PERFORM nzc_refuse('webhook_sees_by_own_key', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.endpoint_id
                      AND kind IN ('WEBHOOK_CREATED', 'WEBHOOK_UPDATED', 'WEBHOOK_ENABLED', 'WEBHOOK_DISABLED',
                                   'WEBHOOK_DELETED')
                      AND body = nzc_webhook_terms_said(NEW)) THEN
        PERFORM nzc_refuse('webhook_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

SECRET_IS_MADE = f"""
CREATE FUNCTION nzc_webhook_secret_is_made() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.endpoint_id
                      AND kind IN ('WEBHOOK_CREATED', 'WEBHOOK_SECRET_ROTATED')) THEN
        PERFORM nzc_refuse('webhook_secret_is_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# Of how far an endpoint was told nothing is forgotten, and nothing is passed over: an event is behind it when its
# acceptance is written, in the same transaction. It goes back where the log says that it is told once more.
CURSOR_MOVES = f"""
CREATE FUNCTION nzc_webhook_cursor_moves() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE standing bigint := (SELECT position FROM log_head);
BEGIN
    IF NEW.position > standing THEN
        PERFORM nzc_refuse('webhook_is_within_log', format('endpoint %s', NEW.endpoint_id));
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
    END IF;
    IF NEW.replayed IS DISTINCT FROM OLD.replayed THEN
        IF NOT EXISTS (SELECT FROM log_entry
                        WHERE position = NEW.replayed AND subject_id = NEW.endpoint_id
                          AND kind = 'WEBHOOK_REPLAYED'
                          AND body = jsonb_build_object('after', NEW.position)) THEN
            PERFORM nzc_refuse('webhook_replay_is_logged', format('endpoint %s', NEW.endpoint_id));
        END IF;
    ELSIF NEW.position < OLD.position
       OR NEW.previous <> OLD.previous
          AND NOT EXISTS (SELECT FROM webhook_delivery
                           WHERE endpoint_id = NEW.endpoint_id AND number = NEW.attempts
                             AND position = NEW.previous AND outcome = 'ACCEPTED') THEN
        PERFORM nzc_refuse('webhook_moves_by_delivery', format('endpoint %s', NEW.endpoint_id));
    END IF;
    RETURN NULL;
END $$
"""

PLACED = {"webhook_endpoint": "id", "webhook_terms": "position", "webhook_secret": "position"}

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in ("webhook_endpoint", "webhook_terms")
    ),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE {what} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table, what in (
            ("webhook_secret", "UPDATE OR TRUNCATE"),
            ("webhook_cursor", "DELETE OR TRUNCATE"),
            ("webhook_delivery", "UPDATE OR TRUNCATE"),
        )
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in PLACED.items()
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{what} AFTER {when} ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}()"
        for table, what, when, function in (
            ("webhook_endpoint", "is_whole", "INSERT", "nzc_webhook_endpoint_is_whole"),
            ("webhook_terms", "are_whole", "INSERT", "nzc_webhook_terms_are_whole"),
            ("webhook_secret", "is_made", "INSERT", "nzc_webhook_secret_is_made"),
            ("webhook_cursor", "moves", "INSERT OR UPDATE", "nzc_webhook_cursor_moves"),
        )
    ),
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES,
        TERMS_SAID,
        ENDPOINT_IS_WHOLE,
        TERMS_ARE_WHOLE,
        SECRET_IS_MADE,
        CURSOR_MOVES,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
