"""Pilots, where they lie, and their accounting periods; the sites of pilots and of projects."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from nzc_api.database.metadata import Access, position_id, table
from nzc_api.database.search import grams_of
from nzc_api.numbers import NUMBER_KEY

pilot = table(
    "pilot",
    position_id(),
    Column("code", Text, nullable=False, unique=True),
    Column("variant", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("applicant_kind", Text, nullable=False),
    Column("applicant_name_zh", Text, nullable=False),
    Column("applicant_name_en", Text, nullable=False),
    Column("division_code", Text, nullable=False),
    Column("establishment", Text, nullable=False),
    Column("operation_starts_on", Date),
    Column("operator_id", BigInteger, ForeignKey("organisation.id"), nullable=False),
    # By default as a release that does not know them would have it.
    Column("statement_visibility", Text, nullable=False, server_default=text("'PUBLIC'")),
    Column("line_visibility", Text, nullable=False, server_default=text("'ROLES'")),
    Column("closed_on", Date),
    CheckConstraint(
        "statement_visibility IN ('PUBLIC', 'ROLES') AND line_visibility IN ('PUBLIC', 'ROLES')",
        name="visibility",
    ),
    CheckConstraint("operation_starts_on <= closed_on", name="closed"),
    # A list of pilots is filtered by one of these and ordered by code or by registration.
    Index(None, "variant", "code"),
    Index(None, "variant", "id"),
    Index(None, "division_code", "code"),
    Index(None, "division_code", "id"),
    Index(None, "operator_id", "code"),
    Index(None, "operator_id", "id"),
    Index(None, "name_zh", "id"),
    Index(None, "name_en", "id"),
    Index(
        "pilot_search_idx",
        grams_of("code", "name_zh", "name_en"),
        postgresql_using="gin",
    ),
    # Those that are closed are few, and looked for with every posting.
    Index("pilot_closed_idx", "id", postgresql_where=text("closed_on IS NOT NULL")),
    access=Access.STATE,
)

# A pilot's facts before and after each amendment; those of the last one are the pilot's now.
pilot_amendment = table(
    "pilot_amendment",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("before", JSONB, nullable=False),
    Column("after", JSONB, nullable=False),
    Index(None, "pilot_id", "position"),
    access=Access.APPEND,
)

# Which pilot surrounds which, as of each position: the latest row of a pilot holds.
pilot_placement = table(
    "pilot_placement",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("surrounding_id", BigInteger, ForeignKey("pilot.id")),
    CheckConstraint("surrounding_id <> pilot_id", name="not_itself"),
    Index(None, "pilot_id", "position"),
    Index(None, "surrounding_id", "pilot_id", "position"),
    access=Access.APPEND,
)

accounting_period = table(
    "accounting_period",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("withdrawn_position", BigInteger),
    CheckConstraint("starts_on <= ends_on", name="order"),
    CheckConstraint("withdrawn_position > id", name="withdrawn"),
    UniqueConstraint("pilot_id", "id"),
    ExcludeConstraint(
        (Column("pilot_id"), "="),
        (text("daterange(starts_on, ends_on, '[]')"), "&&"),
        name="accounting_period_no_overlap_excl",
        where=text("withdrawn_position IS NULL"),
    ),
    # Those that are withdrawn are few, and looked for with every posting.
    Index(
        "accounting_period_withdrawn_idx",
        "withdrawn_position",
        postgresql_where=text("withdrawn_position IS NOT NULL"),
    ),
    access=Access.STATE,
)

# Pilots that share ground without one lying in the other; recorded, so that a portfolio says so.
pilot_overlap = table(
    "pilot_overlap",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("other_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    UniqueConstraint("pilot_id", "other_id"),
    CheckConstraint("pilot_id < other_id", name="order"),
    Index(None, "other_id"),
    access=Access.APPEND,
)

# What was stated of where a pilot or a project is, as of each position: the latest row of a subject holds, and all of
# them are compared with what is stated later.
site = table(
    "site",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("address", Text),
    Column("division_code", Text),
    Column("latitude", Numeric),
    Column("longitude", Numeric),
    Column("code", Text),
    Column("code_key", Text, Computed(NUMBER_KEY.format(text="code"), persisted=True), index=True),
    # The address in one way of writing, without the district that it names, if any; null where it may be anywhere.
    Column("key", Text, index=True),
    Column("district", Text),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="coordinates"),
    Index(None, "latitude", "longitude"),
    Index(None, "subject_id", "position"),
    access=Access.APPEND,
)

# Two things that were found to be at one site, and what says so. It is never taken back; it may be resolved.
same_site = table(
    "same_site",
    Column("subject_id", BigInteger, nullable=False),
    Column("other_id", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    # Whether what had been issued at both was compared; before migration 0024 only what was issued later.
    Column("compared", Boolean, nullable=False, server_default=text("true")),
    PrimaryKeyConstraint("subject_id", "other_id", "by"),
    CheckConstraint("other_id < subject_id", name="order"),
    CheckConstraint("subject_id <= position", name="later"),
    CheckConstraint("by IN ('SITE_CODE', 'COORDINATES', 'ADDRESS', 'LOCALITY')", name="by"),
    Index(None, "other_id"),
    access=Access.APPEND,
)

# What an administrator found of two things at one site: DISTINCT ones, or the SAME (a project: inside the pilot).
same_site_resolution = table(
    "same_site_resolution",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("other_id", BigInteger, nullable=False),
    Column("finding", Text, nullable=False),
    UniqueConstraint("subject_id", "other_id"),
    Index(None, "other_id"),
    CheckConstraint("finding IN ('DISTINCT', 'SAME')", name="finding"),
    access=Access.APPEND,
)
