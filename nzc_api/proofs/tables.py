"""The tree's tables: nodes, the salts of leaves, checkpoints, and their cosignatures."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
)

from nzc_api.database.metadata import Access, table

# What hides the facts of an entry in its leaf.
log_salt = table(
    "log_salt",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    CheckConstraint("octet_length(salt) = 16", name="salt"),
    access=Access.APPEND,
)

# The nodes of every fourth height: of 2^height leaves, the index-th. Leaves are of the height 0, and the leaf of
# position 1 is number 0.
log_node = table(
    "log_node",
    Column("height", SmallInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("height", "index"),
    CheckConstraint("height BETWEEN 0 AND 60 AND height % 4 = 0", name="height"),
    CheckConstraint("index >= 0", name="index"),
    CheckConstraint("octet_length(hash) = 32", name="hash"),
    access=Access.APPEND,
)

# What was committed to: the root over the first ``size`` entries, and the note that says so, signed where there is a
# key.
log_checkpoint = table(
    "log_checkpoint",
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("note", Text, nullable=False),
    CheckConstraint("octet_length(root) = 32", name="root"),
    access=Access.APPEND,
)

# What witnesses signed of checkpoints: by the name and key of each, at a time in seconds since 1970; in the order in
# which they came.
log_cosignature = table(
    "log_cosignature",
    Column("size", BigInteger, ForeignKey("log_checkpoint.size"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("size", "number"),
    UniqueConstraint("size", "name", "key"),
    CheckConstraint("number BETWEEN 1 AND 15", name="number"),
    CheckConstraint("name ~ '^[^[:space:]+]+$'", name="name"),
    CheckConstraint("octet_length(key) = 32", name="key"),
    CheckConstraint("time BETWEEN 1 AND 253402300799", name="time"),
    CheckConstraint("octet_length(signature) = 64", name="signature"),
    access=Access.APPEND,
)
