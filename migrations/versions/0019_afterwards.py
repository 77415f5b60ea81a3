"""What another country counts gives no sink back: the guard `batch_is_free` of 0002, mended in place. What was found of
two things at one site is looked for from either."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# The function holds other guards too, and stays as it is but for this condition.
BEFORE = "WHEN 'EXPORT' THEN credit.kind IN ('PENDING', 'RETIREMENT')"
AFTER = f"{BEFORE} OR credit.purpose = 'OWN_SINK'"


def upgrade() -> None:
    """Mend the guard, and add the index."""
    op.execute(f"""
        DO $mend$
        DECLARE
            found text := pg_get_functiondef('nzc_check_movements(bigint, bigint)'::regprocedure);
            mended text := replace(found, $old${BEFORE}$old$, $new${AFTER}$new$);
        BEGIN
            IF mended = found THEN
                RAISE EXCEPTION 'nzc_check_movements is not as 0016 left it';
            END IF;
            EXECUTE mended;
        END $mend$
    """)
    op.execute("CREATE INDEX same_site_resolution_other_id_idx ON same_site_resolution (other_id)")


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
