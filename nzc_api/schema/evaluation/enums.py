"""The words of evaluations, each value described."""

from nzc_api.evaluation.indicators import UnknownIndicator
from nzc_api.evaluation.model import (
    EvaluationState,
    EvaluationStep,
    EvaluationVerdict,
    FindingSeverity,
    FindingState,
)
from nzc_api.evaluation.schemes import SchemeItemKind
from nzc_api.schema.kit.fields import described_enum

__all__ = [
    "EvaluationState",
    "EvaluationStep",
    "EvaluationVerdict",
    "FindingSeverity",
    "FindingState",
    "SchemeItemKind",
    "UnknownIndicator",
]

described_enum(
    UnknownIndicator,
    "Why recorded facts say nothing of an item.",
    {
        "NOT_SHOWN": "a pilot of the range is another operator's, and you do not see what it recorded",
        "ENERGY_NOT_RECORDED": "of some days of the range no energy is recorded (`recordDenominator`, COAL_EQUIVALENT)",
        "EMISSIONS_UNKNOWN": "the emissions of the range are not known: `result` says why",
        "BELOW_SCHEME": "so little energy is used that the scheme has no limit for it",
    },
)

described_enum(
    EvaluationState,
    "Where an evaluation stands.",
    {
        "OPEN": "it is not decided",
        "PASSED": "it passed; it ends there",
        "FAILED": "it did not pass; it ends there",
    },
)
described_enum(
    EvaluationVerdict,
    "What a regulator decides of an evaluation.",
    {
        "PASSED": "the pilot passes; refused with a major finding that is not closed, a failed veto, too low "
        "a score, or a result that is not known",
        "FAILED": "it does not, whatever its score is",
    },
)
described_enum(
    EvaluationStep,
    "What an evaluation has to have before more is done.",
    {
        "SELF_EVALUATION": "the pilot's operator said how it did",
        "PANEL": "a panel of experts was appointed",
        "SITE_VISIT": "the site was visited",
        "SCORES": "every expert of the panel scored every item of the scheme",
    },
)
described_enum(
    FindingSeverity,
    "How much a finding weighs.",
    {
        "MAJOR": "nothing passes while it is not closed",
        "MINOR": "it is to be put right by its day, and keeps nothing from passing",
        "ADVICE": "it could be better",
    },
)
described_enum(
    FindingState,
    "Where a finding stands.",
    {
        "OPEN": "the pilot's operator has not answered it",
        "ANSWERED": "it was answered, and may be answered again",
        "CLOSED": "it is settled; it ends there",
    },
)
described_enum(
    SchemeItemKind,
    "What an item of a scheme is to the result.",
    {
        "SCORE": "each expert gives it 0 to 100 points, whose mean counts by its weight",
        "VETO": "each expert finds it met or not; where most find that it is not, nothing passes",
        "CHECK": "each expert finds it met or not; that is shown, and refuses nothing",
    },
)
