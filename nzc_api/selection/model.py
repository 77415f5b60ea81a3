"""The selection room's things and commands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from nzc_api.documents.model import EvidenceKind
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ids import ApplicationId, OrganisationId, PilotId
from nzc_api.pilots.model import RegisterPilot
from nzc_api.refusal import LocalizedText, name_words


class ApplicationState(StrEnum):
    """Where an application stands."""

    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    SELECTED = "SELECTED"
    NOT_SELECTED = "NOT_SELECTED"


name_words(
    ApplicationState,
    {
        ApplicationState.OPEN: {"zh": "填报中", "en": "open"},
        ApplicationState.SUBMITTED: {"zh": "已提交", "en": "submitted"},
        ApplicationState.RETURNED: {"zh": "已退回补正", "en": "returned"},
        ApplicationState.WITHDRAWN: {"zh": "已撤回", "en": "withdrawn"},
        ApplicationState.SELECTED: {"zh": "已入选", "en": "selected"},
        ApplicationState.NOT_SELECTED: {"zh": "未入选", "en": "not selected"},
    },
)


class ApplicationDecision(StrEnum):
    """What a regulator decides of an application."""

    SELECTED = "SELECTED"
    NOT_SELECTED = "NOT_SELECTED"
    RETURNED = "RETURNED"


class Verdict(StrEnum):
    """What a regulator finds of something that is asked: met, not met, or not shown by what was claimed."""

    MET = "MET"
    NOT_MET = "NOT_MET"
    NOT_SHOWN = "NOT_SHOWN"


# A corner of a boundary: degrees north and east.
Corner = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Boundary:
    """What would lie inside the pilot: in words; its area in hectares; and its outline, corner by corner, the
    last one joined to the first. None: not said."""

    words: str
    hectares: Decimal | None = None
    outline: tuple[Corner, ...] | None = None


@dataclass(frozen=True, slots=True)
class OpenApplication:
    variant: PilotVariant
    name: LocalizedText
    applicant_kind: ApplicantKind
    applicant_name: LocalizedText
    division_code: str
    establishment: Establishment
    operation_starts_on: date | None
    boundary: Boundary


@dataclass(frozen=True, slots=True)
class ClaimDocument:
    """A file that shows what is claimed: ``size`` its bytes, ``sha256`` their SHA-256 in hex."""

    kind: EvidenceKind
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ClaimCriterion:
    """Claim that something of the guide is met, and say by what; a later claim of the same stands beside it."""

    application_id: ApplicationId
    criterion: str
    statement: str
    documents: tuple[ClaimDocument, ...]


@dataclass(frozen=True, slots=True)
class SubmitApplication:
    application_id: ApplicationId


@dataclass(frozen=True, slots=True)
class WithdrawApplication:
    application_id: ApplicationId
    reason: str


@dataclass(frozen=True, slots=True)
class JudgeCriterion:
    application_id: ApplicationId
    criterion: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class DecideApplication:
    """``pilot_code``: the code of the pilot that is registered where it is selected; else None."""

    application_id: ApplicationId
    decision: ApplicationDecision
    reason: str
    pilot_code: str | None


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it stood; ``operator_id`` is who applies, ``criteria_met`` how many criteria of the guide
    are met by the latest judgements, ``pilot_id`` what was registered of it."""

    id: ApplicationId
    operator_id: OrganisationId
    variant: PilotVariant
    name: LocalizedText
    applicant_kind: ApplicantKind
    applicant_name: LocalizedText
    division_code: str
    establishment: Establishment
    operation_starts_on: date | None
    boundary: Boundary
    state: ApplicationState = ApplicationState.OPEN
    criteria_met: int = 0
    pilot_id: PilotId | None = None

    def pilot(self, code: str) -> RegisterPilot:
        """The pilot that it asks for."""
        return RegisterPilot(
            code=code,
            variant=self.variant,
            name=self.name,
            applicant_kind=self.applicant_kind,
            applicant_name=self.applicant_name,
            division_code=self.division_code,
            establishment=self.establishment,
            operation_starts_on=self.operation_starts_on,
            operator_id=self.operator_id,
            surrounding_id=None,
            periods=(),
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """What an application claims; ``id`` is its position."""

    id: int
    application_id: ApplicationId
    criterion: str
    statement: str
    documents: tuple[ClaimDocument, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of something that is asked; ``id`` is its position. The latest one counts."""

    id: int
    application_id: ApplicationId
    criterion: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationStep:
    """That an application came into a state; ``id`` is the position. None of ``reason``: it was submitted."""

    id: int
    application_id: ApplicationId
    state: ApplicationState
    reason: str | None = None
    pilot_id: PilotId | None = None


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """What a list of applications is narrowed to."""

    variants: frozenset[PilotVariant] | None = None
    states: frozenset[ApplicationState] | None = None
    division_codes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ApplicationSight:
    """Which applications somebody sees: all of them, those that were submitted, those of an organisation."""

    everything: bool = False
    handed_in: bool = False
    operator_id: OrganisationId | None = None
