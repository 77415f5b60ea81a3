"""Which green certificates serve which lines. (Inventories are a room beside: what they are, a guard looks at.)"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from nzc_api.database.metadata import Access, table
from nzc_api.numbers import NUMBER_KEY

_NUMBERS = "int8range(lo, hi)"

line_certificate = table(
    "line_certificate",
    Column(
        "line_id",
        BigInteger,
        ForeignKey("inventory_line.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("number", Integer, nullable=False),
    Column("inventory_id", BigInteger, ForeignKey("inventory.id"), nullable=False),
    # All versions of one inventory are a series, and it is that which a certificate serves.
    Column("series_id", BigInteger, nullable=False),
    Column("prefix", Text, nullable=False),
    # Its prefix however that is written (``number_key``).
    Column("prefix_key", Text, Computed(NUMBER_KEY.format(text="prefix"), persisted=True)),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    Column("mwh", Numeric, nullable=False),
    Column("produced_from", Date, nullable=False),
    Column("produced_to", Date, nullable=False),
    Column("plant", Text, nullable=False),
    Column(
        "plant_key", Text, Computed(NUMBER_KEY.format(text="plant"), persisted=True), index=True
    ),
    PrimaryKeyConstraint("line_id", "number"),
    CheckConstraint("number >= 0", name="number"),
    CheckConstraint("length(prefix) BETWEEN 1 AND 64", name="prefix"),
    CheckConstraint("length(plant) BETWEEN 1 AND 64", name="plant"),
    CheckConstraint("lo >= 0 AND hi > lo", name="range"),
    CheckConstraint("mwh = hi - lo", name="mwh"),
    CheckConstraint("produced_from <= produced_to", name="days"),
    # A certificate serves one inventory, and that once.
    ExcludeConstraint(
        (Column("prefix_key"), "="),
        (text(_NUMBERS), "&&"),
        (Column("series_id"), "<>"),
        name="line_certificate_one_inventory_excl",
    ),
    ExcludeConstraint(
        (Column("inventory_id"), "="),
        (Column("prefix_key"), "="),
        (text(_NUMBERS), "&&"),
        name="line_certificate_once_excl",
    ),
    Index(None, "inventory_id"),
    access=Access.REPLACEABLE,
)
