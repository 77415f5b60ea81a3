"""Orders that wait for a second person: proposals, which end once, by another key's approval or by being withdrawn, and
what the database holds of that by itself. Decision 47 says why."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE proposal (
        id bigint NOT NULL,
        programme text NOT NULL,
        quantity bigint NOT NULL,
        expires_at timestamptz NOT NULL,
        posting_id bigint,
        batch_id bigint,
        lo bigint,
        hi bigint,
        CONSTRAINT proposal_pkey PRIMARY KEY (id),
        CONSTRAINT proposal_batch_id_fkey FOREIGN KEY(batch_id) REFERENCES credit_batch (id),
        CONSTRAINT proposal_one_check CHECK ((posting_id IS NULL) <> (batch_id IS NULL)),
        CONSTRAINT proposal_order_check CHECK (quantity > 0 AND coalesce(posting_id, batch_id) < id),
        CONSTRAINT proposal_range_check CHECK (
            (lo IS NULL) = (hi IS NULL)
            AND (lo IS NULL OR batch_id IS NOT NULL AND hi - lo = quantity))
    )
    """,
    "CREATE INDEX proposal_programme_id_idx ON proposal (programme, id)",
    """
    CREATE TABLE proposal_end (
        proposal_id bigint NOT NULL,
        position bigint NOT NULL,
        outcome text NOT NULL,
        CONSTRAINT proposal_end_pkey PRIMARY KEY (proposal_id),
        CONSTRAINT proposal_end_proposal_id_fkey FOREIGN KEY(proposal_id) REFERENCES proposal (id),
        CONSTRAINT proposal_end_position_key UNIQUE (position),
        CONSTRAINT proposal_end_later_check CHECK (position > proposal_id),
        CONSTRAINT proposal_end_outcome_check CHECK (outcome IN ('APPROVED', 'WITHDRAWN'))
    )
    """,
    "GRANT SELECT, INSERT ON proposal, proposal_end TO nzc_api",
)

# Whether a key is of a registry of the programme, and of the organisation that the log names beside it.
KEY_OF_REGISTRY = f"""
CREATE FUNCTION nzc_key_of_registry(of_key bigint, of_organisation bigint, of_programme text) RETURNS boolean
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT EXISTS (SELECT FROM public.api_key AS k JOIN public.organisation AS o ON o.id = k.organisation_id
                    WHERE k.id = of_key AND o.id = of_organisation AND of_programme = ANY(o.programmes))
$$
"""

# At the commit: a proposal is what its entry says, for a time to come, on grounds, and by a key of its programme's
# registry.
PROPOSAL_IS_WHOLE = f"""
CREATE FUNCTION nzc_proposal_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE entry public.log_entry;
BEGIN
    SELECT * INTO entry FROM log_entry WHERE position = NEW.id;
    IF (entry.kind = 'ORDER_PROPOSED' AND entry.at < NEW.expires_at
        AND entry.body @> jsonb_build_object(
            'programme', NEW.programme, 'quantity', NEW.quantity, 'corrects', NEW.posting_id,
            'batch', NEW.batch_id, 'lo', NEW.lo, 'hi', NEW.hi)
        AND (entry.body ->> 'expires_at')::timestamptz = NEW.expires_at
        AND EXISTS (SELECT FROM grounds WHERE position = NEW.id)) IS NOT TRUE THEN
        PERFORM nzc_refuse('proposal_is_as_logged', format('proposal %s', NEW.id));
    END IF;
    IF NOT nzc_key_of_registry(entry.api_key_id, entry.organisation_id, NEW.programme) THEN
        PERFORM nzc_refuse('proposed_by_its_registry', format('proposal %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

# At the commit, when all of the posting is there: a proposal ends before its time is over, by a key of its programme's
# registry; approved, it is by another key than proposed it, which is in force still, and what was proposed was done.
PROPOSAL_ENDED = f"""
CREATE FUNCTION nzc_proposal_ended() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE asked public.proposal; proposed public.log_entry; entry public.log_entry;
BEGIN
    SELECT * INTO asked FROM proposal WHERE id = NEW.proposal_id;
    SELECT * INTO proposed FROM log_entry WHERE position = NEW.proposal_id;
    SELECT * INTO entry FROM log_entry WHERE position = NEW.position;
    IF (entry.at < asked.expires_at) IS NOT TRUE THEN
        PERFORM nzc_refuse('proposal_ends_in_time', format('proposal %s', asked.id));
    END IF;
    IF NOT nzc_key_of_registry(entry.api_key_id, entry.organisation_id, asked.programme) THEN
        PERFORM nzc_refuse('proposal_ended_by_its_registry', format('proposal %s', asked.id));
    END IF;
    IF NEW.outcome = 'WITHDRAWN' THEN
        IF (entry.kind, entry.subject_id) IS DISTINCT FROM ('PROPOSAL_WITHDRAWN', asked.id) THEN
            PERFORM nzc_refuse('withdrawal_is_logged', format('proposal %s', asked.id));
        END IF;
        RETURN NULL;
    END IF;
    IF entry.api_key_id = proposed.api_key_id THEN
        PERFORM nzc_refuse('approved_by_another_key', format('proposal %s', asked.id));
    END IF;
    IF EXISTS (SELECT FROM api_key WHERE id = proposed.api_key_id AND revoked_position IS NOT NULL) THEN
        PERFORM nzc_refuse('proposer_key_is_in_force', format('proposal %s', asked.id));
    END IF;
    -- The entry says how many tonnes moved (`posting_is_as_logged`), so none beside those that are meant.
    IF (entry.kind = proposed.body ->> 'order'
        AND (entry.body ->> 'proposal')::bigint = asked.id
        AND (entry.body ->> 'quantity')::bigint = asked.quantity
        AND CASE
            WHEN asked.posting_id IS NOT NULL THEN
                entry.kind = 'POSTING_CORRECTED' AND EXISTS (
                SELECT FROM correction AS c
                 WHERE (c.posting_id, c.position) = (asked.posting_id, entry.position))
            WHEN asked.lo IS NULL THEN
                entry.kind = 'BATCH_INVALIDATED' AND EXISTS (
                SELECT FROM batch_fact AS f
                 WHERE (f.position, f.batch_id, f.kind) = (entry.position, asked.batch_id, 'INVALIDATE'))
            ELSE entry.kind = 'CREDITS_INVALIDATED' AND asked.quantity = (
                SELECT sum(m.hi - m.lo) FROM movement AS m
                 WHERE m.position = entry.position AND m.batch_id + 0 = asked.batch_id
                   AND asked.lo <= m.lo AND m.hi <= asked.hi)
            END) IS NOT TRUE THEN
        PERFORM nzc_refuse('approval_does_what_was_proposed', format('proposal %s', asked.id));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in ("proposal", "proposal_end")
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in (("proposal", "id"), ("proposal_end", "position"))
    ),
    "CREATE CONSTRAINT TRIGGER proposal_whole AFTER INSERT ON proposal "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_proposal_is_whole()",
    "CREATE CONSTRAINT TRIGGER proposal_end_settles AFTER INSERT ON proposal_end "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_proposal_ended()",
)


def upgrade() -> None:
    """Add it."""
    for statement in (*TABLES, KEY_OF_REGISTRY, PROPOSAL_IS_WHOLE, PROPOSAL_ENDED, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
