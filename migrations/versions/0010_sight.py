"""Who sees what of a pilot. It only adds: pilots that there are read as before, with their lines, and those of
a release that does not know the settings get the usual ones."""

from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE pilot ADD COLUMN statement_visibility text NOT NULL DEFAULT 'PUBLIC'",
    "ALTER TABLE pilot ADD COLUMN line_visibility text NOT NULL DEFAULT 'PUBLIC'",
    "ALTER TABLE pilot ALTER COLUMN line_visibility SET DEFAULT 'ROLES'",
    "ALTER TABLE pilot ADD CONSTRAINT pilot_visibility_check "
    "CHECK (statement_visibility IN ('PUBLIC', 'ROLES') AND line_visibility IN ('PUBLIC', 'ROLES'))",
)


def upgrade() -> None:
    """Add it."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
