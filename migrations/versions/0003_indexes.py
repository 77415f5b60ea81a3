"""Indexes for two questions: which batch a serial is of, and who has anything of a batch."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE INDEX credit_batch_block_idx ON credit_batch (registry, prefix, lo)",
    # An expression, so that nobody who asks for an account's balance of a batch is led through all
    # balances of the batch.
    "CREATE INDEX balance_batch_accounts_idx ON balance (batch_id, (account_id + 0))",
)


def upgrade() -> None:
    """Create the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them: nothing is lost."""
    op.execute("DROP INDEX credit_batch_block_idx, balance_batch_accounts_idx")
