"""Facts that a flag or a text alone had said: what a project's methodology is of, how the days of production
are known, whose sink is given back, what a registry's number names, and which prefixes are one.

It only adds: what there is stays as it is, and what is new is judged. Decision 39 says why."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

# The same as `number_key` of numbers.
NUMBER_KEY = """regexp_replace(regexp_replace(regexp_replace(translate(upper({of} COLLATE "C"),
                   '([（【)]）】', '〔〔〔〔〕〕〕〕'), '[._/#-]+', '-', 'g'),
                   '(?<![0-9])-|-(?![0-9])', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')"""

METHODOLOGIES = (
    "ALTER TABLE enrolment ADD COLUMN methodology text",
    "ALTER TABLE enrolment ADD COLUMN sink boolean",
    # The series of numbers that are of sinks, plainly written, whatever the product's data say.
    """ALTER TABLE enrolment ADD CONSTRAINT enrolment_sink_check CHECK (sink IS TRUE
       OR (methodology COLLATE "C" !~*
           '(^|[ (/])(CCER[ —_./-]14[ —_./-][0-9]{3}|AR[ —_./-]CM[ —_./-][0-9]{3})($|[ ()/—-])') IS NOT FALSE)""",
    f"""
    CREATE FUNCTION nzc_enrolled() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
    DECLARE wrong bigint;
    BEGIN
        SELECT e.id INTO wrong FROM added AS e JOIN project AS p ON p.id = e.project_id
         WHERE e.sink <> p.forestry
            OR e.methodology IS NULL AND p.pilot_id IS NOT NULL AND NOT p.forestry LIMIT 1;
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
    f"""ALTER TABLE enrolment ADD COLUMN number_key text
        GENERATED ALWAYS AS ({NUMBER_KEY.format(of="number")}) STORED""",
    "CREATE INDEX enrolment_programme_number_key_idx ON enrolment (programme, number_key)",
    "CREATE TRIGGER enrolment_judged AFTER INSERT ON enrolment REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_enrolled()",
)

PRODUCTION = (
    "ALTER TABLE credit_batch ADD COLUMN production_basis text",
    "ALTER TABLE credit_batch ADD COLUMN production_document text",
    "ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_production_basis_check "
    "CHECK (production_basis IN ('MONITORING_PERIOD', 'VINTAGE', 'AUTHORITY'))",
    "ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_forestry_has_monitoring_period_check "
    "CHECK (NOT (forestry AND production_basis = 'VINTAGE'))",
    "ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_production_document_check CHECK "
    "((production_document IS NOT NULL) = (production_basis IS NOT DISTINCT FROM 'AUTHORITY'))",
)

# Whether a pilot lies in another, or is it, by the placements before a position.
LIES_IN = f"""
CREATE FUNCTION nzc_lies_in(inner_id bigint, outer_id bigint, before bigint) RETURNS boolean
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    WITH RECURSIVE around (pilot_id) AS (
        SELECT inner_id
        UNION
        SELECT latest.surrounding_id
          FROM around
         CROSS JOIN LATERAL (SELECT surrounding_id FROM pilot_placement
                              WHERE pilot_placement.pilot_id = around.pilot_id
                                AND pilot_placement.position < before
                              ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL
    )
    SELECT EXISTS (SELECT FROM around WHERE pilot_id = outer_id)
$$
"""

# A sink is given back to a pilot that it lies in, for a period of its own that has some of the days in
# which it grew.
OWN_SINK_BEFORE = "AND NOT (p.forestry AND p.pilot_id IS NOT NULL) LIMIT 1;"
OWN_SINK_AFTER = """AND (p.forestry AND nzc_lies_in(p.pilot_id, credit.pilot_id, m.position)
            AND EXISTS (SELECT FROM accounting_period AS a
                         WHERE a.id = credit.period_id AND a.pilot_id = credit.pilot_id
                           AND a.starts_on <= b.produced_to AND b.produced_from <= a.ends_on))
           IS NOT TRUE LIMIT 1;"""

OWN_SINK = (
    "ALTER TABLE account DROP CONSTRAINT account_kind_check",
    """ALTER TABLE account ADD CONSTRAINT account_kind_check CHECK (
       (kind, programme IS NOT NULL, organisation_id IS NOT NULL, pilot_id IS NOT NULL,
        period_id IS NOT NULL, purpose IS NOT NULL) IN (
       ('ISSUANCE', true, false, false, false, false),
       ('HOLDING', true, true, false, false, false),
       ('PENDING', true, true, true, true, false),
       ('RETIREMENT', false, false, true, true, false),
       ('OTHER_USE', true, true, false, false, true),
       ('OTHER_USE', true, true, true, true, true),
       ('FROZEN', true, true, false, false, false),
       ('INVALIDATED', true, false, false, false, false)))""",
    "ALTER TABLE account ADD CONSTRAINT account_own_sink_check "
    "CHECK (purpose = 'OWN_SINK' OR purpose IS NULL OR pilot_id IS NULL)",
    LIES_IN,
    f"""
    DO $mend$
    DECLARE
        found text := pg_get_functiondef('nzc_check_movements(bigint, bigint)'::regprocedure);
        mended text := replace(found, $old${OWN_SINK_BEFORE}$old$, $new${OWN_SINK_AFTER}$new$);
    BEGIN
        IF mended = found THEN
            RAISE EXCEPTION 'nzc_check_movements is not as 0006 made it';
        END IF;
        EXECUTE mended;
    END $mend$
    """,
)

REFERENCE_OF = NUMBER_KEY.format(of="({of}body ->> 'reference')")

ISSUED_ONCE = (
    f"""ALTER TABLE credit_batch ADD COLUMN prefix_key text
        GENERATED ALWAYS AS ({NUMBER_KEY.format(of="prefix")}) STORED""",
    "CREATE INDEX credit_batch_alike_idx ON credit_batch (registry, prefix_key, lo)",
    f"""
    CREATE FUNCTION nzc_issued_alike() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
    DECLARE wrong bigint;
    BEGIN
        PERFORM nzc_lock_head();
        SELECT id INTO wrong FROM added WHERE production_basis IS NULL LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('production_basis_is_known', format('position %s', wrong));
        END IF;
        -- A block meets the one that starts last at or before it, or one that starts within it.
        SELECT a.id INTO wrong
          FROM added AS a
         CROSS JOIN LATERAL (
                (SELECT b.id, b.hi FROM credit_batch AS b
                  WHERE (b.registry, b.prefix_key) = (a.registry, a.prefix_key)
                    AND b.lo <= a.lo AND b.id <> a.id
                  ORDER BY b.lo DESC LIMIT 1)
                UNION ALL
                (SELECT b.id, b.hi FROM credit_batch AS b
                  WHERE (b.registry, b.prefix_key) = (a.registry, a.prefix_key)
                    AND b.lo > a.lo AND b.lo < a.hi
                  ORDER BY b.lo LIMIT 1)) AS other
         WHERE other.hi > a.lo LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('issued_once_however_written', format('position %s', wrong));
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER credit_batch_alike AFTER INSERT ON credit_batch REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_issued_alike()",
)

# With movements, which come after what corrects them. An entry is found by its position (`OFFSET 0`), and what
# has its number by that (`+ 0`): no other index may lead the search.
ONE_ORDER = (
    f"""CREATE INDEX log_entry_order_idx ON log_entry
       ((body ->> 'programme'), ({REFERENCE_OF.format(of="")}), position)
       WHERE kind IN ('CREDITS_RETIRED', 'CREDITS_USED') AND (body ->> 'reference') IS NOT NULL""",
    f"""
    CREATE FUNCTION nzc_one_order() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
    DECLARE wrong bigint;
    BEGIN
        SELECT e.position INTO wrong
          FROM (SELECT DISTINCT position FROM added) AS m
         CROSS JOIN LATERAL (SELECT * FROM log_entry WHERE position = m.position OFFSET 0) AS e
         CROSS JOIN LATERAL (
                SELECT other.body FROM log_entry AS other
                 WHERE other.body ->> 'programme' = e.body ->> 'programme'
                   AND {REFERENCE_OF.format(of="other.")}
                       = {REFERENCE_OF.format(of="e.")}
                   AND other.kind IN ('CREDITS_RETIRED', 'CREDITS_USED')
                   AND (other.body ->> 'reference') IS NOT NULL
                   AND other.position <> e.position
                   AND NOT EXISTS (SELECT FROM correction AS c WHERE c.posting_id = other.position)
                 ORDER BY other.position + 0 LIMIT 1) AS named
         WHERE e.kind IN ('CREDITS_RETIRED', 'CREDITS_USED') AND (e.body ->> 'reference') IS NOT NULL
           AND (SELECT ARRAY[b ->> 'pilot', b ->> 'accounting_period', b ->> 'purpose',
                             b ->> 'beneficiary', coalesce(b ->> 'retired_on', b ->> 'used_on')]
                  FROM (SELECT e.body AS b) AS own)
               IS DISTINCT FROM
               (SELECT ARRAY[b ->> 'pilot', b ->> 'accounting_period', b ->> 'purpose',
                             b ->> 'beneficiary', coalesce(b ->> 'retired_on', b ->> 'used_on')]
                  FROM (SELECT named.body AS b) AS first) LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('reference_names_one_order', format('position %s', wrong));
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER movement_referred AFTER INSERT ON movement REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION nzc_one_order()",
)

STATEMENTS = (*METHODOLOGIES, *PRODUCTION, *OWN_SINK, *ISSUED_ONCE, *ONE_ORDER)


def upgrade() -> None:
    """Add it."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
