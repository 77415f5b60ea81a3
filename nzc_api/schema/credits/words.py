"""The words of credits, each value described."""

from nzc_api.ledger.model import AccountKind, BatchStatus, ProductionBasis
from nzc_api.ledger.warnings import CreditWarningCode
from nzc_api.schema.kit.fields import described_enum

__all__ = ["AccountKind", "BatchStatus", "CreditWarningCode", "ProductionBasis"]

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
