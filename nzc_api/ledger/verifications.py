"""What others say of a project and its reductions: who validated or verified it, and by which labels it goes. Pure.

They are facts of the entry that says them, and read from there; nothing is decided on them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from nzc_api.refusal import LocalizedText


@dataclass(frozen=True, slots=True)
class VerificationBody:
    """An organisation that validates or verifies (审定与核查机构): its name, its unified social credit code, or
    both."""

    name: str | None = None
    credit_code: str | None = None


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Its report: the number and day of it, and the SHA-256 of its file in hex, where that is known."""

    number: str
    dated: date
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """That a project was validated (审定), or its reductions were verified (核查), by whom."""

    body: VerificationBody
    report: VerificationReport | None = None

    @property
    def said(self) -> dict[str, Any]:
        """As an entry says it."""
        report = self.report
        return {
            "body": asdict(self.body),
            "report": None if report is None else asdict(report) | {"dated": str(report.dated)},
        }


class LabelStatus(StrEnum):
    """Whether a label holds on a day."""

    NOT_YET_VALID = "NOT_YET_VALID"
    VALID = "VALID"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class CreditLabel:
    """A label (标签) that reductions go by, such as an eligibility: by its ``code``, of who issued it. It holds from
    ``valid_from`` to ``expires_on``, both included; None: no end was stated."""

    code: str
    name: LocalizedText
    issued_by: str
    valid_from: date
    expires_on: date | None = None

    def status_on(self, day: date) -> LabelStatus:
        if day < self.valid_from:
            return LabelStatus.NOT_YET_VALID
        expired = self.expires_on is not None and day > self.expires_on
        return LabelStatus.EXPIRED if expired else LabelStatus.VALID

    @property
    def said(self) -> dict[str, Any]:
        """As an entry says it."""
        return {
            "code": self.code, "name_zh": self.name.zh, "name_en": self.name.en, "issued_by": self.issued_by,
            "valid_from": str(self.valid_from),
            "expires_on": None if self.expires_on is None else str(self.expires_on),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class VerifiedReductions:
    """What the issuance of a batch says of its reductions: who verified them, and their labels."""

    verification: Verification | None = None
    labels: tuple[CreditLabel, ...] = ()

    @classmethod
    def read(cls, verification: Any, labels: Any) -> "VerifiedReductions":
        """What an entry says."""
        return cls(verification_in(verification), tuple(map(_label_in, labels or ())))

    @property
    def said(self) -> dict[str, Any]:
        """As an entry says it: nothing where nothing was said."""
        said: dict[str, Any] = {}
        if self.verification is not None:
            said["verification"] = self.verification.said
        if self.labels:
            said["labels"] = [label.said for label in self.labels]
        return said


def verification_in(said: Mapping[str, Any] | None) -> Verification | None:
    """A verification as an entry says it, if it does."""
    if said is None:
        return None
    report = said["report"]
    return Verification(
        VerificationBody(**said["body"]),
        None
        if report is None
        else VerificationReport(**report | {"dated": date.fromisoformat(report["dated"])}),
    )


def _label_in(said: Mapping[str, Any]) -> CreditLabel:
    expires_on = said["expires_on"]
    return CreditLabel(
        code=said["code"],
        name=LocalizedText(said["name_zh"], said["name_en"]),
        issued_by=said["issued_by"],
        valid_from=date.fromisoformat(said["valid_from"]),
        expires_on=None if expires_on is None else date.fromisoformat(expires_on),
    )
