"""Documents, and what they are attached to."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from nzc_api.database.metadata import Access, position_id, table

document = table(
    "document",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    UniqueConstraint("id", "sha256"),
    CheckConstraint("subject_id < id", name="subject"),
    CheckConstraint(
        "kind IN ('BILL', 'METER_RECORD', 'CONTRACT', 'CERTIFICATE', 'TEST_REPORT', "
        "'VERIFICATION_REPORT', 'CALCULATION', 'PHOTOGRAPH', 'OTHER')",
        name="kind",
    ),
    CheckConstraint("name ~ '^[^/\\\\]{1,200}$'", name="name"),
    CheckConstraint("media_type ~ '^[a-z]+/[a-z0-9.+-]+$'", name="media_type"),
    CheckConstraint("size BETWEEN 1 AND 50000000", name="size"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    Index(None, "pilot_id", "id"),
    Index(None, "sha256"),
    access=Access.APPEND,
)

# What a document was attached to, and the lines of later versions that it came along to.
attachment = table(
    "attachment",
    Column("subject_id", BigInteger, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("subject_id", "document_id"),
    UniqueConstraint("subject_id", "sha256"),
    ForeignKeyConstraint(["document_id", "sha256"], ["document.id", "document.sha256"]),
    access=Access.APPEND,
)

# Whose bytes lie in the object store, each organisation's own: a hash is no secret.
upload = table(
    "upload",
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("organisation_id", "sha256"),
    CheckConstraint("size BETWEEN 1 AND 50000000", name="size"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    Index(None, "sha256"),
    access=Access.REPLACEABLE,
)
