"""Evaluations, what is said, given and found in them, what was decided, and what follows."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from nzc_api.database.metadata import Access, position_id, table

# What the scheme asks for is kept beside it, so that the guards know.
evaluation = table(
    "evaluation",
    position_id(),
    Column("pilot_id", BigInteger, ForeignKey("pilot.id"), nullable=False),
    Column("scheme", Text, nullable=False),
    Column("stable_months", Integer, nullable=False),
    Column("retries", Integer),
    Column("pilots", ARRAY(BigInteger), nullable=False),
    Column("categories", ARRAY(Text)),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("opened_on", Date, nullable=False),
    CheckConstraint("stable_months BETWEEN 0 AND 120", name="months"),
    CheckConstraint("retries >= 0", name="retries"),
    CheckConstraint("cardinality(pilots) BETWEEN 1 AND 20", name="pilots"),
    CheckConstraint("cardinality(categories) > 0", name="categories"),
    CheckConstraint("starts_on <= ends_on AND ends_on < opened_on", name="days"),
    Index(None, "pilot_id", "id"),
    Index("evaluation_pilots_idx", "pilots", postgresql_using="gin"),
    access=Access.APPEND,
)

self_evaluation = table(
    "self_evaluation",
    position_id(),
    Column("evaluation_id", BigInteger, ForeignKey("evaluation.id"), nullable=False),
    Column("statement", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index(None, "evaluation_id", "id"),
    access=Access.APPEND,
)

# The latest panel of an evaluation scores.
panel = table(
    "panel",
    position_id(),
    Column("evaluation_id", BigInteger, ForeignKey("evaluation.id"), nullable=False),
    UniqueConstraint("evaluation_id", "id"),
    access=Access.APPEND,
)

panel_expert = table(
    "panel_expert",
    Column("panel_id", BigInteger, ForeignKey("panel.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("employer", Text, nullable=False),
    Column("organisation_id", BigInteger, ForeignKey("organisation.id")),
    PrimaryKeyConstraint("panel_id", "number"),
    CheckConstraint("number BETWEEN 1 AND 25", name="number"),
    access=Access.APPEND,
)

# A person's name: no entry of the log has it, and its row is deleted where it is erased.
panel_expert_name = table(
    "panel_expert_name",
    Column("panel_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("panel_id", "number"),
    ForeignKeyConstraint(["panel_id", "number"], ["panel_expert.panel_id", "panel_expert.number"]),
    access=Access.REPLACEABLE,
)

site_visit = table(
    "site_visit",
    position_id(),
    Column("evaluation_id", BigInteger, ForeignKey("evaluation.id"), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("notes", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index(None, "evaluation_id", "id"),
    access=Access.APPEND,
)

evaluation_score = table(
    "evaluation_score",
    position_id(),
    Column("evaluation_id", BigInteger, nullable=False),
    Column("panel_id", BigInteger, nullable=False),
    Column("expert", Integer, nullable=False),
    Column("item", Text, nullable=False),
    Column("points", Numeric),
    Column("met", Boolean),
    Column("reason", Text, nullable=False),
    UniqueConstraint("panel_id", "expert", "item"),
    ForeignKeyConstraint(["evaluation_id", "panel_id"], ["panel.evaluation_id", "panel.id"]),
    ForeignKeyConstraint(["panel_id", "expert"], ["panel_expert.panel_id", "panel_expert.number"]),
    CheckConstraint("points BETWEEN 0 AND 100 AND scale(points) <= 2", name="points"),
    CheckConstraint("(points IS NULL) <> (met IS NULL)", name="given"),
    access=Access.APPEND,
)

finding = table(
    "finding",
    position_id(),
    Column("evaluation_id", BigInteger, ForeignKey("evaluation.id"), nullable=False),
    Column("severity", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("due", Date, nullable=False),
    UniqueConstraint("evaluation_id", "id"),
    CheckConstraint("severity IN ('MAJOR', 'MINOR', 'ADVICE')", name="severity"),
    access=Access.APPEND,
)

# Where a finding came to stand, as of each position; before the first one it is open.
finding_step = table(
    "finding_step",
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("finding_id", BigInteger, ForeignKey("finding.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("document", Text),
    CheckConstraint("state IN ('ANSWERED', 'CLOSED')", name="state"),
    CheckConstraint("(state = 'ANSWERED') = (document IS NOT NULL)", name="document"),
    Index(None, "finding_id", "position"),
    access=Access.APPEND,
)

# What was decided, with the score and the numbers as of a position.
evaluation_decision = table(
    "evaluation_decision",
    position_id(),
    Column("evaluation_id", BigInteger, ForeignKey("evaluation.id"), nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("score", Numeric),
    Column("gross", Numeric),
    Column("sinks", Numeric),
    Column("purchased", BigInteger),
    Column("result", Numeric),
    UniqueConstraint("evaluation_id"),
    CheckConstraint("verdict IN ('PASSED', 'FAILED')", name="verdict"),
    CheckConstraint("as_of >= evaluation_id AND as_of < id", name="as_of"),
    CheckConstraint("score BETWEEN 0 AND 100 AND scale(score) <= 2", name="score"),
    CheckConstraint("(gross IS NULL) = (result IS NULL)", name="known"),
    CheckConstraint("result = gross - sinks - purchased", name="result"),
    CheckConstraint("verdict = 'FAILED' OR result IS NOT NULL", name="passed"),
    access=Access.APPEND,
)

follow_up = table(
    "follow_up",
    position_id(),
    Column("evaluation_id", BigInteger, ForeignKey("evaluation.id"), nullable=False),
    Column("finding_id", BigInteger),
    Column("measure_id", BigInteger, ForeignKey("measure.id"), nullable=False),
    ForeignKeyConstraint(["evaluation_id", "finding_id"], ["finding.evaluation_id", "finding.id"]),
    Index(None, "evaluation_id", "id"),
    access=Access.APPEND,
)
