"""Targets and their yearly ceilings."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
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

target = table(
    "target",
    position_id(),
    Column("pilot_id", BigInteger, nullable=False),
    # The latest version as of a position is the one that stands.
    Column("version", Integer, nullable=False),
    Column("reason", Text),
    Column("weakened", Boolean, nullable=False),
    Column("routes", ARRAY(Text), nullable=False),
    # What it begins with: the statement of a period as of a position, and what that came to.
    Column("baseline_period_id", BigInteger, nullable=False),
    Column("baseline_basis", Text, nullable=False),
    Column("baseline_position", BigInteger, nullable=False),
    Column("baseline_year", Integer, nullable=False),
    Column("baseline_gross", Numeric, nullable=False),
    Column("baseline_net", Numeric, nullable=False),
    ForeignKeyConstraint(
        ["pilot_id", "baseline_period_id"], ["accounting_period.pilot_id", "accounting_period.id"]
    ),
    UniqueConstraint("pilot_id", "version"),
    CheckConstraint(
        "version > 0 AND (version = 1) = (reason IS NULL) AND (version > 1 OR NOT weakened)",
        name="version",
    ),
    CheckConstraint(
        "reason IN ('BOUNDARY', 'METHOD', 'FACTOR', 'ERROR', 'AMBITION')", name="reason"
    ),
    CheckConstraint(
        "cardinality(routes) > 0 AND routes <@ "
        "'{REDUCE_ENERGY,EFFICIENCY,SUBSTITUTION,SINK,PURCHASE}'::text[]",
        name="routes",
    ),
    CheckConstraint("baseline_basis IN ('HISTORICAL', 'PROJECTED')", name="basis"),
    CheckConstraint("baseline_position < id", name="position"),
    CheckConstraint(
        "baseline_gross > 0 AND baseline_gross < 'Infinity' "
        "AND baseline_net > 0 AND baseline_net < 'Infinity'",
        name="baseline",
    ),
    Index(None, "pilot_id", "id"),
    access=Access.APPEND,
)

target_ceiling = table(
    "target_ceiling",
    Column("target_id", BigInteger, ForeignKey("target.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("net", Numeric, nullable=False),
    Column("gross", Numeric),
    Column("credits", BigInteger),
    PrimaryKeyConstraint("target_id", "year"),
    CheckConstraint("net BETWEEN 0 AND 1e12 AND scale(net) <= 6", name="net"),
    CheckConstraint("gross BETWEEN net AND 1e12 AND scale(gross) <= 6", name="gross"),
    CheckConstraint("credits BETWEEN 0 AND 1000000000000", name="credits"),
    access=Access.APPEND,
)
