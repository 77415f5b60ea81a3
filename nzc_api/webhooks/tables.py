"""Webhook endpoints, what was said of each, their secrets, how far they were told, and in which attempts."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from nzc_api.database.metadata import Access, position_id, table

webhook_endpoint = table(
    "webhook_endpoint",
    position_id(),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    Index(None, "organisation_id", "id"),
    access=Access.APPEND,
)

# What was said of an endpoint at a position: the latest counts.
webhook_terms = table(
    "webhook_terms",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("endpoint_id", BigInteger, ForeignKey("webhook_endpoint.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("wanted", JSONB, nullable=False),
    Column("key_id", BigInteger, ForeignKey("api_key.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    CheckConstraint("state IN ('ENABLED', 'DISABLED', 'DELETED')", name="state"),
    CheckConstraint(
        "CASE state WHEN 'DISABLED' THEN reason IS NOT NULL "
        "AND reason IN ('ORDERED', 'GONE', 'FAILING', 'KEY_ENDED') ELSE reason IS NULL END",
        name="reason",
    ),
    CheckConstraint("length(url) BETWEEN 1 AND 1000", name="url"),
    Index(None, "endpoint_id", "position"),
    access=Access.APPEND,
)

# The secret that an endpoint's messages are signed with: in plain, for whoever signs needs it (decision 73). No read
# shows it.
webhook_secret = table(
    "webhook_secret",
    Column(
        "endpoint_id",
        BigInteger,
        ForeignKey("webhook_endpoint.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("position", BigInteger, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    CheckConstraint("octet_length(secret) = 32", name="secret"),
    access=Access.REPLACEABLE,
)

# Those that were replaced, at which position, and until when messages are signed with them, too.
webhook_former_secret = table(
    "webhook_former_secret",
    Column("endpoint_id", BigInteger, ForeignKey("webhook_endpoint.id"), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("good_until", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("endpoint_id", "position"),
    CheckConstraint("octet_length(secret) = 32", name="secret"),
    access=Access.REPLACEABLE,
)

# How far each endpoint was told. What was posted is written beside the log, and waits for no head.
webhook_cursor = table(
    "webhook_cursor",
    Column(
        "endpoint_id",
        BigInteger,
        ForeignKey("webhook_endpoint.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("position", BigInteger, nullable=False),
    Column("previous", BigInteger, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", DateTime(timezone=True)),
    Column("replayed", BigInteger),
    CheckConstraint("previous BETWEEN 0 AND position", name="previous"),
    CheckConstraint("failures BETWEEN 0 AND attempts", name="failures"),
    CheckConstraint("(failures = 0) = (failing_since IS NULL)", name="failing_since"),
    access=Access.STATE,
)

# The latest attempts of each endpoint.
webhook_delivery = table(
    "webhook_delivery",
    Column("endpoint_id", BigInteger, ForeignKey("webhook_endpoint.id"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("milliseconds", Integer, nullable=False),
    PrimaryKeyConstraint("endpoint_id", "number"),
    CheckConstraint(
        "CASE outcome WHEN 'ACCEPTED' THEN coalesce(status BETWEEN 200 AND 299, false) "
        "WHEN 'REDIRECTED' THEN coalesce(status BETWEEN 300 AND 399, false) "
        "WHEN 'GONE' THEN coalesce(status = 410, false) WHEN 'REJECTED' THEN status IS NOT NULL "
        "ELSE outcome IN ('TIMED_OUT', 'UNREACHED', 'ADDRESS_REFUSED', 'BROKEN') AND status IS NULL END",
        name="outcome",
    ),
    CheckConstraint("attempt > 0 AND milliseconds >= 0", name="attempt"),
    access=Access.REPLACEABLE,
)
