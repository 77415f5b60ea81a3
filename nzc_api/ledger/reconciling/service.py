"""What can be done with registries' lists: compare them with the ledger, and see what came of that later."""

import asyncio
import io
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from nzc_api.access.principals import Action, Principal, authorise, authorise_programme
from nzc_api.database.paging import Page
from nzc_api.files.writing import ENCODING
from nzc_api.ledger.auditing import audit_store
from nzc_api.ledger.programmes import Programme
from nzc_api.ledger.reconciling import kept_store
from nzc_api.ledger.reconciling.model import Found, ReconcileList, Reconciliation
from nzc_api.ledger.reconciling.reconcile_file import ReportWriter, check_not_empty
from nzc_api.ledger.reconciling.reconcile_service import IN_A_TURN, read, reconciled
from nzc_api.ledger.reconciling.rules import check_report_size
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction


class ReconcilingService:
    """What can be done with registries' lists."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def check(self, principal: Principal | None, programme: Programme) -> Principal:
        """The caller, if it may compare a list of the programme: its registry. Raises ``AccessDenied`` otherwise."""
        caller = authorise(principal, Action.RECONCILE)
        authorise_programme(caller, programme.code)
        return caller

    async def compare(self, programme: Programme, path: Path) -> Found:
        """What comes of comparing the list in a file with the ledger as it is at one position.

        Raises ``UnreadableList`` where the file is no such list, ``TooLarge`` where the report would be.
        """
        given = await asyncio.to_thread(path.read_bytes)
        check_not_empty(len(given))
        listed = await read(programme, path)
        text = io.StringIO(newline="")
        write = ReportWriter(text)
        async with audit_store.snapshot(self._log.database) as ledger:
            position = await ledger.head()
            number = 0
            async for item in reconciled(ledger, programme, listed):
                write(item)
                check_report_size(text.tell())
                number += 1
                if not number % IN_A_TURN:
                    await asyncio.sleep(0)  # Else nobody else's turn would come.
        report = text.getvalue().encode(ENCODING)
        check_report_size(len(report))
        return Found(
            programme=programme.code,
            position=position,
            list_sha256=sha256(given).hexdigest(),
            list_size=len(given),
            report_sha256=sha256(report).hexdigest(),
            report=report,
            sums=write.sums,
        )

    async def answered(self, caller: Principal, key: str, command: ReconcileList) -> Outcome | None:
        """What was answered under a key before; None where it was not used. Refused: a key that was used for something
        else."""
        return await self._log.answered(caller.actor, _request(key, command))

    async def keep(
        self, caller: Principal, key: str, command: ReconcileList, found: Found
    ) -> Outcome:
        """Keep what came of comparing, as an entry of the log with both hashes. Refused: a key that was used for
        something else."""

        async def work(transaction: Transaction) -> int:
            kind = EntryKind.REGISTRY_LIST_RECONCILED
            position = transaction.append(caller.actor, kind, found.said)
            await kept_store.insert_found(transaction.connection, position, found)
            return position

        return await self._log.once(caller.actor, _request(key, command), work)

    async def reconciliations(self, ids: Collection[int]) -> dict[int, Reconciliation]:
        """The reconciliations of these positions; a position of none is left out."""
        async with self._log.database.read() as connection:
            return await kept_store.read_reconciliations(connection, ids)

    async def page(self, programmes: Collection[str], page: Page) -> list[Reconciliation]:
        """A page of the reconciliations of some programmes, and one more."""
        async with self._log.database.read() as connection:
            return await kept_store.page_reconciliations(connection, programmes, page)

    async def count(self, programmes: Collection[str]) -> int:
        """How many reconciliations there are of some programmes."""
        async with self._log.database.read() as connection:
            return await kept_store.count_reconciliations(connection, programmes)

    async def report(self, reconciliation_id: int) -> bytes:
        """The report of one that there is."""
        async with self._log.database.read() as connection:
            return await kept_store.read_report(connection, reconciliation_id)


def _request(key: str, command: ReconcileList) -> Request:
    return Request.of(key, "reconcileRegistryList", command)
