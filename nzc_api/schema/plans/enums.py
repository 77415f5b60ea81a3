"""The words of plans, each value described."""

from nzc_api.plans.life_cycle import MaterialGap
from nzc_api.plans.model import PlanState
from nzc_api.schema.kit.fields import described_enum

__all__ = ["MaterialGap", "PlanState"]

described_enum(
    PlanState,
    "Where a version of a plan stands.",
    {
        "DRAFT": "it is written",
        "SUBMITTED": "it was handed in, and waits for a decision",
        "RETURNED": "it was returned with a reason; a new version answers it",
        "APPROVED": "it is in force",
        "SUPERSEDED": "a later version took its place: of what was approved one that was approved, else one that was "
        "drafted",
    },
)
described_enum(
    MaterialGap,
    "Why what materials emitted is not known.",
    {
        "NO_PLAN": "no plan is in force",
        "NO_MATERIALS": "the plan in force names none",
        "HAUL_UNKNOWN": "it is not known how all of them come: transport alone is not known",
    },
)
