"""The log's tables: its head, its entries, and the outcomes beside the idempotency keys."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from nzc_api.database.metadata import Access, table
from nzc_api.numbers import NUMBER_KEY

log_head = table(
    "log_head",
    Column("id", SmallInteger, primary_key=True, server_default=text("1")),
    Column("log_id", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("former_ids", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),
    CheckConstraint("id = 1", name="single"),
    CheckConstraint("position >= 0", name="position"),
    CheckConstraint("log_id BETWEEN 0 AND (1::bigint << 60) - 1", name="log_id"),
    CheckConstraint("octet_length(digest) = 32", name="digest"),
    access=Access.HEAD,
)

# A registry's number of an order, however it is written.
REFERENCE_KEY = NUMBER_KEY.format(text="(body ->> 'reference')")

log_entry = table(
    "log_entry",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("organisation_id", BigInteger),
    Column("api_key_id", BigInteger),
    Column("body", JSONB, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    CheckConstraint("octet_length(digest) = 32", name="digest"),
    CheckConstraint("position > 0", name="position"),
    CheckConstraint("subject_id <= position", name="subject"),
    # What lists of retirements are read by.
    Index("log_entry_retired_idx", "position", postgresql_where=text("kind = 'CREDITS_RETIRED'")),
    Index(
        "log_entry_reference_idx",
        text("(body ->> 'reference')"),
        "position",
        postgresql_where=text("kind = 'CREDITS_RETIRED' AND body ->> 'reference' IS NOT NULL"),
    ),
    # What a registry's number names.
    Index(
        "log_entry_order_idx",
        text("(body ->> 'programme')"),
        text(f"({REFERENCE_KEY})"),
        "position",
        postgresql_where=text(
            "kind IN ('CREDITS_RETIRED', 'CREDITS_USED') AND (body ->> 'reference') IS NOT NULL"
        ),
    ),
    access=Access.APPEND,
)

outcome = table(
    "outcome",
    Column("organisation_id", BigInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("position", BigInteger),
    Column("refusal", JSONB),
    Column("as_of", BigInteger),
    PrimaryKeyConstraint("organisation_id", "key"),
    CheckConstraint("as_of >= coalesce(position, 0)", name="as_of"),
    CheckConstraint(
        "CASE WHEN position IS NULL THEN coalesce(jsonb_typeof(refusal) = 'object', false) "
        "ELSE refusal IS NULL END",
        name="one",
    ),
    CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
    access=Access.APPEND,
)
