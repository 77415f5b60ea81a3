"""The ledger's tables.

A movement is history: one serial range from a debit account to a credit account. A lot is a run of
serials that moved together; a lot that is spent stays, and ``lot_spent`` says so, once. ``balance``
follows from movements, as a guard says, and ``available_lot`` is a cache that follows from lots; an audit
recomputes both.
Ranges are half-open: ``lo`` is the first serial, ``hi`` the one after the last.
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
from nzc_api.database.search import grams_of
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.serials import CERTIFICATES, HAN, LONGEST_WRITTEN
from nzc_api.numbers import NUMBER_KEY


def _batch_at_commit() -> ForeignKey:
    # What is said of batches is written before them, so that the guards of postings see it.
    return ForeignKey("credit_batch.id", deferrable=True, initially="DEFERRED")


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
    # As it was registered. What was stated since, and what is compared, is in ``site`` and ``project_placement``.
    Column("site_code", Text),
    # The pilot whose boundary the activity lay in, if any.
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), index=True),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="coordinates"),
    Index(
        "project_search_idx",
        grams_of("code", "name_zh", "name_en"),
        postgresql_using="gin",
    ),
    access=Access.STATE,
)

# What a project was called before and after each amendment of that; the last one is what it is called now.
project_amendment = table(
    "project_amendment",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("project_id", BigInteger, ForeignKey("project.id"), nullable=False),
    Column("before", JSONB, nullable=False),
    Column("after", JSONB, nullable=False),
    Index(None, "project_id", "position"),
    access=Access.APPEND,
)

# In which pilot a project lies, as of each position after its registration: the latest row of a project holds.
project_placement = table(
    "project_placement",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("project_id", BigInteger, ForeignKey("project.id"), nullable=False),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id")),
    Index(None, "project_id", "position"),
    Index(None, "pilot_id"),
    access=Access.APPEND,
)

# Of a methodology that has no number of a sink's, plainly written.
OF_NO_SINK = (
    'methodology COLLATE "C" !~* '
    "'(^|[ (/])(CCER[ —_./-]14[ —_./-][0-9]{3}|AR[ —_./-]CM[ —_./-][0-9]{3})($|[ ()/—-])'"
)

enrolment = table(
    "enrolment",
    position_id(),
    Column("project_id", BigInteger, ForeignKey("project.id"), nullable=False),
    Column("programme", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("registered_on", Date, nullable=False),
    # Its number or name, and whether that is of a carbon sink (null: it does not say).
    Column("methodology", Text),
    Column("sink", Boolean),
    # Its number however that is written; what was enrolled before that was asked may share it.
    Column("number_key", Text, Computed(NUMBER_KEY.format(text="number"), persisted=True)),
    UniqueConstraint("project_id", "programme"),
    UniqueConstraint("programme", "number"),
    Index(None, "programme", "number_key"),
    CheckConstraint(
        f"sink IS TRUE OR ({OF_NO_SINK}) IS NOT FALSE",
        name="sink",
    ),
    access=Access.APPEND,
)

# The methodology of an enrolment that named none, stated later, and whether that is of a carbon sink.
enrolment_methodology = table(
    "enrolment_methodology",
    Column(
        "enrolment_id",
        BigInteger,
        ForeignKey("enrolment.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("position", BigInteger, nullable=False, index=True),
    Column("methodology", Text, nullable=False),
    Column("sink", Boolean),
    CheckConstraint("enrolment_id < position", name="later"),
    CheckConstraint(
        f"sink IS TRUE OR ({OF_NO_SINK})",
        name="sink",
    ),
    access=Access.APPEND,
)

# For which days the reductions of an enrolment are credited, as it was stated at each position: the latest row holds.
crediting_period = table(
    "crediting_period",
    Column("enrolment_id", BigInteger, ForeignKey("enrolment.id"), nullable=False),
    Column("position", BigInteger, nullable=False, index=True),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    PrimaryKeyConstraint("enrolment_id", "position"),
    CheckConstraint("enrolment_id <= position", name="later"),
    CheckConstraint("starts_on <= ends_on", name="span"),
    access=Access.APPEND,
)

# Each programme's registry, in SQL: of its serials, and of its certificates.
REGISTRIES = ", ".join(
    f"('{p.code}', '{p.registry}', false), ('{p.code}', '{p.registry}{CERTIFICATES}', true)"
    for p in PROGRAMMES.values()
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
    Column("by_certificate", Boolean, nullable=False),
    # How its registry writes serials, with # for each digit; null where NZC would write them so.
    Column("written", Text),
    # How the days of production are known; null for what was issued before that was kept.
    Column("production_basis", Text),
    Column("production_document", Text),
    # Its prefix however that is written (``number_key``).
    Column("prefix_key", Text, Computed(NUMBER_KEY.format(text="prefix"), persisted=True)),
    # The registration of reductions that it is a part of, where its registry says so: number, and all its tonnes.
    Column("issuance", Text),
    Column("issuance_quantity", BigInteger),
    Column("issuance_key", Text, Computed(NUMBER_KEY.format(text="issuance"), persisted=True)),
    # Whether it was compared with all of its site; before there were sites, with other programmes only.
    Column("compared", Boolean, nullable=False, server_default=text("true")),
    Column("reductions_applied_on", Date),
    # The correction of its issuance: since then its serials may be issued again.
    Column("withdrawn_position", BigInteger),
    ForeignKeyConstraint(
        ["project_id", "programme"], ["enrolment.project_id", "enrolment.programme"]
    ),
    # A block is named in one way: else its serials could be issued again under another spelling.
    CheckConstraint("registry COLLATE \"C\" ~ '^[A-Z0-9][A-Z0-9_-]*$'", name="registry"),
    CheckConstraint(
        f"prefix COLLATE \"C\" ~ '^[A-Z0-9{HAN}〔]([A-Z0-9{HAN}〔〕._/-]{{0,78}}[A-Z0-9{HAN}〕])?$'",
        name="prefix",
    ),
    CheckConstraint(
        f"written COLLATE \"C\" ~ '#' AND length(written) <= {LONGEST_WRITTEN}", name="written"
    ),
    # Neither under another registry's name.
    CheckConstraint(
        f"(programme, registry, by_certificate) IN ({REGISTRIES})", name="registry_of_programme"
    ),
    CheckConstraint("lo >= 0 AND hi > lo", name="range"),
    CheckConstraint("quantity = hi - lo", name="quantity"),
    CheckConstraint(
        "(issuance IS NULL) = (issuance_quantity IS NULL) AND quantity <= issuance_quantity",
        name="issuance",
    ),
    CheckConstraint("produced_from <= produced_to", name="produced"),
    CheckConstraint("vintage = extract(year FROM produced_to)", name="vintage"),
    CheckConstraint("produced_to <= reductions_registered_on", name="registered"),
    CheckConstraint(
        "production_basis IN ('MONITORING_PERIOD', 'VINTAGE', 'AUTHORITY')",
        name="production_basis",
    ),
    # What grew over several years is no product of the last (rule 6).
    CheckConstraint(
        "NOT (forestry AND production_basis = 'VINTAGE')", name="forestry_has_monitoring_period"
    ),
    CheckConstraint(
        "(production_document IS NOT NULL) = (production_basis IS NOT DISTINCT FROM 'AUTHORITY')",
        name="production_document",
    ),
    CheckConstraint(
        "reductions_applied_on BETWEEN produced_to AND reductions_registered_on", name="applied"
    ),
    CheckConstraint("withdrawn_position > id", name="withdrawn"),
    # A serial is issued once.
    ExcludeConstraint(
        (Column("registry"), "="),
        (Column("prefix"), "="),
        (text("int8range(lo, hi)"), "&&"),
        name="credit_batch_no_overlap_excl",
        where=text("withdrawn_position IS NULL"),
    ),
    Index(None, "project_id", "id"),
    Index(None, "programme", "id"),
    Index(None, "programme", "issuance_key", postgresql_where=text("issuance IS NOT NULL")),
    Index(None, "vintage", "id"),
    Index("credit_batch_block_idx", "registry", "prefix", "lo"),
    Index("credit_batch_alike_idx", "registry", "prefix_key", "lo"),
    # Few are, and they are looked for with each posting that follows another process's.
    Index(
        "credit_batch_withdrawn_idx",
        "withdrawn_position",
        postgresql_where=text("withdrawn_position IS NOT NULL"),
    ),
    access=Access.STATE,
)

account = table(
    "account",
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("programme", Text),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id")),
    Column("pilot_id", BigInteger),
    Column("period_id", BigInteger),
    Column("purpose", Text),
    UniqueConstraint(
        "kind",
        "programme",
        "organisation_id",
        "pilot_id",
        "period_id",
        "purpose",
        name="account_one_of_a_kind_key",
        postgresql_nulls_not_distinct=True,
    ),
    ForeignKeyConstraint(
        ["pilot_id", "period_id"], ["accounting_period.pilot_id", "accounting_period.id"]
    ),
    CheckConstraint(
        """(kind, programme IS NOT NULL, organisation_id IS NOT NULL, pilot_id IS NOT NULL,
            period_id IS NOT NULL, purpose IS NOT NULL) IN (
           ('ISSUANCE', true, false, false, false, false),
           ('HOLDING', true, true, false, false, false),
           ('PENDING', true, true, true, true, false),
           ('RETIREMENT', false, false, true, true, false),
           ('OTHER_USE', true, true, false, false, true),
           ('OTHER_USE', true, true, true, true, true),
           ('FROZEN', true, true, false, false, false),
           ('INVALIDATED', true, false, false, false, false))""",
        name="kind",
    ),
    CheckConstraint(
        "purpose IN ('ETS_COMPLIANCE', 'EVENT', 'PUBLIC_GOOD', 'OWN_SINK')", name="purpose"
    ),
    # Only a sink that is given back is a pilot's.
    CheckConstraint("purpose = 'OWN_SINK' OR purpose IS NULL OR pilot_id IS NULL", name="own_sink"),
    Index(None, "pilot_id", "period_id"),
    Index(None, "organisation_id"),
    access=Access.APPEND,
)

# The size of a range of serials: 64 for one serial, one less for each doubling. Ranges of one size are
# at most ``LONGEST >> (size - 2)`` serials long, and longer than half of that.
# (In the parentheses that PostgreSQL gives it, by which Alembic compares.)
SIZE = "position(('1'::bit) in ((hi - lo)::bit(64)))"
LONGEST = (1 << 63) - 1

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
    # A serial's movements: by their sizes, then where they begin, then in order.
    Index("movement_place_idx", "batch_id", text(f"({SIZE})"), "lo", text("(position + 0)")),
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
    # The position at which the serials came into the account; a remainder keeps it.
    Column("since", BigInteger, nullable=False),
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
    Index("balance_batch_accounts_idx", "batch_id", text("(account_id + 0)")),
    # Balances are written in this order, so what was written at some positions lies together.
    Index(
        "balance_position_idx",
        "position",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    ),
    access=Access.APPEND,
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
    Column("since", BigInteger, nullable=False),
    PrimaryKeyConstraint("lot_position", "lot_piece"),
    Index("available_lot_order_idx", "account_id", "vintage", "batch_id", "lo"),
    access=Access.REPLACEABLE,
)

# What holds of a whole batch from a position on, however fragmented it is.
batch_fact = table(
    "batch_fact",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("batch_id", BigInteger, _batch_at_commit(), nullable=False),
    Column("kind", Text, nullable=False),
    CheckConstraint("position > batch_id", name="later"),
    CheckConstraint("kind IN ('FREEZE', 'UNFREEZE', 'INVALIDATE', 'EXPORT')", name="kind"),
    Index(None, "batch_id", "position"),
    access=Access.APPEND,
)

# Two batches that seem to be one reduction issued by two programmes (rule 2); the later one is
# named by the position of its issuance.
double_issuance = table(
    "double_issuance",
    Column("batch_id", BigInteger, _batch_at_commit(), nullable=False),
    Column("other_id", BigInteger, _batch_at_commit(), nullable=False),
    # As the later one was issued, or its project was found at the other's site.
    Column("position", BigInteger, nullable=False, index=True),
    PrimaryKeyConstraint("batch_id", "other_id"),
    CheckConstraint("other_id < batch_id", name="order"),
    CheckConstraint("position >= batch_id", name="later"),
    Index(None, "other_id"),
    access=Access.APPEND,
)

double_issuance_resolution = table(
    "double_issuance_resolution",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("batch_id", BigInteger, nullable=False),
    Column("other_id", BigInteger, nullable=False),
    Column("finding", Text, nullable=False),
    UniqueConstraint("batch_id", "other_id"),
    ForeignKeyConstraint(
        ["batch_id", "other_id"], ["double_issuance.batch_id", "double_issuance.other_id"]
    ),
    CheckConstraint("finding IN ('DISTINCT', 'DOUBLE')", name="finding"),
    access=Access.APPEND,
)

retirement_request = table(
    "retirement_request",
    position_id(),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    access=Access.APPEND,
)

# A request ends once: confirmed, cancelled or expired.
request_end = table(
    "request_end",
    Column(
        "request_id",
        BigInteger,
        ForeignKey("retirement_request.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("outcome", Text, nullable=False),
    CheckConstraint("position > request_id", name="later"),
    CheckConstraint("outcome IN ('CONFIRMED', 'CANCELLED', 'EXPIRED')", name="outcome"),
    access=Access.APPEND,
)

# Some of a request is confirmed, and the rest is still set aside.
request_part = table(
    "request_part",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "request_id", BigInteger, ForeignKey("retirement_request.id"), nullable=False, index=True
    ),
    CheckConstraint("position > request_id", name="later"),
    access=Access.APPEND,
)

# A posting is corrected once.
correction = table(
    "correction",
    Column("posting_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False, unique=True),
    CheckConstraint("position > posting_id", name="later"),
    access=Access.APPEND,
)

# An order that waits for a second person: a posting is to be corrected, or serials of a batch are to be invalidated
# (no range: all of it). What it is for is in ``grounds``.
proposal = table(
    "proposal",
    position_id(),
    Column("programme", Text, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("posting_id", BigInteger),
    Column("batch_id", BigInteger, ForeignKey("credit_batch.id")),
    Column("lo", BigInteger),
    Column("hi", BigInteger),
    CheckConstraint("(posting_id IS NULL) <> (batch_id IS NULL)", name="one"),
    CheckConstraint("quantity > 0 AND coalesce(posting_id, batch_id) < id", name="order"),
    CheckConstraint(
        "(lo IS NULL) = (hi IS NULL) AND (lo IS NULL OR batch_id IS NOT NULL AND hi - lo = quantity)",
        name="range",
    ),
    Index(None, "programme", "id"),
    access=Access.APPEND,
)

# A proposal ends once: carried out at the position, or withdrawn.
proposal_end = table(
    "proposal_end",
    Column(
        "proposal_id", BigInteger, ForeignKey("proposal.id"), primary_key=True, autoincrement=False
    ),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("outcome", Text, nullable=False),
    CheckConstraint("position > proposal_id", name="later"),
    CheckConstraint("outcome IN ('APPROVED', 'WITHDRAWN')", name="outcome"),
    access=Access.APPEND,
)

# Why: free text, which is kept out of the log's entries.
grounds = table(
    "grounds",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("reason", Text, nullable=False),
    access=Access.APPEND,
)
