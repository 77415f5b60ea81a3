"""A suspicion of a double issuance judges what is posted after it, not what came before it in the same
transaction: the guard `batch_is_not_doubled` of 0002, mended in place."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The function holds other guards too, and stays as it is but for this condition.
BEFORE = """WHERE d.batch_id = m.batch_id AND r.finding IS DISTINCT FROM 'DISTINCT'
                       OR d.other_id = m.batch_id AND r.finding IS NULL)"""
AFTER = """WHERE d.batch_id < m.position
                      AND (d.batch_id = m.batch_id AND r.finding IS DISTINCT FROM 'DISTINCT'
                           OR d.other_id = m.batch_id AND r.finding IS NULL))"""


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
