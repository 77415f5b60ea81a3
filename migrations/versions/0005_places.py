"""Two indexes: a serial's movements, at the same cost however much happened to its neighbours, and cheaper
to write than one of ranges; and the balances of some positions, which cost next to nothing."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    # By the size of what moved, where it begins, and in order.
    "CREATE INDEX movement_place_idx ON movement "
    "(batch_id, (position('1'::bit in (hi - lo)::bit(64))), lo, (position + 0))",
    "CREATE INDEX balance_position_idx ON balance USING brin (position) WITH (autosummarize = on)",
    # What is planned by an expression has statistics only once it was looked at.
    "ANALYZE movement",
    "DROP INDEX movement_serials_idx",
)


def upgrade() -> None:
    """One index for another, and one more."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """As it was."""
    op.execute(
        "CREATE INDEX movement_serials_idx ON movement USING gist (batch_id, int8range(lo, hi))"
    )
    op.execute("DROP INDEX movement_place_idx, balance_position_idx")
