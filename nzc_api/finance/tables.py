"""Financings, what they pay of measures, what is pledged for them, and their early ends."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from nzc_api.database.metadata import Access, position_id, table

financing = table(
    "financing",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("product", Text, nullable=False),
    Column("name", Text),
    Column("financier", Text, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    CheckConstraint(
        "product IN ('SAVINGS_PLEDGE_LOAN', 'GREEN_BUYER_CREDIT', 'GREEN_FINANCE_LEASE', 'OTHER')",
        name="product",
    ),
    CheckConstraint("(product = 'OTHER') = (name IS NOT NULL)", name="name"),
    CheckConstraint("amount > 0 AND amount <= 1e12 AND scale(amount) <= 2", name="amount"),
    CheckConstraint("starts_on <= ends_on", name="days"),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)

financing_allocation = table(
    "financing_allocation",
    Column("financing_id", BigInteger, ForeignKey("financing.id"), nullable=False),
    Column("measure_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    Column("amount", Numeric, nullable=False),
    PrimaryKeyConstraint("financing_id", "measure_id"),
    CheckConstraint("amount > 0 AND amount <= 1e12 AND scale(amount) <= 2", name="amount"),
    Index(None, "measure_id"),
    access=Access.APPEND,
)

# Shares are percent of what a measure saves, on the days from the first to the last.
financing_pledge = table(
    "financing_pledge",
    Column("financing_id", BigInteger, ForeignKey("financing.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("measure_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    Column("share", Numeric, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    PrimaryKeyConstraint("financing_id", "number"),
    CheckConstraint("share > 0 AND share <= 100 AND scale(share) <= 2", name="share"),
    CheckConstraint("starts_on <= ends_on", name="days"),
    Index(None, "measure_id"),
    access=Access.APPEND,
)

# An early end: the last day on which the pledges hold.
financing_end = table(
    "financing_end",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("financing_id", BigInteger, ForeignKey("financing.id"), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("financing_id"),
    access=Access.APPEND,
)
