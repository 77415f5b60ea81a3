"""Blocks are named as authorities number things, in Chinese too, and keep how their registry writes serials.
It only adds: blocks that there are stay as they are, shown as NZC writes them."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HAN = "〇㐀-䶿一-刯刱-臲致-鿿"

TABLES = (
    "ALTER TABLE credit_batch ADD COLUMN written text",
    "ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_written_check CHECK "
    "(written COLLATE \"C\" ~ '#' AND length(written) <= 200)",
    "ALTER TABLE credit_batch DROP CONSTRAINT credit_batch_prefix_check",
    "ALTER TABLE credit_batch ADD CONSTRAINT credit_batch_prefix_check CHECK "
    f"(prefix COLLATE \"C\" ~ '^[A-Z0-9{HAN}〔]([A-Z0-9{HAN}〔〕._/-]{{0,78}}[A-Z0-9{HAN}〕])?$')",
)


def upgrade() -> None:
    """Add it."""
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
