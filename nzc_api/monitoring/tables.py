"""Denominators, alerts, and energy baselines."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
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
    CheckConstraint(
        "value >= 0 AND value < 'Infinity' AND "
        "(value > 0 OR kind IN ('HEATING_DEGREE_DAYS', 'COOLING_DEGREE_DAYS'))",
        name="value",
    ),
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

# What a pilot's use of a carrier was explained by on days: expected use is the intercept and each variable's slope
# times how much of it there is. Estimates of float arithmetic; nothing of it is a term of an inventory.
energy_baseline = table(
    "energy_baseline",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("carrier", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    # As of which position readings and variables were read.
    Column("position", BigInteger, nullable=False),
    Column("points", Integer, nullable=False),
    Column("intercept", Numeric, nullable=False),
    Column("r_squared", Numeric, nullable=False),
    Column("cv_rmse", Numeric, nullable=False),
    CheckConstraint("step IN ('DAY', 'MONTH')", name="step"),
    CheckConstraint("starts_on <= ends_on", name="order"),
    CheckConstraint("position < id", name="position"),
    CheckConstraint("intercept > '-Infinity' AND intercept < 'Infinity'", name="intercept"),
    CheckConstraint("r_squared BETWEEN 0 AND 1", name="r_squared"),
    CheckConstraint("cv_rmse >= 0 AND cv_rmse < 'Infinity'", name="cv_rmse"),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)

energy_baseline_variable = table(
    "energy_baseline_variable",
    Column("baseline_id", BigInteger, ForeignKey("energy_baseline.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("product", Text),
    Column("slope", Numeric, nullable=False),
    # Between which amounts it lay: beyond them nothing was seen.
    Column("least", Numeric, nullable=False),
    Column("most", Numeric, nullable=False),
    PrimaryKeyConstraint("baseline_id", "number"),
    CheckConstraint("(kind = 'PRODUCT') = (product IS NOT NULL)", name="product"),
    CheckConstraint("slope > '-Infinity' AND slope < 'Infinity'", name="slope"),
    CheckConstraint("least >= 0 AND least < most AND most < 'Infinity'", name="range"),
    access=Access.APPEND,
)
