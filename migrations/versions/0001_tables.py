"""The foundation's tables, and what the API's role may do with each."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "GRANT USAGE ON SCHEMA public TO nzc_api",
    "GRANT SELECT ON alembic_version TO nzc_api",
    """
    CREATE TABLE log_head (
        id smallint DEFAULT 1 NOT NULL,
        log_id bigint NOT NULL,
        position bigint NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT log_head_pkey PRIMARY KEY (id),
        CONSTRAINT log_head_single_check CHECK (id = 1),
        CONSTRAINT log_head_position_check CHECK (position >= 0),
        CONSTRAINT log_head_log_id_check CHECK (log_id BETWEEN 0 AND (1::bigint << 60) - 1)
    )
    """,
    "GRANT SELECT, UPDATE ON log_head TO nzc_api",
    """
    CREATE TABLE log_entry (
        position bigint NOT NULL,
        at timestamptz NOT NULL,
        kind text NOT NULL,
        subject_id bigint NOT NULL,
        organisation_id bigint,
        api_key_id bigint,
        body jsonb NOT NULL,
        CONSTRAINT log_entry_pkey PRIMARY KEY (position),
        CONSTRAINT log_entry_position_check CHECK (position > 0),
        CONSTRAINT log_entry_subject_check CHECK (subject_id <= position)
    )
    """,
    "GRANT SELECT, INSERT ON log_entry TO nzc_api",
    """
    CREATE TABLE outcome (
        organisation_id bigint NOT NULL,
        key text NOT NULL,
        fingerprint bytea NOT NULL,
        position bigint,
        refusal jsonb,
        CONSTRAINT outcome_pkey PRIMARY KEY (organisation_id, key),
        CONSTRAINT outcome_one_check CHECK (CASE WHEN position IS NULL THEN coalesce(jsonb_typeof(refusal) = 'object', false) ELSE refusal IS NULL END),
        CONSTRAINT outcome_fingerprint_check CHECK (octet_length(fingerprint) = 32)
    )
    """,
    "GRANT SELECT, INSERT ON outcome TO nzc_api",
    """
    CREATE TABLE organisation (
        id bigint NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        role text NOT NULL,
        programmes text[] NOT NULL,
        CONSTRAINT organisation_pkey PRIMARY KEY (id),
        CONSTRAINT organisation_programmes_check CHECK (role = 'REGISTRY' OR programmes = '{}')
    )
    """,
    "CREATE INDEX organisation_role_idx ON organisation (role)",
    "GRANT SELECT, INSERT ON organisation TO nzc_api",
    """
    CREATE TABLE api_key (
        id bigint NOT NULL,
        organisation_id bigint NOT NULL,
        label text NOT NULL,
        secret_hash bytea NOT NULL,
        revoked_position bigint,
        CONSTRAINT api_key_pkey PRIMARY KEY (id),
        CONSTRAINT api_key_revoked_check CHECK (revoked_position > id),
        CONSTRAINT api_key_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisation (id),
        CONSTRAINT api_key_secret_hash_key UNIQUE (secret_hash)
    )
    """,
    "CREATE INDEX api_key_organisation_id_idx ON api_key (organisation_id)",
    "GRANT SELECT, INSERT, UPDATE ON api_key TO nzc_api",
    """
    CREATE TABLE pilot (
        id bigint NOT NULL,
        code text NOT NULL,
        variant text NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        applicant_kind text NOT NULL,
        applicant_name_zh text NOT NULL,
        applicant_name_en text NOT NULL,
        division_code text NOT NULL,
        establishment text NOT NULL,
        operation_starts_on date,
        operator_id bigint NOT NULL,
        CONSTRAINT pilot_pkey PRIMARY KEY (id),
        CONSTRAINT pilot_code_key UNIQUE (code),
        CONSTRAINT pilot_operator_id_fkey FOREIGN KEY(operator_id) REFERENCES organisation (id)
    )
    """,
    "CREATE INDEX pilot_division_code_code_idx ON pilot (division_code, code)",
    "CREATE INDEX pilot_division_code_id_idx ON pilot (division_code, id)",
    "CREATE INDEX pilot_operator_id_code_idx ON pilot (operator_id, code)",
    "CREATE INDEX pilot_operator_id_id_idx ON pilot (operator_id, id)",
    "CREATE INDEX pilot_variant_code_idx ON pilot (variant, code)",
    "CREATE INDEX pilot_variant_id_idx ON pilot (variant, id)",
    "GRANT SELECT, INSERT ON pilot TO nzc_api",
    """
    CREATE TABLE pilot_placement (
        position bigint NOT NULL,
        pilot_id bigint NOT NULL,
        surrounding_id bigint,
        CONSTRAINT pilot_placement_pkey PRIMARY KEY (position),
        CONSTRAINT pilot_placement_not_itself_check CHECK (surrounding_id <> pilot_id),
        CONSTRAINT pilot_placement_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT pilot_placement_surrounding_id_fkey FOREIGN KEY(surrounding_id) REFERENCES pilot (id)
    )
    """,
    "CREATE INDEX pilot_placement_pilot_id_position_idx ON pilot_placement (pilot_id, position)",
    "CREATE INDEX pilot_placement_surrounding_id_pilot_id_position_idx ON pilot_placement (surrounding_id, pilot_id, position)",
    "GRANT SELECT, INSERT ON pilot_placement TO nzc_api",
    """
    CREATE TABLE accounting_period (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        CONSTRAINT accounting_period_pkey PRIMARY KEY (id),
        CONSTRAINT accounting_period_order_check CHECK (starts_on <= ends_on),
        CONSTRAINT accounting_period_pilot_id_id_key UNIQUE (pilot_id, id),
        CONSTRAINT accounting_period_no_overlap_excl EXCLUDE USING gist (pilot_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&),
        CONSTRAINT accounting_period_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id)
    )
    """,
    "GRANT SELECT, INSERT ON accounting_period TO nzc_api",
    """
    CREATE TABLE inventory (
        id bigint NOT NULL,
        pilot_id bigint NOT NULL,
        period_id bigint NOT NULL,
        phase text NOT NULL,
        basis text NOT NULL,
        gwp_set text NOT NULL,
        factor_list text NOT NULL,
        factor_list_version integer NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        not_occurring text[] NOT NULL,
        series_id bigint NOT NULL,
        version integer NOT NULL,
        submitted_position bigint,
        verified_position bigint,
        verifier_id bigint,
        status text GENERATED ALWAYS AS (CASE WHEN verified_position IS NOT NULL THEN 'VERIFIED'
         WHEN submitted_position IS NOT NULL THEN 'SUBMITTED' ELSE 'DRAFT' END) STORED NOT NULL,
        CONSTRAINT inventory_pkey PRIMARY KEY (id),
        CONSTRAINT inventory_pilot_id_period_id_fkey FOREIGN KEY(pilot_id, period_id) REFERENCES accounting_period (pilot_id, id),
        CONSTRAINT inventory_series_id_version_key UNIQUE (series_id, version),
        CONSTRAINT inventory_order_check CHECK (starts_on <= ends_on),
        CONSTRAINT inventory_version_check CHECK (version > 0 AND (version = 1) = (series_id = id)),
        CONSTRAINT inventory_submitted_check CHECK (submitted_position > id),
        CONSTRAINT inventory_verified_check CHECK (verified_position IS NULL OR (submitted_position IS NOT NULL AND verified_position > submitted_position)),
        CONSTRAINT inventory_verifier_check CHECK ((verified_position IS NULL) = (verifier_id IS NULL)),
        CONSTRAINT inventory_no_overlap_excl EXCLUDE USING gist (pilot_id WITH =, phase WITH =, basis WITH =, daterange(starts_on, ends_on, '[]') WITH &&, series_id WITH <>) WHERE (submitted_position IS NOT NULL),
        CONSTRAINT inventory_series_id_fkey FOREIGN KEY(series_id) REFERENCES inventory (id),
        CONSTRAINT inventory_verifier_id_fkey FOREIGN KEY(verifier_id) REFERENCES organisation (id)
    )
    """,
    "CREATE UNIQUE INDEX inventory_one_draft_idx ON inventory (series_id) WHERE submitted_position IS NULL",
    "CREATE INDEX inventory_period_id_id_idx ON inventory (period_id, id)",
    "CREATE INDEX inventory_pilot_id_id_idx ON inventory (pilot_id, id)",
    "CREATE INDEX inventory_status_id_idx ON inventory (status, id)",
    "GRANT SELECT, INSERT, UPDATE ON inventory TO nzc_api",
    """
    CREATE TABLE inventory_line (
        id bigint NOT NULL,
        inventory_id bigint NOT NULL,
        role text NOT NULL,
        category text NOT NULL,
        label text NOT NULL,
        activity_value numeric NOT NULL,
        activity_unit text NOT NULL,
        density_value numeric,
        density_unit text,
        factor jsonb NOT NULL,
        treatment text NOT NULL,
        warnings text[] NOT NULL,
        CONSTRAINT inventory_line_pkey PRIMARY KEY (id),
        CONSTRAINT inventory_line_role_check CHECK (role IN ('SOURCE', 'SINK')),
        CONSTRAINT inventory_line_activity_check CHECK (activity_value BETWEEN 0 AND 1e18),
        CONSTRAINT inventory_line_density_check CHECK ((density_value IS NULL) = (density_unit IS NULL) AND density_value > 0 AND density_value < 'Infinity'),
        CONSTRAINT inventory_line_inventory_id_fkey FOREIGN KEY(inventory_id) REFERENCES inventory (id)
    )
    """,
    "CREATE INDEX inventory_line_inventory_id_role_id_idx ON inventory_line (inventory_id, role, id)",
    "GRANT SELECT, INSERT, DELETE ON inventory_line TO nzc_api",
    """
    CREATE TABLE line_gas (
        line_id bigint NOT NULL,
        gas text NOT NULL,
        tonnes numeric NOT NULL,
        gwp numeric NOT NULL,
        co2e numeric NOT NULL,
        CONSTRAINT line_gas_pkey PRIMARY KEY (line_id, gas),
        CONSTRAINT line_gas_grams_check CHECK (tonnes BETWEEN 0 AND 1e12 AND scale(tonnes) <= 6),
        CONSTRAINT line_gas_co2e_check CHECK (gwp >= 0 AND gwp < 'Infinity' AND co2e = tonnes * gwp),
        CONSTRAINT line_gas_line_id_fkey FOREIGN KEY(line_id) REFERENCES inventory_line (id) ON DELETE CASCADE
    )
    """,
    "GRANT SELECT, INSERT, DELETE ON line_gas TO nzc_api",
    """
    CREATE TABLE project (
        id bigint NOT NULL,
        code text NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        forestry boolean NOT NULL,
        site text NOT NULL,
        division_code text,
        latitude numeric,
        longitude numeric,
        site_code text,
        site_key text NOT NULL,
        pilot_id bigint,
        CONSTRAINT project_pkey PRIMARY KEY (id),
        CONSTRAINT project_coordinates_check CHECK ((latitude IS NULL) = (longitude IS NULL)),
        CONSTRAINT project_code_key UNIQUE (code),
        CONSTRAINT project_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id)
    )
    """,
    "CREATE INDEX project_site_code_idx ON project (site_code)",
    "CREATE INDEX project_division_code_site_key_idx ON project (division_code, site_key)",
    "CREATE INDEX project_latitude_longitude_idx ON project (latitude, longitude)",
    "CREATE INDEX project_pilot_id_idx ON project (pilot_id)",
    "GRANT SELECT, INSERT ON project TO nzc_api",
    """
    CREATE TABLE enrolment (
        id bigint NOT NULL,
        project_id bigint NOT NULL,
        programme text NOT NULL,
        rule text NOT NULL,
        number text NOT NULL,
        registered_on date NOT NULL,
        CONSTRAINT enrolment_pkey PRIMARY KEY (id),
        CONSTRAINT enrolment_project_id_programme_key UNIQUE (project_id, programme),
        CONSTRAINT enrolment_programme_number_key UNIQUE (programme, number),
        CONSTRAINT enrolment_project_id_fkey FOREIGN KEY(project_id) REFERENCES project (id)
    )
    """,
    "GRANT SELECT, INSERT ON enrolment TO nzc_api",
    """
    CREATE TABLE credit_batch (
        id bigint NOT NULL,
        project_id bigint NOT NULL,
        programme text NOT NULL,
        forestry boolean NOT NULL,
        vintage integer NOT NULL,
        produced_from date NOT NULL,
        produced_to date NOT NULL,
        reductions_registered_on date NOT NULL,
        registry text NOT NULL,
        prefix text NOT NULL,
        lo bigint NOT NULL,
        hi bigint NOT NULL,
        quantity bigint NOT NULL,
        by_certificate boolean NOT NULL,
        CONSTRAINT credit_batch_pkey PRIMARY KEY (id),
        CONSTRAINT credit_batch_project_id_programme_fkey FOREIGN KEY(project_id, programme) REFERENCES enrolment (project_id, programme),
        CONSTRAINT credit_batch_registry_check CHECK (registry COLLATE "C" ~ '^[A-Z0-9][A-Z0-9_-]*$'),
        CONSTRAINT credit_batch_prefix_check CHECK (prefix COLLATE "C" ~ '^[A-Z0-9]([A-Z0-9._/-]{0,78}[A-Z0-9])?$'),
        CONSTRAINT credit_batch_range_check CHECK (lo >= 0 AND hi > lo),
        CONSTRAINT credit_batch_quantity_check CHECK (quantity = hi - lo),
        CONSTRAINT credit_batch_produced_check CHECK (produced_from <= produced_to),
        CONSTRAINT credit_batch_vintage_check CHECK (vintage = extract(year FROM produced_to)),
        CONSTRAINT credit_batch_registered_check CHECK (produced_to <= reductions_registered_on),
        CONSTRAINT credit_batch_no_overlap_excl EXCLUDE USING gist (registry WITH =, prefix WITH =, int8range(lo, hi) WITH &&)
    )
    """,
    "CREATE INDEX credit_batch_programme_id_idx ON credit_batch (programme, id)",
    "CREATE INDEX credit_batch_project_id_id_idx ON credit_batch (project_id, id)",
    "CREATE INDEX credit_batch_vintage_id_idx ON credit_batch (vintage, id)",
    "GRANT SELECT, INSERT ON credit_batch TO nzc_api",
    """
    CREATE TABLE account (
        id bigint NOT NULL,
        kind text NOT NULL,
        programme text,
        organisation_id bigint,
        pilot_id bigint,
        period_id bigint,
        purpose text,
        CONSTRAINT account_pkey PRIMARY KEY (id),
        CONSTRAINT account_one_of_a_kind_key UNIQUE NULLS NOT DISTINCT (kind, programme, organisation_id, pilot_id, period_id, purpose),
        CONSTRAINT account_pilot_id_period_id_fkey FOREIGN KEY(pilot_id, period_id) REFERENCES accounting_period (pilot_id, id),
        CONSTRAINT account_kind_check CHECK ((kind, programme IS NOT NULL, organisation_id IS NOT NULL, pilot_id IS NOT NULL,
            period_id IS NOT NULL, purpose IS NOT NULL) IN (
           ('ISSUANCE', true, false, false, false, false),
           ('HOLDING', true, true, false, false, false),
           ('PENDING', true, true, true, true, false),
           ('RETIREMENT', false, false, true, true, false),
           ('OTHER_USE', true, true, false, false, true),
           ('FROZEN', true, true, false, false, false),
           ('INVALIDATED', true, false, false, false, false))),
        CONSTRAINT account_purpose_check CHECK (purpose IN ('ETS_COMPLIANCE', 'EVENT', 'PUBLIC_GOOD', 'OWN_SINK')),
        CONSTRAINT account_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisation (id)
    )
    """,
    "CREATE INDEX account_organisation_id_idx ON account (organisation_id)",
    "CREATE INDEX account_pilot_id_period_id_idx ON account (pilot_id, period_id)",
    "GRANT SELECT, INSERT ON account TO nzc_api",
    """
    CREATE TABLE movement (
        position bigint NOT NULL,
        line integer NOT NULL,
        debit_id bigint NOT NULL,
        credit_id bigint NOT NULL,
        batch_id bigint NOT NULL,
        lo bigint NOT NULL,
        hi bigint NOT NULL,
        CONSTRAINT movement_pkey PRIMARY KEY (position, line),
        CONSTRAINT movement_range_check CHECK (hi > lo),
        CONSTRAINT movement_legs_check CHECK (debit_id <> credit_id)
    )
    """,
    "CREATE INDEX movement_credit_id_position_idx ON movement (credit_id, position)",
    "CREATE INDEX movement_serials_idx ON movement USING gist (batch_id, int8range(lo, hi))",
    "GRANT SELECT, INSERT ON movement TO nzc_api",
    """
    CREATE TABLE lot (
        position bigint NOT NULL,
        piece integer NOT NULL,
        account_id bigint NOT NULL,
        batch_id bigint NOT NULL,
        lo bigint NOT NULL,
        hi bigint NOT NULL,
        since bigint NOT NULL,
        CONSTRAINT lot_pkey PRIMARY KEY (position, piece),
        CONSTRAINT lot_range_check CHECK (hi > lo)
    )
    """,
    "CREATE INDEX lot_owner_idx ON lot (batch_id, lo, hi DESC, position)",
    "GRANT SELECT, INSERT ON lot TO nzc_api",
    """
    CREATE TABLE lot_spent (
        lot_position bigint NOT NULL,
        lot_piece integer NOT NULL,
        position bigint NOT NULL,
        CONSTRAINT lot_spent_pkey PRIMARY KEY (lot_position, lot_piece),
        CONSTRAINT lot_spent_later_check CHECK (position > lot_position)
    )
    """,
    "CREATE INDEX lot_spent_position_idx ON lot_spent (position)",
    "GRANT SELECT, INSERT ON lot_spent TO nzc_api",
    """
    CREATE TABLE balance (
        account_id bigint NOT NULL,
        batch_id bigint NOT NULL,
        position bigint NOT NULL,
        tonnes bigint NOT NULL,
        CONSTRAINT balance_pkey PRIMARY KEY (account_id, batch_id, position)
    )
    """,
    "GRANT SELECT, INSERT, DELETE ON balance TO nzc_api",
    """
    CREATE TABLE available_lot (
        lot_position bigint NOT NULL,
        lot_piece integer NOT NULL,
        account_id bigint NOT NULL,
        vintage integer NOT NULL,
        batch_id bigint NOT NULL,
        lo bigint NOT NULL,
        hi bigint NOT NULL,
        since bigint NOT NULL,
        CONSTRAINT available_lot_pkey PRIMARY KEY (lot_position, lot_piece)
    )
    """,
    "CREATE INDEX available_lot_order_idx ON available_lot (account_id, vintage, batch_id, lo)",
    "GRANT SELECT, INSERT, DELETE ON available_lot TO nzc_api",
    """
    CREATE TABLE batch_fact (
        position bigint NOT NULL,
        batch_id bigint NOT NULL,
        kind text NOT NULL,
        CONSTRAINT batch_fact_pkey PRIMARY KEY (position),
        CONSTRAINT batch_fact_later_check CHECK (position > batch_id),
        CONSTRAINT batch_fact_kind_check CHECK (kind IN ('FREEZE', 'UNFREEZE', 'INVALIDATE', 'EXPORT')),
        CONSTRAINT batch_fact_batch_id_fkey FOREIGN KEY(batch_id) REFERENCES credit_batch (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX batch_fact_batch_id_position_idx ON batch_fact (batch_id, position)",
    "GRANT SELECT, INSERT ON batch_fact TO nzc_api",
    """
    CREATE TABLE double_issuance (
        batch_id bigint NOT NULL,
        other_id bigint NOT NULL,
        CONSTRAINT double_issuance_pkey PRIMARY KEY (batch_id, other_id),
        CONSTRAINT double_issuance_order_check CHECK (other_id < batch_id),
        CONSTRAINT double_issuance_batch_id_fkey FOREIGN KEY(batch_id) REFERENCES credit_batch (id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT double_issuance_other_id_fkey FOREIGN KEY(other_id) REFERENCES credit_batch (id) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    "CREATE INDEX double_issuance_other_id_idx ON double_issuance (other_id)",
    "GRANT SELECT, INSERT ON double_issuance TO nzc_api",
    """
    CREATE TABLE double_issuance_resolution (
        position bigint NOT NULL,
        batch_id bigint NOT NULL,
        other_id bigint NOT NULL,
        finding text NOT NULL,
        CONSTRAINT double_issuance_resolution_pkey PRIMARY KEY (position),
        CONSTRAINT double_issuance_resolution_batch_id_other_id_key UNIQUE (batch_id, other_id),
        CONSTRAINT double_issuance_resolution_batch_id_other_id_fkey FOREIGN KEY(batch_id, other_id) REFERENCES double_issuance (batch_id, other_id),
        CONSTRAINT double_issuance_resolution_finding_check CHECK (finding IN ('DISTINCT', 'DOUBLE'))
    )
    """,
    "GRANT SELECT, INSERT ON double_issuance_resolution TO nzc_api",
    """
    CREATE TABLE retirement_request (
        id bigint NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT retirement_request_pkey PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX retirement_request_expires_at_idx ON retirement_request (expires_at)",
    "GRANT SELECT, INSERT ON retirement_request TO nzc_api",
    """
    CREATE TABLE request_end (
        request_id bigint NOT NULL,
        position bigint NOT NULL,
        outcome text NOT NULL,
        CONSTRAINT request_end_pkey PRIMARY KEY (request_id),
        CONSTRAINT request_end_request_id_fkey FOREIGN KEY(request_id) REFERENCES retirement_request (id),
        CONSTRAINT request_end_position_key UNIQUE (position),
        CONSTRAINT request_end_later_check CHECK (position > request_id),
        CONSTRAINT request_end_outcome_check CHECK (outcome IN ('CONFIRMED', 'CANCELLED', 'EXPIRED'))
    )
    """,
    "GRANT SELECT, INSERT ON request_end TO nzc_api",
    """
    CREATE TABLE correction (
        posting_id bigint NOT NULL,
        position bigint NOT NULL,
        CONSTRAINT correction_pkey PRIMARY KEY (posting_id),
        CONSTRAINT correction_position_key UNIQUE (position),
        CONSTRAINT correction_later_check CHECK (position > posting_id)
    )
    """,
    "GRANT SELECT, INSERT ON correction TO nzc_api",
    """
    CREATE TABLE grounds (
        position bigint NOT NULL,
        document text NOT NULL,
        reason text NOT NULL,
        CONSTRAINT grounds_pkey PRIMARY KEY (position)
    )
    """,
    "GRANT SELECT, INSERT ON grounds TO nzc_api",
    """
    CREATE TABLE pilot_overlap (
        position bigint NOT NULL,
        pilot_id bigint NOT NULL,
        other_id bigint NOT NULL,
        CONSTRAINT pilot_overlap_pkey PRIMARY KEY (position),
        CONSTRAINT pilot_overlap_pilot_id_other_id_key UNIQUE (pilot_id, other_id),
        CONSTRAINT pilot_overlap_order_check CHECK (pilot_id < other_id),
        CONSTRAINT pilot_overlap_pilot_id_fkey FOREIGN KEY(pilot_id) REFERENCES pilot (id),
        CONSTRAINT pilot_overlap_other_id_fkey FOREIGN KEY(other_id) REFERENCES pilot (id)
    )
    """,
    "CREATE INDEX pilot_overlap_other_id_idx ON pilot_overlap (other_id)",
    "GRANT SELECT, INSERT ON pilot_overlap TO nzc_api",
    # The log's own id: random, so that an id of one database is recognised as foreign in another.
    """
    INSERT INTO log_head (log_id, position, at)
    SELECT ('x' || left(replace(gen_random_uuid()::text, '-', ''), 15))::bit(60)::bigint,
           0, clock_timestamp()
    """,
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
