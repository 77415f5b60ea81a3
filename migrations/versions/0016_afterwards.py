"""What another country counts gives no sink back: the guard `batch_is_free` of 0002, mended in place."""

from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

# The function holds other guards too, and stays as it is but for this condition.
BEFORE = "WHEN 'EXPORT' THEN credit.kind IN ('PENDING', 'RETIREMENT')"
AFTER = f"{BEFORE} OR credit.purpose = 'OWN_SINK'"


def _replace(old: str, new: str) -> None:
    op.execute(f"""
        DO $mend$
        DECLARE
            found text := pg_get_functiondef('nzc_check_movements(bigint, bigint)'::regprocedure);
            mended text := replace(found, $old${old}$old$, $new${new}$new$);
        BEGIN
            IF mended = found THEN
                RAISE EXCEPTION 'nzc_check_movements is not as 0002 made it';
            END IF;
            EXECUTE mended;
        END $mend$
    """)


def upgrade() -> None:
    """Mend the guard."""
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    """As it was."""
    _replace(AFTER, BEFORE)
