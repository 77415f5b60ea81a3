"""The words of management, each value described."""

from nzc_api.management.model import DutyUnknownReason, ManagedThing, PostKind
from nzc_api.schema.kit.fields import described_enum
from nzc_api.schema.pilots.enums import UpkeepSystem

__all__ = ["DutyUnknownReason", "ManagedThing", "PostKind", "UpkeepSystem"]

described_enum(
    PostKind,
    "What a post is for.",
    {
        "CARBON_MANAGEMENT": "managing emissions from day to day: the post that the guide asks for (碳排放管理岗)",
        "OTHER": "another one",
    },
)
described_enum(
    DutyUnknownReason,
    "Why it is not known what a unit emitted.",
    {
        "NO_VERIFIED_INVENTORY": "no inventory of that year was verified",
        "YEAR_NOT_COVERED": "the verified inventories do not cover the calendar year",
        "NO_LINES_OF_UNIT": "no emission source names the unit",
    },
)
described_enum(
    ManagedThing,
    "What a pilot has only so many of.",
    {"POST": "posts", "DUTY": "duties of units", "RULE": "rules"},
)
