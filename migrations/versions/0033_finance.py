"""Finance: what pays for measures, what of their savings is pledged, and early ends. It only adds."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

TABLES = (
    """
    CREATE TABLE financing (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        product text NOT NULL,
        name text,
        financier text NOT NULL,
        amount numeric NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        CONSTRAINT financing_pkey PRIMARY KEY (id),
        CONSTRAINT financing_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT financing_product_check CHECK (
            product IN ('SAVINGS_PLEDGE_LOAN', 'GREEN_BUYER_CREDIT', 'GREEN_FINANCE_LEASE', 'OTHER')),
        CONSTRAINT financing_name_check CHECK ((product = 'OTHER') = (name IS NOT NULL)),
        CONSTRAINT financing_amount_check
            CHECK (amount > 0 AND amount <= 1e12 AND scale(amount) <= 2),
        CONSTRAINT financing_days_check CHECK (starts_on <= ends_on)
    )
    """,
    "CREATE INDEX financing_pilot_id_id_idx ON financing (pilot_id, id)",
    """
    CREATE TABLE financing_allocation (
        financing_id bigint NOT NULL,
        measure_id bigint NOT NULL,
        amount numeric NOT NULL,
        CONSTRAINT financing_allocation_pkey PRIMARY KEY (financing_id, measure_id),
        CONSTRAINT financing_allocation_financing_id_fkey
            FOREIGN KEY(financing_id) REFERENCES financing (id),
        CONSTRAINT financing_allocation_measure_id_fkey
            FOREIGN KEY(measure_id) REFERENCES measure (id),
        CONSTRAINT financing_allocation_amount_check
            CHECK (amount > 0 AND amount <= 1e12 AND scale(amount) <= 2)
    )
    """,
    "CREATE INDEX financing_allocation_measure_id_idx ON financing_allocation (measure_id)",
    """
    CREATE TABLE financing_pledge (
        financing_id bigint NOT NULL,
        number integer NOT NULL,
        measure_id bigint NOT NULL,
        share numeric NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        CONSTRAINT financing_pledge_pkey PRIMARY KEY (financing_id, number),
        CONSTRAINT financing_pledge_financing_id_fkey
            FOREIGN KEY(financing_id) REFERENCES financing (id),
        CONSTRAINT financing_pledge_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
        CONSTRAINT financing_pledge_share_check
            CHECK (share > 0 AND share <= 100 AND scale(share) <= 2),
        CONSTRAINT financing_pledge_days_check CHECK (starts_on <= ends_on)
    )
    """,
    "CREATE INDEX financing_pledge_measure_id_idx ON financing_pledge (measure_id)",
    """
    CREATE TABLE financing_end (
        position bigint NOT NULL,
        financing_id bigint NOT NULL,
        on_day date NOT NULL,
        document text NOT NULL,
        CONSTRAINT financing_end_pkey PRIMARY KEY (position),
        CONSTRAINT financing_end_financing_id_key UNIQUE (financing_id),
        CONSTRAINT financing_end_financing_id_fkey
            FOREIGN KEY(financing_id) REFERENCES financing (id)
    )
    """,
    "GRANT SELECT, INSERT ON financing, financing_allocation, financing_pledge, financing_end TO nzc_api",
)

# All that the log says of a financing: not who lends, nor what another product is called.
FINANCING_SAID = f"""
CREATE FUNCTION nzc_financing_said(of_financing public.financing) RETURNS jsonb
LANGUAGE sql STABLE {SEARCH_PATH} AS $$
    SELECT jsonb_build_object(
        'pilot', of_financing.pilot_id, 'product', of_financing.product,
        'amount', trim_scale(of_financing.amount)::text,
        'starts_on', of_financing.starts_on, 'ends_on', of_financing.ends_on,
        'allocations', coalesce((SELECT jsonb_agg(jsonb_build_array(measure_id, trim_scale(amount)::text)
                                                  ORDER BY measure_id)
                                   FROM financing_allocation WHERE financing_id = of_financing.id), '[]'),
        'pledges', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                        measure_id, trim_scale(share)::text, starts_on, ends_on)
                                        ORDER BY number)
                               FROM financing_pledge WHERE financing_id = of_financing.id), '[]'))
$$
"""

# Asked at the commit, of a financing and of each of its parts, so that none is added later.
FINANCING_IS_AS_LOGGED = f"""
CREATE FUNCTION nzc_financing_is_as_logged() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE it financing;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM financing WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.id AND kind = 'FINANCING_RECORDED'
                      AND body = nzc_financing_said(it)) THEN
        PERFORM nzc_refuse('financing_is_as_logged', format('financing %s', it.id));
    END IF;
    RETURN NULL;
END $$
"""

# A sum of pledges rises only where one begins: so the days on which some begin are all that need to be looked at.
FINANCING_IS_WHOLE = f"""
CREATE FUNCTION nzc_financing_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM (SELECT measure_id FROM financing_allocation WHERE financing_id = NEW.id
                            UNION ALL
                            SELECT measure_id FROM financing_pledge WHERE financing_id = NEW.id) AS named
                 JOIN measure AS m ON m.id = named.measure_id
                WHERE m.pilot_id <> NEW.pilot_id) THEN
        PERFORM nzc_refuse('financed_of_its_pilot', format('financing %s', NEW.id));
    END IF;
    IF (SELECT sum(amount) FROM financing_allocation WHERE financing_id = NEW.id) > NEW.amount THEN
        PERFORM nzc_refuse('allocations_within_amount', format('financing %s', NEW.id));
    END IF;
    IF EXISTS (SELECT FROM financing_allocation AS own JOIN measure AS m ON m.id = own.measure_id
                WHERE own.financing_id = NEW.id
                  AND (SELECT sum(amount) FROM financing_allocation WHERE measure_id = m.id) > m.capex) THEN
        PERFORM nzc_refuse('allocations_within_capex', format('financing %s', NEW.id));
    END IF;
    IF NEW.product <> 'SAVINGS_PLEDGE_LOAN'
       AND EXISTS (SELECT FROM financing_pledge WHERE financing_id = NEW.id) THEN
        PERFORM nzc_refuse('pledge_of_its_product', format('financing %s', NEW.id));
    END IF;
    IF EXISTS (SELECT FROM financing_pledge
                WHERE financing_id = NEW.id
                  AND (starts_on < NEW.starts_on OR ends_on > NEW.ends_on)) THEN
        PERFORM nzc_refuse('pledge_within_financing', format('financing %s', NEW.id));
    END IF;
    IF EXISTS (WITH pledged AS (
                   SELECT p.measure_id, p.share, p.starts_on, least(p.ends_on, ended.on_day) AS ends_on
                     FROM financing_pledge AS p LEFT JOIN financing_end AS ended USING (financing_id)
                    WHERE p.measure_id IN (SELECT measure_id FROM financing_pledge
                                            WHERE financing_id = NEW.id))
               SELECT FROM (SELECT DISTINCT measure_id, starts_on AS day FROM pledged) AS begun
                 JOIN pledged AS held USING (measure_id)
                WHERE begun.day BETWEEN held.starts_on AND held.ends_on
                GROUP BY measure_id, begun.day
               HAVING sum(held.share) > 100) THEN
        PERFORM nzc_refuse('savings_pledged_once', format('financing %s', NEW.id));
    END IF;
    RETURN NULL;
END $$
"""

FINANCING_END_IS_WHOLE = f"""
CREATE FUNCTION nzc_financing_end_is_whole() RETURNS trigger LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM financing
                    WHERE id = NEW.financing_id AND NEW.on_day BETWEEN starts_on AND ends_on) THEN
        PERFORM nzc_refuse('financing_end_within', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.financing_id
                      AND kind = 'FINANCING_ENDED' AND body = jsonb_build_object('on', NEW.on_day)) THEN
        PERFORM nzc_refuse('financing_end_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $$
"""

# The column of each that names an entry.
PLACED = {
    "financing": "id",
    "financing_allocation": "financing_id",
    "financing_pledge": "financing_id",
    "financing_end": "position",
}

# What is asked of each row at the commit.
ASKED = (
    ("financing", "is_as_logged", "nzc_financing_is_as_logged('id')"),
    ("financing_allocation", "is_as_logged", "nzc_financing_is_as_logged('financing_id')"),
    ("financing_pledge", "is_as_logged", "nzc_financing_is_as_logged('financing_id')"),
    ("financing", "is_whole", "nzc_financing_is_whole()"),
    ("financing_end", "is_whole", "nzc_financing_end_is_whole()"),
)

TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nzc_append_only()"
        for table in PLACED
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{column}_is_logged AFTER INSERT ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION nzc_change_is_logged('{column}')"
        for table, column in PLACED.items()
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_{what} AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}"
        for table, what, function in ASKED
    ),
)


def upgrade() -> None:
    """Add them."""
    for statement in (
        *TABLES,
        FINANCING_SAID,
        FINANCING_IS_AS_LOGGED,
        FINANCING_IS_WHOLE,
        FINANCING_END_IS_WHOLE,
        *TRIGGERS,
    ):
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
