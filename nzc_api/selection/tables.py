"""Applications, what they claim, what was found of that, and what became of them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
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

application = table(
    "application",
    position_id(),
    Column("operator_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("variant", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("applicant_kind", Text, nullable=False),
    Column("applicant_name_zh", Text, nullable=False),
    Column("applicant_name_en", Text, nullable=False),
    Column("division_code", Text, nullable=False),
    Column("establishment", Text, nullable=False),
    Column("operation_starts_on", Date),
    Column("boundary", Text, nullable=False),
    Column("hectares", Numeric),
    # Corners as [latitude, longitude], numbers as text: JSON has none that are exact.
    Column("outline", JSONB(none_as_null=True)),
    CheckConstraint("hectares > 0 AND hectares <= 18000000 AND scale(hectares) <= 4", name="area"),
    CheckConstraint("jsonb_array_length(outline) BETWEEN 3 AND 500", name="outline"),
    Index(None, "operator_id", "id"),
    access=Access.APPEND,
)

# Where an application came to stand, as of each position; before the first one it is open.
application_step = table(
    "application_step",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("application_id", BigInteger, ForeignKey("application.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id")),
    UniqueConstraint("pilot_id"),
    CheckConstraint(
        "state IN ('SUBMITTED', 'RETURNED', 'WITHDRAWN', 'SELECTED', 'NOT_SELECTED')", name="state"
    ),
    CheckConstraint("(state = 'SUBMITTED') = (reason IS NULL)", name="reason"),
    CheckConstraint("(state = 'SELECTED') = (pilot_id IS NOT NULL)", name="pilot"),
    Index(None, "application_id", "position"),
    access=Access.APPEND,
)

criterion_claim = table(
    "criterion_claim",
    position_id(),
    Column("application_id", BigInteger, ForeignKey("application.id"), nullable=False),
    Column("criterion", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Index(None, "application_id", "id"),
    access=Access.APPEND,
)

claim_document = table(
    "claim_document",
    Column("claim_id", BigInteger, ForeignKey("criterion_claim.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("claim_id", "number"),
    UniqueConstraint("claim_id", "sha256"),
    CheckConstraint("number BETWEEN 1 AND 20", name="number"),
    CheckConstraint(
        "kind IN ('BILL', 'METER_RECORD', 'CONTRACT', 'CERTIFICATE', 'TEST_REPORT', "
        "'VERIFICATION_REPORT', 'CALCULATION', 'PHOTOGRAPH', 'OTHER')",
        name="kind",
    ),
    CheckConstraint("size BETWEEN 1 AND 50000000", name="size"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    access=Access.APPEND,
)

# What was found: the latest of a criterion counts, as of each position.
criterion_judgement = table(
    "criterion_judgement",
    position_id(),
    Column("application_id", BigInteger, ForeignKey("application.id"), nullable=False),
    Column("criterion", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("verdict IN ('MET', 'NOT_MET', 'NOT_SHOWN')", name="verdict"),
    Index(None, "application_id", "criterion", "id"),
    access=Access.APPEND,
)
