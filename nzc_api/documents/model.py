"""The documents room's things and commands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nzc_api.ids import DocumentId, PilotId


class EvidenceKind(StrEnum):
    """What a document is."""

    BILL = "BILL"
    METER_RECORD = "METER_RECORD"
    CONTRACT = "CONTRACT"
    CERTIFICATE = "CERTIFICATE"
    TEST_REPORT = "TEST_REPORT"
    VERIFICATION_REPORT = "VERIFICATION_REPORT"
    CALCULATION = "CALCULATION"
    PHOTOGRAPH = "PHOTOGRAPH"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is attached to: the type of a thing, as ids have it, and where it was born."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class AttachDocument:
    """``name`` is the file's, ``size`` its bytes, ``sha256`` their SHA-256 in hex."""

    subject: Subject
    kind: EvidenceKind
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a pilot, attached to ``subject``; later versions of a line have it too."""

    id: DocumentId
    pilot_id: PilotId
    subject: Subject
    kind: EvidenceKind
    name: str
    media_type: str
    size: int
    sha256: str

    @property
    def said(self) -> dict[str, object]:
        """What the log says of it: not its name, which may name a person."""
        return {
            "pilot": self.pilot_id,
            "subject": self.subject.id,
            "subject_kind": self.subject.kind,
            "kind": self.kind,
            "media_type": self.media_type,
            "size": self.size,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class NewUpload:
    """Bytes to hand in, as far as the head of their request says: their SHA-256 in hex, and how many; None: it does
    not say."""

    sha256: str
    media_type: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that an organisation handed in, first at ``received_at``."""

    sha256: str
    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document whose bytes are here: what they are served as."""

    name: str
    media_type: str
    size: int
    sha256: str
