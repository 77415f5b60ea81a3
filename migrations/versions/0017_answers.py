"""Outcomes say as of which position they were decided, and batches when their registration was applied for; requests
are confirmed in parts. It only adds: of what there is nobody noted it."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    "ALTER TABLE outcome ADD COLUMN as_of bigint",
    "ALTER TABLE outcome ADD CONSTRAINT outcome_as_of_check CHECK (as_of >= coalesce(position, 0))",
    "ALTER TABLE credit_batch ADD COLUMN reductions_applied_on date",
    "ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_applied_check CHECK "
    "(reductions_applied_on BETWEEN produced_to AND reductions_registered_on)",
    """
    CREATE TABLE request_part (
        position bigint NOT NULL,
        request_id bigint NOT NULL,
        CONSTRAINT request_part_pkey PRIMARY KEY (position),
        CONSTRAINT request_part_request_id_fkey FOREIGN KEY(request_id) REFERENCES retirement_request (id),
        CONSTRAINT request_part_later_check CHECK (position > request_id)
    )
    """,
    "CREATE INDEX request_part_request_id_idx ON request_part (request_id)",
    "GRANT SELECT, INSERT ON request_part TO nzc_api",
)

OUTCOME_IS_LOGGED = f"""
CREATE OR REPLACE FUNCTION nzc_outcome_is_logged() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE unknown bigint;
BEGIN
    SELECT max(greatest(position, as_of)) INTO unknown FROM added;
    IF unknown > (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('outcome_is_logged', format('position %s', unknown));
    END IF;
    IF EXISTS (SELECT FROM added WHERE as_of IS NULL) THEN
        PERFORM nzc_refuse('outcome_says_as_of', (SELECT min(key) FROM added WHERE as_of IS NULL));
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = (
    "CREATE TRIGGER request_part_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON request_part "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()",
    "CREATE CONSTRAINT TRIGGER request_part_position_is_logged AFTER INSERT ON request_part "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_change_is_logged('position')",
    "CREATE TRIGGER request_part_comes_first AFTER INSERT ON request_part "
    "REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_facts_come_first('position')",
    "CREATE CONSTRAINT TRIGGER request_part_position_moves AFTER INSERT ON request_part "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nzc_credits_move('position')",
)

# The check of all movements says of what was asked for where it goes, and that its request ends whole: parts
# are retired as the whole is, and the end is of what they left.
IN_PARTS = (
    (
        "SELECT FROM request_end AS e",
        "SELECT FROM (SELECT position, outcome FROM request_end"
        " UNION ALL SELECT position, 'CONFIRMED' FROM request_part) AS e",
    ),
    (
        "FROM movement AS m WHERE m.position = e.request_id)",
        """FROM movement AS m WHERE m.position = e.request_id)
               - coalesce((SELECT sum(m.hi - m.lo)
                             FROM request_part AS p JOIN movement AS m ON m.position = p.position
                            WHERE p.request_id = e.request_id), 0)""",
    ),
    (
        "-- It ends for all that it set aside",
        """-- A part of it takes only what it set aside, and leaves some: the last is its end.
    SELECT p.position INTO wrong
      FROM request_part AS p
     WHERE p.position BETWEEN first AND last
       AND ((SELECT sum(m.hi - m.lo) FROM movement AS m WHERE m.position = p.request_id)
            <= (SELECT sum(m.hi - m.lo)
                  FROM request_part AS other JOIN movement AS m ON m.position = other.position
                 WHERE other.request_id = p.request_id AND other.position <= p.position)
            OR EXISTS (SELECT FROM lot_spent AS spent
                         JOIN lot AS l
                           ON l.position = spent.lot_position AND l.piece = spent.lot_piece
                        WHERE spent.position = p.position AND l.since <> p.request_id)) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('request_part_leaves_some', format('position %s', wrong));
    END IF;

    -- It ends for all that it set aside""",
    ),
)


def mended(old: str, new: str) -> str:
    """A statement that puts one text of the check of all movements in the place of another."""
    return f"""
DO $mend$
DECLARE found text := pg_get_functiondef('nzc_check_movements(bigint, bigint)'::regprocedure);
BEGIN
    IF (length(found) - length(replace(found, $text${old}$text$, ''))) <> length($text${old}$text$) THEN
        RAISE EXCEPTION 'nzc_check_movements is not as 0002 made it';
    END IF;
    EXECUTE replace(found, $text${old}$text$, $text${new}$text$);
END $mend$
"""


def upgrade() -> None:
    """Add it."""
    mending = (mended(old, new) for old, new in IN_PARTS)
    for statement in (*TABLES, OUTCOME_IS_LOGGED, *mending, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
