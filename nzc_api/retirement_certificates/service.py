"""Certificates of retirements: made anew each time, of the postings as of a position; and as files that prove
themselves."""

import asyncio
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access import amendment_store
from nzc_api.database.paging import Page
from nzc_api.ids import BatchId, Position
from nzc_api.inventories.visibility import Sight
from nzc_api.ledger import store as ledger_store
from nzc_api.ledger.model import Movement
from nzc_api.ledger.projects import project_store
from nzc_api.ledger.reading import withdrawn_store
from nzc_api.log import store as log_store
from nzc_api.log.service import Log
from nzc_api.pilots import store as pilots_store
from nzc_api.proofs.service import ProofService
from nzc_api.refusal import refuse
from nzc_api.retirement_certificates import store
from nzc_api.retirement_certificates.document import document_of
from nzc_api.retirement_certificates.making import (
    CertificateMaterial,
    certificate_of,
    certificates_of_each,
)
from nzc_api.retirement_certificates.model import (
    MOST_RANGES,
    MOST_RETIREMENTS,
    Certificate,
    number_of,
    position_of,
)
from nzc_api.retirement_certificates.rules import check_length


class CertificateService:
    """What the room can do."""

    def __init__(self, log: Log, proofs: ProofService) -> None:
        self._log = log
        self._proofs = proofs

    async def certificate(
        self, position: Position, as_of: Position, sight: Sight
    ) -> Certificate | None:
        """The certificate of a retirement, or of what was retired for an accounting period, by the position at which
        that was born, as of another; None where nothing was retired by then. Raises ``Refused`` where it is too
        long."""
        async with self._log.database.read() as connection:
            found = await self._material(connection, position, as_of, sight)
        return None if found is None else certificate_of(found)

    async def certificates(
        self, position: Position, as_of: Position, sight: Sight
    ) -> tuple[Certificate, list[Certificate]] | None:
        """The certificate of what was retired for an accounting period, and of each retirement of it; as
        ``certificate`` has one."""
        async with self._log.database.read() as connection:
            found = await self._material(connection, position, as_of, sight)
            log = (await self._log.head_by(connection)).name
        return None if found is None else (certificate_of(found), certificates_of_each(log, found))

    async def document(self, certificate: Certificate) -> bytes | None:
        """The certificate as a file that proves itself: the same bytes each time. None where the log has not committed
        to its position yet: it does within a second or so."""
        evidence = await self._proofs.evidence(certificate.proven_by, certificate.as_of)
        if evidence is None:
            return None
        return await asyncio.to_thread(document_of, certificate, evidence)  # It may be megabytes.

    async def position(self, number: str) -> Position | None:
        """The position that a certificate's number names; None where it is none of this log."""
        return position_of((await self._log.head()).name, number)

    async def provable(self) -> Position:
        """The last position that the log committed to: 0 where it has not yet."""
        latest = await self._proofs.latest()
        return Position(0 if latest is None else latest.size)

    async def _material(
        self, connection: AsyncConnection, position: Position, as_of: Position, sight: Sight
    ) -> CertificateMaterial | None:
        entries = await store.read_retirements(connection, position, as_of, MOST_RETIREMENTS + 1)
        if not entries:
            return None
        number = number_of((await self._log.head_by(connection)).name, position)
        refuse(check_length(number, len(entries), 0))
        positions = [entry.position for entry in entries]
        body = entries[0].body
        moved = await ledger_store.read_movements_at(connection, positions)
        refuse(check_length(number, len(entries), sum(map(len, moved.values()))))
        withdrawn = await withdrawn_store.page_withdrawn_serials(
            connection, positions, as_of, Page(MOST_RANGES)
        )
        refuse(check_length(number, len(entries), sum(map(len, withdrawn.values()))))
        ids = _batches_of(moved.values())
        batches = await ledger_store.read_batches(connection, ids)
        at = (body["pilot"], as_of)
        pilot = (await pilots_store.read_pilots_then(connection, [at]))[at]
        period_id = body["accounting_period"]
        (last,) = await log_store.read_entries(connection, as_of - 1, 1)
        return CertificateMaterial(
            number=number,
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
    return {item.batch_id for movements in moved for item in movements}
