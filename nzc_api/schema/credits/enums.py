"""The words of credits, each value described."""

from nzc_api.ledger.model import (
    AccountKind,
    BatchStatus,
    Finding,
    ProductionBasis,
    Purpose,
    RequestOutcome,
)
from nzc_api.ledger.reading.standing import WithdrawnReason
from nzc_api.ledger.reading.warnings import CreditWarningCode
from nzc_api.ledger.verifications import LabelStatus
from nzc_api.schema.kit.fields import described_enum

__all__ = [
    "AccountKind",
    "BatchStatus",
    "CreditWarningCode",
    "Finding",
    "LabelStatus",
    "ProductionBasis",
    "Purpose",
    "RequestOutcome",
    "WithdrawnReason",
]

described_enum(
    BatchStatus,
    "What holds of a batch as a whole.",
    {
        "IN_FORCE": "it is neither frozen, nor invalidated, nor exported as a whole, nor withdrawn",
        "FROZEN": "all of it is frozen",
        "INVALIDATED": "all of it was invalidated",
        "EXPORTED": "it was exported with a corresponding adjustment",
        "WITHDRAWN": "its issuance was wrong, and was taken back",
    },
)
described_enum(
    LabelStatus,
    "Whether a label of credits holds on a day.",
    {
        "NOT_YET_VALID": "the day is before the first on which it holds",
        "VALID": "it holds",
        "EXPIRED": "the day is after the last on which it holds",
    },
)
described_enum(
    AccountKind,
    "What it means that serials sit in an account.",
    {
        "ISSUANCE": "where they come from: the programme's issuance",
        "HOLDING": "held by an organisation",
        "PENDING": "set aside for a retirement that the registry is yet to confirm",
        "RETIREMENT": "retired for a pilot and one of its accounting periods",
        "OTHER_USE": "used for something else than a pilot",
        "FROZEN": "frozen by order of a court or the registry",
        "INVALIDATED": "invalidated by the issuer: they stand for nothing any more",
    },
)
described_enum(
    ProductionBasis,
    "How the days are known on which reductions were produced.",
    {
        "MONITORING_PERIOD": "by their monitoring period (监测期)",
        "VINTAGE": "by a calendar year alone",
        "AUTHORITY": "by a calendar year of which an authority states that there is no monitoring period",
    },
)
described_enum(
    CreditWarningCode,
    "What a reader should know of credits that are retired for an accounting period.",
    {
        "PRODUCED_AFTER_PERIOD": "reductions that were produced only after the period",
        "PRODUCED_LONG_BEFORE": "reductions that were produced long before it: `Programme.usages` says how "
        "long, and by which source",
        "PERIOD_NOT_OVER": "retired for a period that was not over yet, or is to come",
    },
)
described_enum(
    Finding,
    "What was found of two batches that seemed to be one reduction issued twice.",
    {
        "DISTINCT": "they are distinct reductions: both are free",
        "DOUBLE": "they are one: the later batch stays blocked, the earlier one is free",
    },
)
described_enum(
    Purpose,
    "What credits are used for other than offsetting a pilot: none of it counts in a net.",
    {
        "ETS_COMPLIANCE": "compliance in an emissions trading scheme (碳市场履约)",
        "EVENT": "a carbon-neutral event (大型活动碳中和)",
        "PUBLIC_GOOD": "the public good (公益注销)",
        "OWN_SINK": "giving a sink inside a pilot back to it: cancelled, so that the sink counts again",
    },
)
described_enum(
    RequestOutcome,
    "What became of a retirement request.",
    {
        "OPEN": "nothing yet: the credits are set aside",
        "CONFIRMED": "the registry confirmed it: the credits are retired",
        "CANCELLED": "it was cancelled: its holder has the credits again",
        "EXPIRED": "its time was over: its holder has the credits again",
    },
)
described_enum(
    WithdrawnReason,
    "Why credits that were retired or used count no more.",
    {
        "CORRECTED": "the retirement or use was a clerical error, and was corrected",
        "INVALIDATED": "their issuer invalidated them, by serials or with their whole batch",
        "EXPORTED": "they were exported with a corresponding adjustment, and offset no pilot",
        "INSIDE_BOUNDARY": "their project lies inside the pilot that they were retired for, as far as "
        "pilots are placed: they count again where it does not any more",
    },
)
