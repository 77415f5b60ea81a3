"""A certificate of retirements as of a position: what was retired for whom, and what of it is in force. Pure."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from nzc_api.ids import BatchId, Position
from nzc_api.ledger.model import CreditBatch, Enrolment, Movement, Project, WithdrawnSerials
from nzc_api.ledger.reading.standing import WithdrawnReason
from nzc_api.ledger.reading.warnings import CreditWarning
from nzc_api.ledger.verifications import VerifiedReductions
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.refusal import LocalizedText

# How many retirements a certificate has at most, and in how many ranges of serials: more, and nobody reads it.
MOST_RETIREMENTS = 200
MOST_RANGES = 2_000

_NUMBER = re.compile("NZC-([0-9a-f]{15})-([1-9][0-9]{0,18})")

# The last position that a log could have.
_LAST = 2**63 - 1


class CertificateKind(StrEnum):
    """What it certifies: one retirement, or all for a pilot and one of its accounting periods."""

    RETIREMENT = "RETIREMENT"
    PILOT_AND_PERIOD = "PILOT_AND_PERIOD"


class CertificateStatus(StrEnum):
    """Whether what it certifies is in force."""

    VALID = "VALID"
    PARTLY_INVALIDATED = "PARTLY_INVALIDATED"
    INVALIDATED = "INVALIDATED"
    CORRECTED = "CORRECTED"
    SUPERSEDED = "SUPERSEDED"


STATUS_WORDS = {
    CertificateStatus.VALID: LocalizedText("有效", "valid"),
    CertificateStatus.PARTLY_INVALIDATED: LocalizedText("部分失效", "partly invalidated"),
    CertificateStatus.INVALIDATED: LocalizedText("全部失效", "invalidated"),
    CertificateStatus.CORRECTED: LocalizedText(
        "已更正，自始不计", "corrected: as if it had not been"
    ),
    CertificateStatus.SUPERSEDED: LocalizedText("已被新的内容取代", "superseded"),
}


def number_of(log: str, position: Position) -> str:
    """The number of the certificate of what was born at a position of a log (by its id as it is shown): a retirement,
    or an accounting period."""
    return f"NZC-{log}-{position}"


def position_of(log: str, number: str) -> Position | None:
    """The position that a number names; None where it is none of this log, or of any."""
    found = _NUMBER.fullmatch(number)
    if found is None or found[1] != log or int(found[2]) > _LAST:
        return None
    return Position(int(found[2]))


def status_of(quantity: int, in_force: int, *, corrected: bool) -> CertificateStatus:
    """The status of so many tonnes; ``corrected``: all that is not in force was a clerical error."""
    if in_force == quantity:
        return CertificateStatus.VALID
    if in_force:
        return CertificateStatus.PARTLY_INVALIDATED
    return CertificateStatus.CORRECTED if corrected else CertificateStatus.INVALIDATED


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held what was retired."""

    position: Position
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class CertifiedRetirement:
    """A retirement, the serials that it took, and what of them is in force no more. ``names_serials``: its entry in
    the log says them; one of before that was so does not."""

    position: Position
    at: datetime
    retired_on: date
    reference: str | None
    programme: str
    quantity: int
    holder: Holder
    moved: tuple[Movement, ...]
    withdrawn: tuple[WithdrawnSerials, ...]
    names_serials: bool

    @property
    def quantity_in_force(self) -> int:
        return self.quantity - sum(item.tonnes for item in self.withdrawn)


@dataclass(frozen=True, slots=True)
class BatchCertified:
    """What was issued: of which project, by which methodology. ``names_production``: its entry says when it was
    produced; ``verified``: what that says of who verified it."""

    batch: CreditBatch
    project: Project
    enrolment: Enrolment
    names_production: bool
    verified: VerifiedReductions = field(default_factory=VerifiedReductions)

    @property
    def is_verified(self) -> bool:
        """Whether anything is said of the version of its methodology, who verified it, or labels."""
        version = self.enrolment.methodology_version
        return version is not None or self.verified != VerifiedReductions()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is certified as of a position, by a ``number``. ``pilot`` is whom it offsets, as it was called then;
    ``names_pilot``: whether whoever asks is told."""

    number: str
    position: Position
    kind: CertificateKind
    as_of: Position
    at: datetime
    pilot: Pilot
    period: AccountingPeriod
    names_pilot: bool
    retired: tuple[CertifiedRetirement, ...]
    batches: dict[BatchId, BatchCertified]
    warnings: tuple[CreditWarning, ...]

    @property
    def quantity(self) -> int:
        return sum(item.quantity for item in self.retired)

    @property
    def quantity_in_force(self) -> int:
        return sum(item.quantity_in_force for item in self.retired)

    @property
    def is_verified(self) -> bool:
        """Whether anything is said of who verified its credits."""
        return any(batch.is_verified for batch in self.batches.values())

    @property
    def status(self) -> CertificateStatus:
        withdrawn = (item for retired in self.retired for item in retired.withdrawn)
        corrected = all(item.reason is WithdrawnReason.CORRECTED for item in withdrawn)
        return status_of(self.quantity, self.quantity_in_force, corrected=corrected)

    @property
    def substance(self) -> object:
        """What a version of it rests on: one whose substance is another is superseded by it."""
        return [
            (retired.position, [(w.reason, w.batch_id, w.lo, w.hi) for w in retired.withdrawn])
            for retired in self.retired
        ]

    def status_beside(self, now: "Certificate | None") -> CertificateStatus:
        """The status of this version of it, beside the one as of now."""
        if now is None or now.substance != self.substance:
            return CertificateStatus.SUPERSEDED
        return self.status

    @property
    def proven_by(self) -> list[Position]:
        """The positions of the entries that prove it, in order."""
        since = (item.position for retired in self.retired for item in retired.withdrawn)
        registered = (
            at for batch in self.batches.values() for at in (batch.project.id, batch.enrolment.id)
        )
        return sorted(
            {
                *(retired.position for retired in self.retired),
                *map(Position, self.batches),
                *map(Position, registered),
                *since,
            }
        )
