"""The words of certificates of retirements, each value described."""

from nzc_api.retirement_certificates.model import CertificateKind, CertificateStatus
from nzc_api.schema.kit.fields import described_enum

__all__ = ["CertificateKind", "CertificateStatus"]

described_enum(
    CertificateKind,
    "What a certificate of retirements is of.",
    {
        "RETIREMENT": "one retirement",
        "PILOT_AND_PERIOD": "all that was retired for a pilot and one of its accounting periods",
    },
)
described_enum(
    CertificateStatus,
    "Whether what a certificate of retirements says is so.",
    {
        "VALID": "all of it is in force (有效)",
        "PARTLY_INVALIDATED": "a part of it is in force no more (部分失效)",
        "INVALIDATED": "nothing of it is in force any more (全部失效)",
        "CORRECTED": "all of it was a clerical error: it is as if it had not been (已更正)",
        "SUPERSEDED": "as of a later position it says something else (已被取代)",
    },
)
