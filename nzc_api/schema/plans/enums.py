"""The words of plans, each value described."""

from nzc_api.plans.model import PlanState
from nzc_api.schema.kit.fields import described_enum

__all__ = ["PlanState"]

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
