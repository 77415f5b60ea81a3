"""Inventories, their lines, and what each line comes to per gas."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from nzc_api.database.metadata import Access, position_id, table

STATUS = """CASE WHEN verified_position IS NOT NULL THEN 'VERIFIED'
     WHEN submitted_position IS NOT NULL THEN 'SUBMITTED'
     WHEN discarded_position IS NOT NULL THEN 'DISCARDED' ELSE 'DRAFT' END"""

inventory = table(
    "inventory",
    position_id(),
    Column("pilot_id", BigInteger, nullable=False),
    Column("period_id", BigInteger, nullable=False),
    Column("phase", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("gwp_set", Text, nullable=False),
    Column("factor_list", Text, nullable=False),
    Column("factor_list_version", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("not_occurring", ARRAY(Text), nullable=False),
    # The first version's id: all versions of one inventory are one series.
    Column("series_id", BigInteger, ForeignKey("inventory.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("submitted_position", BigInteger),
    Column("verified_position", BigInteger),
    Column("verifier_id", BigInteger, ForeignKey("organisation.id")),
    Column("discarded_position", BigInteger),
    Column("status", Text, Computed(STATUS, persisted=True), nullable=False),
    # By which method bought electricity counts (GHG Protocol, Scope 2 Guidance).
    Column("electricity_method", Text, nullable=False),
    CheckConstraint(
        "electricity_method IN ('LOCATION_BASED', 'MARKET_BASED')", name="electricity_method"
    ),
    ForeignKeyConstraint(
        ["pilot_id", "period_id"], ["accounting_period.pilot_id", "accounting_period.id"]
    ),
    UniqueConstraint("series_id", "version"),
    CheckConstraint("starts_on <= ends_on", name="order"),
    CheckConstraint("version > 0 AND (version = 1) = (series_id = id)", name="version"),
    CheckConstraint("submitted_position > id", name="submitted"),
    CheckConstraint(
        "verified_position IS NULL OR "
        "(submitted_position IS NOT NULL AND verified_position > submitted_position)",
        name="verified",
    ),
    CheckConstraint("(verified_position IS NULL) = (verifier_id IS NULL)", name="verifier"),
    CheckConstraint(
        "discarded_position IS NULL OR (discarded_position > id AND submitted_position IS NULL)",
        name="discarded",
    ),
    # No day of a pilot's phase is accounted twice on one basis, later versions of the same aside.
    ExcludeConstraint(
        (Column("pilot_id"), "="),
        (Column("phase"), "="),
        (Column("basis"), "="),
        (text("daterange(starts_on, ends_on, '[]')"), "&&"),
        (Column("series_id"), "<>"),
        name="inventory_no_overlap_excl",
        where=text("submitted_position IS NOT NULL"),
    ),
    Index(
        "inventory_one_draft_idx",
        "series_id",
        unique=True,
        postgresql_where=text("submitted_position IS NULL AND discarded_position IS NULL"),
    ),
    Index(None, "pilot_id", "id"),
    Index(None, "period_id", "id"),
    Index(None, "status", "id"),
    access=Access.STATE,
)

inventory_line = table(
    "inventory_line",
    position_id(),
    Column("inventory_id", BigInteger, ForeignKey("inventory.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("activity_value", Numeric, nullable=False),
    Column("activity_unit", Text, nullable=False),
    Column("density_value", Numeric),
    Column("density_unit", Text),
    # The factor as it was used: a line never changes because product data did.
    Column("factor", JSONB, nullable=False),
    Column("treatment", Text, nullable=False),
    # What was rounded: see ``Rounding``.
    Column("rounding", Text, nullable=False),
    # The entry that recorded it as it is: an amended line keeps its id.
    Column("position", BigInteger, nullable=False),
    CheckConstraint("position >= id", name="position"),
    CheckConstraint("rounding IN ('MASS', 'CO2E')", name="rounding"),
    CheckConstraint("role IN ('SOURCE', 'SINK')", name="role"),
    CheckConstraint("activity_value BETWEEN 0 AND 1e18", name="activity"),
    CheckConstraint(
        "(density_value IS NULL) = (density_unit IS NULL) AND density_value > 0 "
        "AND density_value < 'Infinity'",
        name="density",
    ),
    CheckConstraint(
        "(factor ->> 'data_quality') IN ('MEASURED', 'BILLED', 'ESTIMATED', 'DEFAULT')",
        name="data_quality",
    ),
    CheckConstraint(
        "(factor ->> 'life_cycle_stage') IN ('RAW_MATERIAL', 'CONSTRUCTION', 'OPERATION', 'WASTE')",
        name="life_cycle_stage",
    ),
    CheckConstraint(
        "NOT jsonb_exists(factor, 'duty_unit') OR "
        "(role = 'SOURCE' AND (factor ->> 'duty_unit') ~ '^[A-Z0-9]([A-Z0-9-]{0,38}[A-Z0-9])?$') IS TRUE",
        name="duty_unit",
    ),
    Index(None, "inventory_id", "role", "id"),
    access=Access.REPLACEABLE,
)

line_gas = table(
    "line_gas",
    Column(
        "line_id", BigInteger, ForeignKey("inventory_line.id", ondelete="CASCADE"), nullable=False
    ),
    Column("gas", Text, nullable=False),
    Column("tonnes", Numeric, nullable=False),
    Column("gwp", Numeric, nullable=False),
    Column("co2e", Numeric, nullable=False),
    PrimaryKeyConstraint("line_id", "gas"),
    CheckConstraint("tonnes BETWEEN 0 AND 1e12 AND scale(tonnes) <= 9", name="amount"),
    # Both were rounded from one product, each by half of its last decimal at most.
    CheckConstraint(
        "gwp >= 0 AND gwp < 'Infinity' AND co2e >= 0 "
        "AND abs(co2e - tonnes * gwp) <= 0.0000005 + gwp * 0.0000000005",
        name="co2e",
    ),
    access=Access.REPLACEABLE,
)

# The meter that a line was drafted from, and what that used on the inventory's days as of a position; seconds that
# are measured, estimated and not known. (Meters are a room above: what they are, a guard looks at.)
line_meter = table(
    "line_meter",
    Column(
        "line_id",
        BigInteger,
        ForeignKey("inventory_line.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("inventory_id", BigInteger, ForeignKey("inventory.id"), nullable=False),
    Column("meter_id", BigInteger, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("quantity", Numeric, nullable=False),
    Column("estimated_quantity", Numeric, nullable=False),
    Column("measured", BigInteger, nullable=False),
    Column("estimated", BigInteger, nullable=False),
    Column("missing", BigInteger, nullable=False),
    UniqueConstraint("inventory_id", "meter_id"),
    CheckConstraint("starts_on <= ends_on", name="order"),
    CheckConstraint("quantity >= 0 AND estimated_quantity BETWEEN 0 AND quantity", name="quantity"),
    CheckConstraint(
        "measured >= 0 AND estimated >= 0 AND missing >= 0 AND measured + estimated > 0",
        name="seconds",
    ),
    Index(None, "meter_id"),
    access=Access.REPLACEABLE,
)

# What a reader of an inventory should know, of the whole or of a line: a line has each code once.
inventory_warning = table(
    "inventory_warning",
    Column("inventory_id", BigInteger, ForeignKey("inventory.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("line_id", BigInteger, ForeignKey("inventory_line.id", ondelete="CASCADE")),
    Column("other_line_id", BigInteger, ForeignKey("inventory_line.id", ondelete="CASCADE")),
    Column("code", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    PrimaryKeyConstraint("inventory_id", "number"),
    UniqueConstraint("line_id", "code"),
    CheckConstraint("number > 0", name="number"),
    CheckConstraint(
        "other_line_id IS NULL OR (line_id IS NOT NULL AND other_line_id <> line_id)", name="other"
    ),
    Index(None, "other_line_id"),
    access=Access.REPLACEABLE,
)

# What a verifier says of an inventory as it verifies it, at the position of that.
verification_opinion = table(
    "verification_opinion",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("inventory_id", BigInteger, ForeignKey("inventory.id"), nullable=False),
    Column("level", Text, nullable=False),
    Column("findings", JSONB, nullable=False),
    Column("acknowledged", JSONB, nullable=False),
    Column("report_hash", Text),
    UniqueConstraint("inventory_id"),
    CheckConstraint("level IN ('LIMITED', 'REASONABLE')", name="level"),
    CheckConstraint("report_hash ~ '^[0-9a-f]{64}$'", name="report_hash"),
    access=Access.APPEND,
)
