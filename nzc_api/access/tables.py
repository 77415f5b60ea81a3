"""Organisations and their API keys."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from nzc_api.database.metadata import Access, position_id, table
from nzc_api.database.search import grams_of

organisation = table(
    "organisation",
    position_id(),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("role", Text, nullable=False, index=True),
    Column("programmes", ARRAY(Text), nullable=False),
    Column("credit_code", Text, unique=True),
    CheckConstraint("role = 'REGISTRY' OR programmes = '{}'", name="programmes"),
    CheckConstraint("credit_code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'", name="credit_code"),
    Index(
        "organisation_search_idx",
        grams_of("name_zh", "name_en"),
        postgresql_using="gin",
    ),
    access=Access.STATE,
)

# An organisation's facts before and after each amendment, and why; those of the last one are the organisation's now.
organisation_amendment = table(
    "organisation_amendment",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Column("before", JSONB, nullable=False),
    Column("after", JSONB, nullable=False),
    Column("document", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "organisation_id", "position"),
    access=Access.APPEND,
)

api_key = table(
    "api_key",
    position_id(),
    Column(
        "organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False, index=True
    ),
    Column("label", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("revoked_position", BigInteger),
    CheckConstraint("revoked_position > id", name="revoked"),
    access=Access.STATE,
)

# When a key expires, as it was said last.
api_key_expiry = table(
    "api_key_expiry",
    Column("api_key_id", BigInteger, ForeignKey("api_key.id"), nullable=False),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("api_key_id", "position"),
    CheckConstraint("position >= api_key_id", name="later"),
    access=Access.APPEND,
)

# Not of the log: it is written beside it, now and then, and nothing is decided by it.
api_key_use = table(
    "api_key_use",
    Column(
        "api_key_id", BigInteger, ForeignKey("api_key.id"), primary_key=True, autoincrement=False
    ),
    Column("last_used_at", DateTime(timezone=True), nullable=False),
    access=Access.STATE,
)
