"""The words of targets, each value described."""

from nzc_api.schema.kit.fields import described_enum
from nzc_api.targets.assessment import TargetStatus
from nzc_api.targets.model import TargetMeasure, TargetRevisionReason, TargetRoute
from nzc_api.targets.reasons import NotAssessableReason
from nzc_api.targets.trajectory import TrajectoryKind

__all__ = [
    "NotAssessableReason",
    "TargetMeasure",
    "TargetRevisionReason",
    "TargetRoute",
    "TargetStatus",
    "TrajectoryKind",
]

described_enum(
    TargetMeasure,
    "What a ceiling is of.",
    {"NET": "the net emissions", "GROSS": "the emissions inside the boundary"},
)
described_enum(
    TargetStatus,
    "How a period stands beside its ceiling; computed, never entered.",
    {
        "NOT_ASSESSABLE": "it is not known, or is not to be compared: the reasons say why",
        "ON_TRACK": "the net does not exceed the ceiling, so far",
        "BEHIND": "the net exceeds the ceiling, so far",
        "ACHIEVED": "the period is over, its inventories are verified, and the net does not exceed the ceiling",
        "MISSED": "the period is over, its inventories are verified, and the net exceeds the ceiling",
    },
)
described_enum(
    NotAssessableReason,
    "Why a period cannot be assessed by its target.",
    {
        "NO_PERIOD": "the pilot had no such accounting period by then",
        "NOT_SHOWN": "you do not see what the pilot states",
        "NO_TARGET": "the pilot had no target by then",
        "NOT_IN_OPERATION": "the pilot was not in operation in the period",
        "BEFORE_BASELINE": "the period has days before the baseline's year",
        "NET_NOT_KNOWN": "the period's net is not known: its statement says why",
        "COVERAGE_NOT_COMPLETE": "the period's inventories do not cover everything",
        "GWP_SETS_DIFFER": "the period uses other warming potentials than the baseline",
        "ELECTRICITY_METHODS_DIFFER": "bought electricity of the period counts by another method than the baseline's",
        "FACTOR_FAMILIES_DIFFER": "the period uses fuel factors of other sources than the baseline",
        "BASELINE_RESTATED": "the baseline's net was restated by more than a twentieth of it, or is not known "
        "any more: the target is to be revised",
    },
)
described_enum(
    TrajectoryKind,
    "What a point of a trajectory is.",
    {
        "BASELINE": "the year that the target begins with",
        "CEILING": "a year that the target says something of; between two of them it is linear",
        "ACTUAL": "what is stated of an accounting period, measured in operation",
        "PROJECTION": "what was projected of an accounting period",
    },
)
described_enum(
    TargetRoute,
    "By which ways a pilot means to reach its target (section 一 of the guide).",
    {
        "REDUCE_ENERGY": "using less energy (降低能耗)",
        "EFFICIENCY": "using it more efficiently (提高能效)",
        "SUBSTITUTION": "other energy than before (能源替代)",
        "SINK": "sinks of its own: planting, protecting and managing forests (自身增加吸收汇)",
        "PURCHASE": "voluntary reductions that are bought (购买自愿减排量)",
    },
)
described_enum(
    TargetRevisionReason,
    "Why there is another version of a target.",
    {
        "BOUNDARY": "the pilot's boundary is another one",
        "METHOD": "emissions are accounted by another method",
        "FACTOR": "other factors or warming potentials are used",
        "ERROR": "the version before had an error",
        "AMBITION": "the pilot means to do more, or less",
    },
)
