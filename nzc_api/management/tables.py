"""Posts and who holds them, duties of units, rules and their repeals, upkeep."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
)

from nzc_api.database.metadata import Access, position_id, table

post = table(
    "post",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("responsibilities", ARRAY(Text), nullable=False),
    UniqueConstraint("pilot_id", "code"),
    CheckConstraint("kind IN ('CARBON_MANAGEMENT', 'OTHER')", name="kind"),
    CheckConstraint("cardinality(responsibilities) BETWEEN 1 AND 20", name="responsibilities"),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)

# Who holds a post from a day on, until the next one does; without a commitment nobody: it is vacant.
appointment = table(
    "appointment",
    position_id(),
    Column("post_id", BigInteger, ForeignKey("post.id"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("commitment", LargeBinary),
    Column("document", Text, nullable=False),
    UniqueConstraint("post_id", "starts_on"),
    Index(None, "post_id", "id"),
    access=Access.APPEND,
)

# Names of persons, with the salts of what the log has of them: both go where a name is erased.
holder_name = table(
    "holder_name",
    Column(
        "appointment_id",
        BigInteger,
        ForeignKey("appointment.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("name", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    CheckConstraint("length(salt) = 32", name="salt"),
    access=Access.REPLACEABLE,
)

# That a name was erased.
name_erasure = table(
    "name_erasure",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("appointment_id", BigInteger, ForeignKey("appointment.id"), nullable=False),
    UniqueConstraint("appointment_id"),
    access=Access.APPEND,
)

# What a unit may emit in a year, t CO2e; the latest of a unit and year counts, as of each position.
duty = table(
    "duty",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("unit_name_zh", Text, nullable=False),
    Column("unit_name_en", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("ceiling", Numeric, nullable=False),
    Column("document", Text, nullable=False),
    CheckConstraint("year BETWEEN 1990 AND 2100", name="year"),
    CheckConstraint("ceiling BETWEEN 0 AND 1e9 AND scale(ceiling) <= 6", name="ceiling"),
    Index(None, "pilot_id", "unit", "year", "id"),
    access=Access.APPEND,
)

management_rule = table(
    "management_rule",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    CheckConstraint("starts_on <= ends_on", name="days"),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)

# A repeal: the last day on which a rule is in force.
rule_repeal = table(
    "rule_repeal",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("rule_id", BigInteger, ForeignKey("management_rule.id"), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("rule_id"),
    access=Access.APPEND,
)

upkeep = table(
    "upkeep",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("system", Text, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("done", Text, nullable=False),
    Column("document", Text, nullable=False),
    CheckConstraint("system IN ('WATER', 'POWER', 'GAS', 'HEAT', 'GREENERY')", name="system"),
    Index(None, "pilot_id", "id"),
    Index(None, "pilot_id", "system", "id"),
    access=Access.APPEND,
)
