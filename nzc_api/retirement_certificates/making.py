"""A certificate, of what was read for it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from nzc_api.access.model import Organisation
from nzc_api.ids import BatchId, OrganisationId, Position, ProjectId
from nzc_api.ledger.model import (
    CreditBatch,
    Enrolment,
    Movement,
    Project,
    RetiredTonnes,
    WithdrawnSerials,
)
from nzc_api.ledger.reading.warnings import CreditWarning, warnings_of
from nzc_api.ledger.verifications import VerifiedReductions
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.retirement_certificates.model import (
    BatchCertified,
    Certificate,
    CertificateKind,
    CertifiedRetirement,
    Holder,
    number_of,
)


@dataclass(frozen=True, slots=True)
class Registered:
    """What a batch was registered as: the enrolment of its project, whether its entry says when it was produced, and
    what that says of who verified it."""

    enrolment: Enrolment
    names_production: bool
    verified: VerifiedReductions


@dataclass(frozen=True, slots=True)
class CertificateMaterial:
    """What was read of the retirements of a certificate, as of a position that was taken ``at`` a time. ``entries``
    are position, time and body of their entries."""

    number: str
    position: Position
    as_of: Position
    at: datetime
    pilot: Pilot
    period: AccountingPeriod
    names_pilot: bool
    entries: Sequence[Any]
    moved: Mapping[int, Sequence[Movement]]
    withdrawn: Mapping[int, Sequence[WithdrawnSerials]]
    holders: Mapping[tuple[OrganisationId, Position], Organisation]
    batches: Mapping[BatchId, CreditBatch]
    projects: Mapping[ProjectId, Project]
    registered: Mapping[BatchId, Registered]


def certificate_of(found: CertificateMaterial) -> Certificate:
    """The certificate that follows from what was read."""
    retired = tuple(_retired(entry, found) for entry in found.entries)
    of_one = [item.position for item in retired] == [found.position]
    return Certificate(
        number=found.number,
        position=found.position,
        kind=CertificateKind.RETIREMENT if of_one else CertificateKind.PILOT_AND_PERIOD,
        as_of=found.as_of,
        at=found.at,
        pilot=found.pilot,
        period=found.period,
        names_pilot=found.names_pilot,
        retired=retired,
        batches={batch.id: _batch(batch, found) for batch in found.batches.values()},
        warnings=tuple(_warnings(retired, found)),
    )


def certificates_of_each(log: str, found: CertificateMaterial) -> list[Certificate]:
    """The certificate of each retirement that was read, as it is when it is asked for alone; of a log by its id."""
    return [certificate_of(_alone(log, entry, found)) for entry in found.entries]


def _alone(log: str, entry: Any, found: CertificateMaterial) -> CertificateMaterial:
    batches = {moved.batch_id for moved in found.moved[entry.position]}
    return replace(
        found,
        number=number_of(log, entry.position),
        position=entry.position,
        entries=[entry],
        batches={
            batch_id: batch for batch_id, batch in found.batches.items() if batch_id in batches
        },
    )


def _retired(entry: Any, found: CertificateMaterial) -> CertifiedRetirement:
    body = entry.body
    return CertifiedRetirement(
        position=entry.position,
        at=entry.at,
        retired_on=date.fromisoformat(body["retired_on"]),
        reference=body["reference"],
        programme=body["programme"],
        quantity=body["quantity"],
        holder=Holder(body["holder"], found.holders[body["holder"], found.as_of].name),
        moved=tuple(found.moved[entry.position]),
        withdrawn=tuple(found.withdrawn.get(entry.position, ())),
        names_serials="serials" in body,
    )


def _batch(batch: CreditBatch, found: CertificateMaterial) -> BatchCertified:
    registered = found.registered[batch.id]
    project = found.projects[batch.project_id]
    return BatchCertified(
        batch=batch,
        project=project,
        enrolment=registered.enrolment,
        names_production=registered.names_production,
        verified=registered.verified,
    )


def _warnings(
    retired: Sequence[CertifiedRetirement], found: CertificateMaterial
) -> list[CreditWarning]:
    """What there is to know of them: of one retirement its day counts, too."""
    tonnes: dict[BatchId, int] = {}
    for moved in (moved for item in retired for moved in item.moved):
        tonnes[moved.batch_id] = tonnes.get(moved.batch_id, 0) + moved.tonnes
    shares = [
        RetiredTonnes(found.batches[batch_id], retired) for batch_id, retired in tonnes.items()
    ]
    day = retired[0].retired_on if len(retired) == 1 else None
    return warnings_of(shares, found.period.span, day)
