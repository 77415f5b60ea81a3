"""Measures, what they save and exclude, how far they came, what was verified of them; analyses of potential."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
)

from nzc_api.database.metadata import Access, position_id, table

measure = table(
    "measure",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("technology", Text),
    Column("catalogue", Text),
    Column("catalogue_item", Text),
    Column("route", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("capex", Numeric, nullable=False),
    Column("opex_change", Numeric, nullable=False),
    Column("life_years", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("expected", Numeric, nullable=False),
    CheckConstraint("(catalogue IS NULL) = (catalogue_item IS NULL)", name="catalogue"),
    CheckConstraint(
        "route IN ('REDUCE_ENERGY', 'EFFICIENCY', 'SUBSTITUTION', 'SINK', 'PURCHASE')", name="route"
    ),
    CheckConstraint(
        "stage IN ('RAW_MATERIAL', 'CONSTRUCTION', 'OPERATION', 'WASTE')", name="stage"
    ),
    CheckConstraint("capex BETWEEN 0 AND 1e12 AND scale(capex) <= 2", name="capex"),
    CheckConstraint("opex_change BETWEEN -1e12 AND 1e12 AND scale(opex_change) <= 2", name="opex"),
    CheckConstraint("life_years BETWEEN 1 AND 100", name="life"),
    CheckConstraint("expected > 0 AND expected <= 1e9 AND scale(expected) <= 6", name="expected"),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)

measure_saving = table(
    "measure_saving",
    Column("measure_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    Column("carrier", Text, nullable=False),
    Column("quantity", Numeric, nullable=False),
    Column("unit", Text, nullable=False),
    Column("price", Numeric, nullable=False),
    PrimaryKeyConstraint("measure_id", "carrier"),
    CheckConstraint(
        "quantity BETWEEN -1e12 AND 1e12 AND quantity <> 0 AND scale(quantity) <= 6",
        name="quantity",
    ),
    CheckConstraint("price BETWEEN 0 AND 1e12 AND scale(price) <= 6", name="price"),
    access=Access.APPEND,
)

# Two measures that are not done beside each other; the later one says so.
measure_exclusion = table(
    "measure_exclusion",
    Column("measure_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    Column("other_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    PrimaryKeyConstraint("measure_id", "other_id"),
    CheckConstraint("other_id < measure_id", name="order"),
    Index(None, "other_id"),
    access=Access.APPEND,
)

# How far a measure came, as of each position; before the first one it is proposed.
measure_progress = table(
    "measure_progress",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("measure_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("document", Text, nullable=False),
    CheckConstraint("state IN ('CONTRACTED', 'BUILT', 'RUNNING', 'STOPPED')", name="state"),
    Index(None, "measure_id", "position"),
    access=Access.APPEND,
)

# What was verified: the latest of a measure counts, as of each position; what was expected stays beside it.
measure_effect = table(
    "measure_effect",
    position_id(),
    Column("measure_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    Column("verifier_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("method", Text, nullable=False),
    Column("baseline_starts_on", Date, nullable=False),
    Column("baseline_ends_on", Date, nullable=False),
    Column("baseline_co2e", Numeric, nullable=False),
    Column("routine", Numeric, nullable=False),
    Column("non_routine", Numeric, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("co2e", Numeric, nullable=False),
    Column("r_squared", Numeric),
    Column("cv_rmse", Numeric),
    Column("document", Text, nullable=False),
    CheckConstraint(
        "method IN ('IPMVP_A', 'IPMVP_B', 'IPMVP_C', 'IPMVP_D', 'INVENTORY')", name="method"
    ),
    CheckConstraint(
        "baseline_starts_on <= baseline_ends_on AND baseline_ends_on < starts_on "
        "AND starts_on <= ends_on",
        name="days",
    ),
    CheckConstraint("baseline_co2e BETWEEN 0 AND 1e9 AND co2e BETWEEN 0 AND 1e9", name="co2e"),
    CheckConstraint(
        "routine BETWEEN -1e9 AND 1e9 AND non_routine BETWEEN -1e9 AND 1e9", name="adjustments"
    ),
    CheckConstraint(
        "CASE method WHEN 'IPMVP_C' THEN r_squared IS NOT NULL AND cv_rmse IS NOT NULL "
        "AND r_squared BETWEEN 0 AND 1 AND cv_rmse BETWEEN 0 AND 10 "
        "ELSE r_squared IS NULL AND cv_rmse IS NULL END",
        name="regression",
    ),
    Index(None, "measure_id", "id"),
    access=Access.APPEND,
)

# What was written of a pilot's potential, with the numbers of then.
potential_analysis = table(
    "potential_analysis",
    position_id(),
    Column("pilot_id", BigInteger, nullable=False),
    Column("period_id", BigInteger, nullable=False),
    Column("basis", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("year", Integer, nullable=False),
    Column("growth", Numeric, nullable=False),
    Column("growth_source", Text, nullable=False),
    Column("paragraphs", ARRAY(Text), nullable=False),
    Column("gross", Numeric, nullable=False),
    Column("business_as_usual", Numeric, nullable=False),
    Column("expected", Numeric, nullable=False),
    Column("sinks", Numeric, nullable=False),
    Column("remaining", Numeric, nullable=False),
    ForeignKeyConstraint(
        ["pilot_id", "period_id"], ["accounting_period.pilot_id", "accounting_period.id"]
    ),
    CheckConstraint("basis IN ('HISTORICAL', 'PROJECTED', 'OPERATIONAL')", name="basis"),
    CheckConstraint("position < id", name="position"),
    CheckConstraint("growth > -1 AND growth <= 1 AND scale(growth) <= 6", name="growth"),
    CheckConstraint("cardinality(paragraphs) BETWEEN 1 AND 50", name="paragraphs"),
    CheckConstraint("remaining = business_as_usual - expected - sinks", name="remaining"),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)
