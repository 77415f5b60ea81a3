"""Denominators."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Numeric,
    Text,
)

from nzc_api.database.metadata import Access, position_id, table

# What a pilot's use and emissions are stated per. Of the rows of the very same days the latest counts, and where that
# has no value there is none.
denominator = table(
    "denominator",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("product", Text),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("value", Numeric),
    Column("source", Text, nullable=False),
    CheckConstraint("(kind = 'PRODUCT') = (product IS NOT NULL)", name="product"),
    CheckConstraint("starts_on <= ends_on", name="order"),
    CheckConstraint("value > 0 AND value < 'Infinity'", name="value"),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)
