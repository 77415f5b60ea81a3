"""Meters, what is built in, their readings and bills.

All is appended, also to correct something: of what is told of one meter and time the one at the latest position counts,
and where it has no value there was none. Intervals of one day are a row together (decision 81).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint

from nzc_api.database.metadata import Access, position_id, table

# What two spellings of one supply point have in common: no case, width, spaces, hyphens, dots or brackets.
SUPPLY_KEY = "upper(regexp_replace(normalize({}, NFKC), '[-‐–—_./·•#():,[:space:]]', '', 'g'))"

meter = table(
    "meter",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("carrier", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("supply_point", Text),
    Column("supply_key", Text, Computed(SUPPLY_KEY.format("supply_point"), persisted=True)),
    Column("celsius", Numeric),
    Column("kilopascals", Numeric),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    # Where it was said afterwards which day is its last.
    Column("ended_position", BigInteger),
    UniqueConstraint("pilot_id", "code"),
    CheckConstraint("kind IN ('REGISTER', 'INTERVAL', 'BILL')", name="kind"),
    CheckConstraint("supply_key <> ''", name="supply_key"),
    CheckConstraint("(celsius IS NULL) = (kilopascals IS NULL)", name="conditions"),
    CheckConstraint(
        "starts_on <= ends_on AND (ended_position IS NULL OR "
        "(ended_position > id AND ends_on IS NOT NULL))",
        name="life",
    ),
    ExcludeConstraint(
        (Column("carrier"), "="),
        (Column("supply_key"), "="),
        (text("daterange(starts_on, ends_on, '[]')"), "&&"),
        name="meter_supply_point_once_excl",
    ),
    access=Access.STATE,
)

# What is built in at a metering point since when; the first device since the meter's first day.
meter_device = table(
    "meter_device",
    Column("meter_id", BigInteger, ForeignKey("meter.id"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("maximum_per_hour", Numeric, nullable=False),
    Column("multiplier", Numeric, nullable=False),
    Column("digits", SmallInteger),
    PrimaryKeyConstraint("meter_id", "number"),
    CheckConstraint(
        "maximum_per_hour > 0 AND multiplier > 0 AND digits BETWEEN 1 AND 12", name="facts"
    ),
    access=Access.APPEND,
)

# Which meter a meter is a sub-meter of, as of each position: the latest row of a meter holds.
meter_placement = table(
    "meter_placement",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("meter_id", BigInteger, ForeignKey("meter.id"), nullable=False),
    Column("parent_id", BigInteger, ForeignKey("meter.id")),
    Index(None, "meter_id", "position"),
    Index(None, "parent_id", "meter_id", "position"),
    access=Access.APPEND,
)

# Which gateway posts a meter's readings beside its operator, as of each position: the latest row of a meter holds.
meter_gateway = table(
    "meter_gateway",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("meter_id", BigInteger, ForeignKey("meter.id"), nullable=False),
    Column("gateway_id", BigInteger, ForeignKey("organisation.id")),
    Index(None, "meter_id", "position"),
    Index(None, "gateway_id", "meter_id", "position"),
    access=Access.APPEND,
)

# Readings and bills that were posted together: one entry of the log, which has their number and their digest.
# What was refused beside them is kept here, by its number in the request.
reading_batch = table(
    "reading_batch",
    position_id(),
    Column("size", SmallInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("refused", JSONB, nullable=False),
    # Why a reading was corrected.
    Column("document", Text),
    Column("reason", Text),
    CheckConstraint("size > 0 AND octet_length(digest) = 32", name="whole"),
    Index("reading_batch_refused_idx", "id", postgresql_where=text("refused <> '{}'")),
    access=Access.APPEND,
)

# What a register showed. Where it went through all its digits, it made one more of its ``turns``. That its device and
# its batch are there is held by a guard of statements, as of consumption: a foreign key asks for each row.
register_reading = table(
    "register_reading",
    Column("meter_id", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("device", SmallInteger, nullable=False),
    Column("turns", SmallInteger, nullable=False),
    Column("estimated", Boolean, nullable=False),
    Column("value", Numeric),
    PrimaryKeyConstraint("meter_id", "at", "device", "position"),
    Index(None, "position"),
    CheckConstraint("value >= 0 AND turns >= 0", name="value"),
    access=Access.APPEND,
)

# What was billed, from the first day to the last: [starts_at, ends_at).
consumption = table(
    "consumption",
    Column("meter_id", BigInteger, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("estimated", Boolean, nullable=False),
    Column("quantity", Numeric),
    # In yuan, as billed.
    Column("cost", Numeric),
    PrimaryKeyConstraint("meter_id", "starts_at", "position"),
    Index(None, "position"),
    CheckConstraint("starts_at < ends_at", name="order"),
    CheckConstraint("quantity >= 0", name="quantity"),
    access=Access.APPEND,
)

# What was used in intervals, each of so many seconds, that follow one another and begin on one day of China's: from
# starts_at until ends_at. Their numbers in the request go on by the stride. Where nothing is told of an interval after
# all, it has a block of its own, without a quantity; so has each that is shorter than five minutes: of those a day has
# too many to be looked through.
interval_block = table(
    "interval_block",
    Column("meter_id", BigInteger, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("stride", SmallInteger, nullable=False),
    Column("estimated", Boolean, nullable=False),
    Column("quantities", ARRAY(Numeric), nullable=False),
    PrimaryKeyConstraint("meter_id", "starts_at", "position"),
    Index(None, "position"),
    # Whichever kind there are more of, the other is found without passing them.
    Index(
        "interval_block_one_idx",
        "meter_id",
        "starts_at",
        "position",
        postgresql_where=text("cardinality(quantities) = 1"),
    ),
    Index(
        "interval_block_several_idx",
        "meter_id",
        "starts_on",
        postgresql_where=text("cardinality(quantities) > 1"),
    ),
    CheckConstraint(
        "seconds BETWEEN 1 AND 86400 "
        "AND coalesce(array_ndims(quantities) = 1 AND array_lower(quantities, 1) = 1, false) "
        "AND starts_at AT TIME ZONE INTERVAL '+08:00' = date_trunc('SECOND', starts_at AT TIME ZONE INTERVAL '+08:00') "
        "AND ends_at = starts_at + cardinality(quantities) * seconds * interval '1 second'",
        name="intervals",
    ),
    CheckConstraint(
        "starts_on = CAST(starts_at AT TIME ZONE INTERVAL '+08:00' AS date) "
        "AND starts_on = CAST((ends_at - seconds * interval '1 second') AT TIME ZONE INTERVAL '+08:00' AS date)",
        name="day",
    ),
    CheckConstraint(
        "(cardinality(quantities) = 1 OR seconds >= 300)",
        name="several",
    ),
    CheckConstraint(
        "0 <= ALL (quantities) AND 'Infinity' > ALL (quantities) "
        "AND (cardinality(quantities) = 1 OR array_position(quantities, NULL) IS NULL)",
        name="quantities",
    ),
    access=Access.APPEND,
)

# What the spans within a meter's day, or within its month, come to, since each batch that changed it: the latest row of
# a day or month holds. Millionths of the unit and of a yuan, and seconds. A guard of statements holds that
# meter and batch are there, as of readings.
meter_rollup = table(
    "meter_rollup",
    Column("meter_id", BigInteger, nullable=False),
    Column("step", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("millionths", Numeric, nullable=False),
    Column("estimated_millionths", Numeric, nullable=False),
    Column("known", Integer, nullable=False),
    Column("estimated", Integer, nullable=False),
    Column("cost_millionths", Numeric, nullable=False),
    Column("costed", Integer, nullable=False),
    PrimaryKeyConstraint("meter_id", "step", "starts_on", "position"),
    Index(
        "meter_rollup_month_idx",
        "meter_id",
        "starts_on",
        "position",
        postgresql_where=text("step = 'MONTH'"),
    ),
    CheckConstraint(
        "step = 'DAY' OR step = 'MONTH' AND date_part('day', starts_on) = 1", name="step"
    ),
    CheckConstraint("estimated_millionths BETWEEN 0 AND millionths", name="millionths"),
    # No second counts twice.
    CheckConstraint(
        "estimated BETWEEN 0 AND known AND costed BETWEEN 0 AND known AND known <= 86400 * CASE step "
        "WHEN 'DAY' THEN 1 ELSE CAST(starts_on + interval '1 month' AS date) - starts_on END",
        name="seconds",
    ),
    access=Access.APPEND,
)
