"""What the ledger can be told that moves no credits: of projects and where they are, and of what is suspected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from nzc_api.grounds import Grounds
from nzc_api.ids import BatchId, PilotId, ProjectId
from nzc_api.later import LATER, LATER_ALONE
from nzc_api.ledger.model import Finding
from nzc_api.ledger.verifications import Verification
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.sites import SiteFinding
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
class CreditedDays:
    """For which days the reductions of a project are credited in a programme."""

    programme: str
    crediting_period: DateSpan


@dataclass(frozen=True, slots=True)
class AmendProject:
    """Change where a project is from now on: what is named in ``site``, to these values, and which pilot it lies in,
    where ``placed`` names one, or None for no pilot; what it is called, where there is a ``name``; the
    ``methodology`` of its enrolments that named none; and the crediting period of one, where it is ``credited``."""

    project_id: ProjectId
    site: Mapping[str, Any]
    placed: tuple[PilotId | None] | None
    grounds: Grounds
    name: LocalizedText | None = field(default=None, metadata=LATER)
    methodology: str | None = field(default=None, metadata=LATER)
    methodology_version: str | None = field(default=None, metadata=LATER_ALONE)
    credited: CreditedDays | None = field(default=None, metadata=LATER_ALONE)


@dataclass(frozen=True, slots=True)
class ResolveDoubleIssuance:
    """Say what was found of a batch and the other one that it seemed to double (rule 2)."""

    batch_id: BatchId
    other_id: int
    finding: Finding
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class ResolveSameSite:
    """Say what was found of a pilot, ``pilot_id``, and another pilot or a project at its site."""

    subject_id: int
    pilot_id: PilotId
    finding: SiteFinding
    grounds: Grounds
