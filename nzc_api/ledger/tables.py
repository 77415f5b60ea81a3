"""The ledger's tables.

A movement is history: one serial range from a debit account to a credit account. A lot is a run of
serials that moved together; a lot that is spent stays, and ``lot_spent`` says so, once. ``balance``
and ``available_lot`` are caches: they follow from movements and lots, and an audit recomputes them.
Ranges are half-open: ``lo`` is the first serial, ``hi`` the one after the last.
"""

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
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from nzc_api.database.metadata import Access, position_id, table

project = table(
    "project",
    position_id(),
    Column("code", Text, nullable=False, unique=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("forestry", Boolean, nullable=False),
    Column("site", Text, nullable=False),
    Column("division_code", Text),
    Column("latitude", Numeric),
    Column("longitude", Numeric),
    # The pilot whose boundary the activity lies in, if any.
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), index=True),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="coordinates"),
    access=Access.APPEND,
)

enrolment = table(
    "enrolment",
    position_id(),
    Column("project_id", BigInteger, ForeignKey("project.id"), nullable=False),
    Column("programme", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("registered_on", Date, nullable=False),
    UniqueConstraint("project_id", "programme"),
    UniqueConstraint("programme", "number"),
    access=Access.APPEND,
)

credit_batch = table(
    "credit_batch",
    position_id(),
    Column("project_id", BigInteger, nullable=False),
    Column("programme", Text, nullable=False),
    Column("forestry", Boolean, nullable=False),
    Column("vintage", Integer, nullable=False),
    Column("produced_from", Date, nullable=False),
    Column("produced_to", Date, nullable=False),
    Column("reductions_registered_on", Date, nullable=False),
    Column("registry", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["project_id", "programme"], ["enrolment.project_id", "enrolment.programme"]
    ),
    # A block is named in one way: else its serials could be issued again under another spelling.
    CheckConstraint("registry COLLATE \"C\" ~ '^[A-Z0-9][A-Z0-9_-]*$'", name="registry"),
    CheckConstraint(
        "prefix COLLATE \"C\" ~ '^[A-Z0-9]([A-Z0-9._/-]{0,78}[A-Z0-9])?$'", name="prefix"
    ),
    CheckConstraint("lo >= 0 AND hi > lo", name="range"),
    CheckConstraint("quantity = hi - lo", name="quantity"),
    CheckConstraint("produced_from <= produced_to", name="produced"),
    CheckConstraint("vintage = extract(year FROM produced_to)", name="vintage"),
    CheckConstraint("produced_to <= reductions_registered_on", name="registered"),
    # A serial is issued once.
    ExcludeConstraint(
        (Column("registry"), "="),
        (Column("prefix"), "="),
        (text("int8range(lo, hi)"), "&&"),
        name="credit_batch_no_overlap_excl",
    ),
    Index(None, "project_id", "id"),
    Index(None, "programme", "id"),
    Index(None, "vintage", "id"),
    access=Access.APPEND,
)

account = table(
    "account",
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("programme", Text),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id")),
    Column("pilot_id", BigInteger),
    Column("period_id", BigInteger),
    UniqueConstraint(
        "kind",
        "programme",
        "organisation_id",
        "pilot_id",
        "period_id",
        name="account_one_of_a_kind_key",
        postgresql_nulls_not_distinct=True,
    ),
    ForeignKeyConstraint(
        ["pilot_id", "period_id"], ["accounting_period.pilot_id", "accounting_period.id"]
    ),
    CheckConstraint(
        """CASE kind
           WHEN 'ISSUANCE' THEN programme IS NOT NULL AND organisation_id IS NULL
                AND pilot_id IS NULL AND period_id IS NULL
           WHEN 'HOLDING' THEN programme IS NOT NULL AND organisation_id IS NOT NULL
                AND pilot_id IS NULL AND period_id IS NULL
           WHEN 'RETIREMENT' THEN programme IS NULL AND organisation_id IS NULL
                AND pilot_id IS NOT NULL AND period_id IS NOT NULL
           ELSE false END""",
        name="kind",
    ),
    Index(None, "pilot_id", "period_id"),
    Index(None, "organisation_id"),
    access=Access.APPEND,
)

movement = table(
    "movement",
    Column("position", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("debit_id", BigInteger, nullable=False),
    Column("credit_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    PrimaryKeyConstraint("position", "line"),
    CheckConstraint("hi > lo", name="range"),
    CheckConstraint("debit_id <> credit_id", name="legs"),
    Index(None, "credit_id", "position"),
    Index("movement_serials_idx", "batch_id", text("int8range(lo, hi)"), postgresql_using="gist"),
    access=Access.APPEND,
)

lot = table(
    "lot",
    Column("position", BigInteger, nullable=False),
    Column("piece", Integer, nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    PrimaryKeyConstraint("position", "piece"),
    CheckConstraint("hi > lo", name="range"),
    # Read backwards: the largest lo, then the smallest hi, then the latest position.
    Index("lot_owner_idx", "batch_id", "lo", text("hi DESC"), "position"),
    access=Access.APPEND,
)

lot_spent = table(
    "lot_spent",
    Column("lot_position", BigInteger, nullable=False),
    Column("lot_piece", Integer, nullable=False),
    Column("position", BigInteger, nullable=False, index=True),
    PrimaryKeyConstraint("lot_position", "lot_piece"),
    CheckConstraint("position > lot_position", name="later"),
    access=Access.APPEND,
)

balance = table(
    "balance",
    Column("account_id", BigInteger, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("tonnes", BigInteger, nullable=False),
    PrimaryKeyConstraint("account_id", "batch_id", "position"),
    access=Access.REPLACEABLE,
)

available_lot = table(
    "available_lot",
    Column("lot_position", BigInteger, nullable=False),
    Column("lot_piece", Integer, nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("vintage", Integer, nullable=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    PrimaryKeyConstraint("lot_position", "lot_piece"),
    Index("available_lot_order_idx", "account_id", "vintage", "batch_id", "lo"),
    access=Access.REPLACEABLE,
)
