"""Plans by versions, with their work packages, milestones and materials; what was decided and reached; completions."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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
    UniqueConstraint,
)

from nzc_api.database.metadata import Access, position_id, table

plan = table(
    "plan",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("reason", Text),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("construction_budget", Numeric),
    UniqueConstraint("pilot_id", "version"),
    UniqueConstraint("pilot_id", "id"),
    CheckConstraint("version > 0 AND (version = 1) = (reason IS NULL)", name="version"),
    CheckConstraint("starts_on <= ends_on", name="days"),
    CheckConstraint(
        "construction_budget BETWEEN 0 AND 1e9 AND scale(construction_budget) <= 6", name="budget"
    ),
    access=Access.APPEND,
)

plan_package = table(
    "plan_package",
    Column("plan_id", BigInteger, ForeignKey("plan.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("stage", Text, nullable=False),
    PrimaryKeyConstraint("plan_id", "number"),
    CheckConstraint("number BETWEEN 1 AND 50", name="number"),
    CheckConstraint(
        "stage IN ('RAW_MATERIAL', 'CONSTRUCTION', 'OPERATION', 'WASTE')", name="stage"
    ),
    access=Access.APPEND,
)

# Each measure is carried out by one work package of a plan.
plan_measure = table(
    "plan_measure",
    Column("plan_id", BigInteger, nullable=False),
    Column("package", Integer, nullable=False),
    Column("measure_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    PrimaryKeyConstraint("plan_id", "measure_id"),
    ForeignKeyConstraint(["plan_id", "package"], ["plan_package.plan_id", "plan_package.number"]),
    access=Access.APPEND,
)

plan_milestone = table(
    "plan_milestone",
    Column("plan_id", BigInteger, ForeignKey("plan.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("building", Boolean, nullable=False),
    PrimaryKeyConstraint("plan_id", "code"),
    CheckConstraint("code ~ '^[A-Z0-9]([A-Z0-9-]{0,18}[A-Z0-9])?$'", name="code"),
    access=Access.APPEND,
)

plan_material = table(
    "plan_material",
    Column("plan_id", BigInteger, ForeignKey("plan.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("quantity", Numeric, nullable=False),
    Column("unit", Text, nullable=False),
    Column("factor", Numeric, nullable=False),
    Column("mass", Numeric),
    Column("distance", Numeric),
    Column("haul_factor", Numeric),
    Column("source", Text, nullable=False),
    PrimaryKeyConstraint("plan_id", "number"),
    CheckConstraint("number BETWEEN 1 AND 200", name="number"),
    CheckConstraint("quantity BETWEEN 0 AND 1e12 AND scale(quantity) <= 6", name="quantity"),
    CheckConstraint("factor BETWEEN 0 AND 1e9 AND scale(factor) <= 6", name="factor"),
    CheckConstraint(
        "num_nulls(mass, distance, haul_factor) IN (0, 3) AND mass BETWEEN 0 AND 1e9 AND scale(mass) <= 6 "
        "AND distance BETWEEN 0 AND 100000 AND scale(distance) <= 6 "
        "AND haul_factor BETWEEN 0 AND 1000 AND scale(haul_factor) <= 6",
        name="haul",
    ),
    access=Access.APPEND,
)

# Where a version came to stand, as of each position; before the first one it is a draft.
plan_step = table(
    "plan_step",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("plan_id", BigInteger, ForeignKey("plan.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    CheckConstraint("state IN ('SUBMITTED', 'RETURNED', 'APPROVED')", name="state"),
    CheckConstraint("(state = 'RETURNED') = (reason IS NOT NULL)", name="reason"),
    Index(None, "plan_id", "position"),
    access=Access.APPEND,
)

# A milestone is reached once, under whichever version of the pilot's plan.
milestone_reached = table(
    "milestone_reached",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("pilot_id", BigInteger, nullable=False),
    Column("plan_id", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("pilot_id", "code"),
    ForeignKeyConstraint(["pilot_id", "plan_id"], ["plan.pilot_id", "plan.id"]),
    ForeignKeyConstraint(["plan_id", "code"], ["plan_milestone.plan_id", "plan_milestone.code"]),
    access=Access.APPEND,
)

# That a pilot is built: the latest counts, as of each position.
completion = table(
    "completion",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("pilot_id", BigInteger, nullable=False),
    Column("plan_id", BigInteger, nullable=False),
    Column("built_on", Date, nullable=False),
    Column("stable_from", Date, nullable=False),
    Column("document", Text, nullable=False),
    ForeignKeyConstraint(["pilot_id", "plan_id"], ["plan.pilot_id", "plan.id"]),
    CheckConstraint("built_on <= stable_from", name="days"),
    Index(None, "pilot_id", "position"),
    access=Access.APPEND,
)
