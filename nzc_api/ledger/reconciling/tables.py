"""Registries' lists that were compared with the ledger."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB

from nzc_api.database.metadata import Access, position_id, table

reconciliation = table(
    "reconciliation",
    position_id(),
    Column("programme", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("list_sha256", Text, nullable=False),
    Column("list_size", Integer, nullable=False),
    Column("report_sha256", Text, nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("outcomes", JSONB, nullable=False),
    CheckConstraint("position < id AND position >= 0", name="position"),
    CheckConstraint("list_sha256 ~ '^[0-9a-f]{64}$'", name="list"),
    CheckConstraint("list_size BETWEEN 1 AND 8388608", name="size"),
    CheckConstraint(
        "report_sha256 = encode(sha256(report), 'hex') AND octet_length(report) <= 8388608",
        name="report",
    ),
    Index(None, "programme", "id"),
    access=Access.APPEND,
)
