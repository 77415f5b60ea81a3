"""Certificates of retirements: made anew each time, of the postings as of a position; and as files that prove
themselves."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access import amendment_store
from nzc_api.database.paging import Page
from nzc_api.ids import BatchId
from nzc_api.inventories.visibility import Sight
from nzc_api.ledger import store as ledger_store
from nzc_api.ledger.model import Movement
from nzc_api.ledger.projects import project_store
from nzc_api.ledger.reading import withdrawn_store
from nzc_api.log import store as log_store
from nzc_api.log.service import Log
from nzc_api.pilots import store as pilots_store
from nzc_api.proofs.service import ProofService
from nzc_api.refusal import Refused
from nzc_api.retirement_certificates import store
from nzc_api.retirement_certificates.document import document_of
from nzc_api.retirement_certificates.errors import CertificateNotProvenYet, CertificateTooLong
from nzc_api.retirement_certificates.making import Material, certificate_of
from nzc_api.retirement_certificates.model import (
    MOST_RANGES,
    MOST_RETIREMENTS,
    Certificate,
    number_of,
)

TOO_LONG = CertificateTooLong(most_retirements=MOST_RETIREMENTS, most_ranges=MOST_RANGES)


class CertificateService:
    """What the room can do."""

    def __init__(self, log: Log, proofs: ProofService) -> None:
        self._log = log
        self._proofs = proofs

    async def certificate(self, position: int, as_of: int, sight: Sight) -> Certificate | None:
        """The certificate of a retirement, or of what was retired for an accounting period, by the position at which
        that was born, as of another; None where nothing was retired by then. Raises ``Refused`` where it is too
        long."""
        async with self._log.database.read() as connection:
            found = await self._material(connection, position, as_of, sight)
        return None if found is None else certificate_of(found)

    async def document(self, certificate: Certificate) -> bytes:
        """The certificate as a file that proves itself: the same bytes each time. Raises ``Refused`` where the log has
        not committed to its position yet."""
        evidence = await self._proofs.evidence(certificate.proven_by, certificate.as_of)
        if evidence is None:
            raise Refused(CertificateNotProvenYet(as_of=certificate.as_of))
        return document_of(certificate, evidence)

    async def provable(self) -> int:
        """The last position that the log committed to: 0 where it has not yet."""
        latest = await self._proofs.latest()
        return 0 if latest is None else latest.size

    async def _material(
        self, connection: AsyncConnection, position: int, as_of: int, sight: Sight
    ) -> Material | None:
        entries = await store.read_retirements(connection, position, as_of, MOST_RETIREMENTS + 1)
        if not entries:
            return None
        if len(entries) > MOST_RETIREMENTS:
            raise Refused(TOO_LONG)
        positions = [entry.position for entry in entries]
        body = entries[0].body
        moved = await ledger_store.read_movements_at(connection, positions)
        if sum(map(len, moved.values())) > MOST_RANGES:
            raise Refused(TOO_LONG)
        withdrawn = await withdrawn_store.page_withdrawn_serials(
            connection, positions, as_of, Page(MOST_RANGES)
        )
        if sum(map(len, withdrawn.values())) > MOST_RANGES:
            raise Refused(TOO_LONG)
        ids = _batches_of(moved.values())
        batches = await ledger_store.read_batches(connection, ids)
        at = (body["pilot"], as_of)
        pilot = (await pilots_store.read_pilots_then(connection, [at]))[at]
        period_id = body["accounting_period"]
        head = await self._log.head_by(connection)
        (last,) = await log_store.read_entries(connection, as_of - 1, 1)
        return Material(
            number=number_of(head.log_id, position),
            position=position,
            as_of=as_of,
            at=last.at,
            pilot=pilot.then,
            period=(await pilots_store.read_periods(connection, [period_id]))[period_id],
            names_pilot=sight.sees_statements(pilot.now),
            entries=entries,
            moved=moved,
            withdrawn=withdrawn,
            holders=await amendment_store.read_organisations_then(
                connection, [(holder, as_of) for holder in {e.body["holder"] for e in entries}]
            ),
            batches=batches,
            projects=await project_store.read_projects_then(
                connection, {batch.project_id for batch in batches.values()}, as_of
            ),
            registered=await store.read_registered(connection, ids, as_of),
        )


def _batches_of(moved: Collection[list[Movement]]) -> set[BatchId]:
    return {item.batch_id for of in moved for item in of}
