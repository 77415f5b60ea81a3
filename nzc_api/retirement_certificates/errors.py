"""Why there is no certificate."""

from dataclasses import dataclass

from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class CertificateTooLong(Refusal):
    """More retirements, or ranges of serials, than a certificate has: take those of single retirements."""

    code = "CERTIFICATE_TOO_LONG"
    zh = "该证明将超过{most_retirements}笔注销或{most_ranges}个序列号区间：请改用每笔注销各自的证明"
    en = (
        "The certificate would have more than {most_retirements} retirements or {most_ranges} ranges of serials: take "
        "the certificates of single retirements"
    )

    most_retirements: int
    most_ranges: int


@dataclass(frozen=True, kw_only=True)
class CertificateNotProvenYet(Refusal):
    """The log has not committed to the position yet: it does within a second or so."""

    code = "CERTIFICATE_NOT_PROVEN_YET"
    zh = "日志尚未为位置{as_of}签发检查点：通常在一秒左右之后，请稍后再取"
    en = "The log has no checkpoint over position {as_of} yet: it has one within a second or so; ask again then"

    as_of: int
