"""Denominators, and alerts."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

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

# What is warned of, since which moment: of a meter, or of a pilot. It is open until it has an end.
monitoring_alert = table(
    "monitoring_alert",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("meter_id", BigInteger, ForeignKey("meter.id")),
    Column("kind", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("facts", JSONB, nullable=False),
    CheckConstraint("kind IN ('GAP', 'BACKWARDS', 'SPIKE', 'CEILING_BURN')", name="kind"),
    CheckConstraint("(kind = 'CEILING_BURN') = (meter_id IS NULL)", name="meter"),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)

monitoring_alert_end = table(
    "monitoring_alert_end",
    Column(
        "alert_id",
        BigInteger,
        ForeignKey("monitoring_alert.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("position", BigInteger, nullable=False),
    UniqueConstraint("position"),
    CheckConstraint("position > alert_id", name="later"),
    access=Access.APPEND,
)
