"""The words of documents, each value described."""

from nzc_api.documents.model import EvidenceKind
from nzc_api.schema.kit.fields import described_enum

__all__ = ["EvidenceKind"]

described_enum(
    EvidenceKind,
    "What a document is.",
    {
        "BILL": "a bill or an invoice (账单、发票)",
        "METER_RECORD": "readings of a meter (抄表记录)",
        "CONTRACT": "a contract (合同)",
        "CERTIFICATE": "a certificate, of green power or of a calibration (证书)",
        "TEST_REPORT": "a report of what was measured or tested (检测报告)",
        "VERIFICATION_REPORT": "a verifier's report (核查报告)",
        "CALCULATION": "a calculation (计算表)",
        "PHOTOGRAPH": "a photograph (照片)",
        "OTHER": "something else",
    },
)
