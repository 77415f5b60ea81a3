"""The unit whose duty a line counts to is a unit's code, and of emission sources only. It only adds."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

DUTY_UNIT = """
ALTER TABLE inventory_line ADD CONSTRAINT inventory_line_duty_unit_check CHECK (
    NOT jsonb_exists(factor, 'duty_unit')
    OR (role = 'SOURCE' AND (factor ->> 'duty_unit') ~ '^[A-Z0-9]([A-Z0-9-]{0,38}[A-Z0-9])?$') IS TRUE)
"""


def upgrade() -> None:
    """Add it."""
    op.execute(DUTY_UNIT)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
