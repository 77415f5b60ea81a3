"""What lists of the ledger's things are narrowed to: all that is given must hold."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from nzc_api.database.paging import Page
from nzc_api.ids import OrganisationId, PeriodId, PilotId, ProjectId
from nzc_api.ledger.model import BatchStatus, RequestOutcome


@dataclass(frozen=True, slots=True)
class BatchFilter:
    """``holder_id`` holds some of it now."""

    programme: str | None = None
    project_id: ProjectId | None = None
    vintage: int | None = None
    holder_id: OrganisationId | None = None
    status: BatchStatus | None = None


@dataclass(frozen=True, slots=True)
class RetirementFilter:
    """Ends of days and times are included. ``project_id`` and ``vintage`` are of some of its serials."""

    pilot_ids: tuple[PilotId, ...] | None = None
    programmes: tuple[str, ...] | None = None
    retired_from: date | None = None
    retired_to: date | None = None
    posted_from: datetime | None = None
    posted_to: datetime | None = None
    reference: str | None = None
    holder_id: OrganisationId | None = None
    vintage: int | None = None
    project_id: ProjectId | None = None


@dataclass(frozen=True, slots=True)
class RequestFilter:
    pilot_ids: tuple[PilotId, ...] | None = None
    programmes: tuple[str, ...] | None = None
    holder_id: OrganisationId | None = None
    outcome: RequestOutcome | None = None
    period_id: PeriodId | None = None


class Alongside(NamedTuple):
    """What is read along with retirements: a page of the ``lines`` that moved at each, with their batches, and the
    ``projects`` of these."""

    lines: Page | None = None
    projects: bool = False
