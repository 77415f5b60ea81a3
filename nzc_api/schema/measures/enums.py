"""The words of measures, each value described."""

from nzc_api.measures.abatement import LeftOutReason
from nzc_api.measures.model import EffectBasis, EffectMethod, EffectWarning, MeasureState
from nzc_api.schema.kit.fields import described_enum

__all__ = ["EffectBasis", "EffectMethod", "EffectWarning", "LeftOutReason", "MeasureState"]

described_enum(
    MeasureState,
    "How far a measure has come.",
    {
        "PROPOSED": "it is planned",
        "CONTRACTED": "it is ordered",
        "BUILT": "it is built",
        "RUNNING": "it runs",
        "STOPPED": "it does not run any more; it may again",
    },
)
described_enum(
    EffectMethod,
    "How an effect was verified.",
    {
        "IPMVP_A": "option A of the IPMVP: key parameters of the measure alone were measured",
        "IPMVP_B": "option B: all parameters of the measure alone were measured",
        "IPMVP_C": "option C: the whole facility was measured, beside a regression of before",
        "IPMVP_D": "option D: a calibrated simulation",
        "INVENTORY": "verified inventories were compared",
    },
)
described_enum(
    EffectWarning,
    "Why a regression of a whole facility (option C) is to be read with care; after ASHRAE Guideline 14, as it is "
    "quoted.",
    {
        "BASELINE_SHORT": "it rests on less than 12 months",
        "FIT_POOR": "R² is below 0.70",
        "SCATTER_LARGE": "CV(RMSE) is above 20 %",
    },
)
described_enum(
    EffectBasis,
    "What a measure's effect rests on.",
    {"EXPECTED": "it is expected", "VERIFIED": "it was verified"},
)
described_enum(
    LeftOutReason,
    "Why a measure is not summed.",
    {
        "EXCLUDED": "another one that it is not done beside is summed instead",
        "NOT_IN_YEAR": "the year is none of its life",
        "STOPPED": "it does not run any more",
        "NO_EFFECT": "nothing was found to come of it",
        "IN_BASELINE": "it ran in the period that is projected, whose emissions it has brought down already (potential "
        "only)",
        "PURCHASE": "credits that are bought are no reduction on site",
    },
)
