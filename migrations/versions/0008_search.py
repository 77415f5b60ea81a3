"""Names are searched, pilots ordered by them, retirements listed; an organisation may have a credit code. What
there was stays as it is: a release that does not know these goes on as before."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS = (
    # The characters of a text and its pairs of neighbours. Trigrams (pg_trgm) know no Chinese in a database
    # whose locale is C, and no word of two characters in any.
    """
    CREATE FUNCTION nzc_grams(wanted text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(array_agg(DISTINCT substr(lower(wanted), start, size)), '{}')
              FROM generate_series(1, length(wanted)) AS start, generate_series(1, 2) AS size
             WHERE start + size - 1 <= length(wanted))
    """,
    "CREATE INDEX pilot_search_idx ON pilot "
    "USING gin (nzc_grams(code || '\n' || name_zh || '\n' || name_en))",
    "CREATE INDEX project_search_idx ON project "
    "USING gin (nzc_grams(code || '\n' || name_zh || '\n' || name_en))",
    "CREATE INDEX organisation_search_idx ON organisation "
    "USING gin (nzc_grams(name_zh || '\n' || name_en))",
    "CREATE INDEX pilot_name_zh_id_idx ON pilot (name_zh, id)",
    "CREATE INDEX pilot_name_en_id_idx ON pilot (name_en, id)",
    "ALTER TABLE organisation ADD COLUMN credit_code text",
    "ALTER TABLE organisation ADD CONSTRAINT organisation_credit_code_key UNIQUE (credit_code)",
    "ALTER TABLE organisation ADD CONSTRAINT organisation_credit_code_check "
    "CHECK (credit_code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$')",
    "CREATE INDEX log_entry_retired_idx ON log_entry (position) WHERE kind = 'CREDITS_RETIRED'",
    "CREATE INDEX log_entry_reference_idx ON log_entry ((body ->> 'reference'), position) "
    "WHERE kind = 'CREDITS_RETIRED' AND body ->> 'reference' IS NOT NULL",
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
