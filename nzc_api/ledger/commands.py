"""What the ledger can be told that moves no credits: of projects, and of suspected double issuances."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from nzc_api.grounds import Grounds
from nzc_api.ids import BatchId, PilotId, ProjectId
from nzc_api.later import LATER, LATER_ALONE
from nzc_api.ledger.model import Finding
from nzc_api.ledger.verifications import Verification
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import LocalizedText


@dataclass(frozen=True, slots=True)
class RegisterProject:
    code: str
    name: LocalizedText
    forestry: bool
    site: str
    division_code: str | None
    latitude: Decimal | None
    longitude: Decimal | None
    pilot_id: PilotId | None
    site_code: str | None = None


@dataclass(frozen=True, slots=True)
class EnrolProject:
    """Record a project's registration in a programme; ``methodology`` is its number or name, ``crediting_period`` the
    days for which its reductions are credited, and ``validation`` who validated it."""

    project_id: ProjectId
    programme: str
    rule: str
    number: str
    registered_on: date
    methodology: str | None = field(default=None, metadata=LATER)
    methodology_version: str | None = field(default=None, metadata=LATER_ALONE)
    crediting_period: DateSpan | None = field(default=None, metadata=LATER_ALONE)
    validation: Verification | None = field(default=None, metadata=LATER_ALONE)


@dataclass(frozen=True, slots=True)
class ResolveDoubleIssuance:
    """Say what was found of a batch and the other one that it seemed to double (rule 2)."""

    batch_id: BatchId
    other_id: int
    finding: Finding
    grounds: Grounds
