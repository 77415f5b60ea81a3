"""Organisations and their API keys."""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, ForeignKey, LargeBinary, Text

from nzc_api.database.metadata import Access, position_id, table

organisation = table(
    "organisation",
    position_id(),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("role", Text, nullable=False, index=True),
    Column("programmes", ARRAY(Text), nullable=False),
    CheckConstraint("role = 'REGISTRY' OR programmes = '{}'", name="programmes"),
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
