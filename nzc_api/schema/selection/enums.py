"""The words of applications, each value described."""

from nzc_api.schema.kit.fields import described_enum
from nzc_api.selection.model import ApplicationDecision, ApplicationState, Verdict

__all__ = ["ApplicationDecision", "ApplicationState", "Verdict"]

described_enum(
    ApplicationState,
    "Where an application stands.",
    {
        "OPEN": "the applicant writes it: nobody else sees it",
        "SUBMITTED": "it was handed in, and is judged",
        "RETURNED": "the regulator returned it: the applicant may claim more, and submit it again",
        "WITHDRAWN": "the applicant took it back; it ends there",
        "SELECTED": "it was selected, and its pilot registered; it ends there",
        "NOT_SELECTED": "it was not selected; it ends there",
    },
)
described_enum(
    ApplicationDecision,
    "What a regulator decides of an application.",
    {
        "SELECTED": "it becomes a pilot",
        "NOT_SELECTED": "it does not",
        "RETURNED": "the applicant is to show more, and may submit it again",
    },
)
described_enum(
    Verdict,
    "What a regulator finds of something that the guide asks.",
    {
        "MET": "it is met",
        "NOT_MET": "it is not met; that refuses nothing, for the guide prefers and does not demand (优先)",
        "NOT_SHOWN": "what was claimed does not show it",
    },
)
