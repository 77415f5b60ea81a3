"""CO2e is rounded once a line and gas, from the unrounded product. Lines that stand keep their figures, and say that
their masses were rounded."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE inventory_line ADD COLUMN rounding text NOT NULL DEFAULT 'MASS'",
    "ALTER TABLE inventory_line ALTER COLUMN rounding DROP DEFAULT",
    "ALTER TABLE inventory_line ADD CONSTRAINT inventory_line_rounding_check "
    "CHECK (rounding IN ('MASS', 'CO2E'))",
    "ALTER TABLE line_gas DROP CONSTRAINT line_gas_grams_check",
    "ALTER TABLE line_gas DROP CONSTRAINT line_gas_co2e_check",
    "ALTER TABLE line_gas ADD CONSTRAINT line_gas_amount_check "
    "CHECK (tonnes BETWEEN 0 AND 1e12 AND scale(tonnes) <= 9)",
    # Both were rounded from one product, each by half of its last decimal at most.
    "ALTER TABLE line_gas ADD CONSTRAINT line_gas_co2e_check CHECK (gwp >= 0 AND gwp < 'Infinity' "
    "AND co2e >= 0 AND abs(co2e - tonnes * gwp) <= 0.0000005 + gwp * 0.0000000005)",
)


def upgrade() -> None:
    """Add it."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A ledger's history is not taken back."""
    raise NotImplementedError
