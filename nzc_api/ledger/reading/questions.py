"""What an auditor asks the ledger: the life of a serial, who has it when, where credits went, and what of
them is in force."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database
from nzc_api.database.paging import Page
from nzc_api.ids import BatchId, PilotId, Position, ProjectId
from nzc_api.ledger import store as ledger_store
from nzc_api.ledger.auditing.audit import Health, Walk, audit_latest
from nzc_api.ledger.model import CreditBatch, Lot, Movement, WithdrawnSerials
from nzc_api.ledger.reading import trace_store as store
from nzc_api.ledger.reading import withdrawn_store
from nzc_api.ledger.reading.questions_model import (
    Beneficiary,
    BoundaryChange,
    CreditStatementKey,
    CreditStatementLine,
    LifeStep,
    SerialAt,
    Vintage,
    WithdrawnFrom,
)
from nzc_api.ledger.serials import SerialRange
from nzc_api.log import store as log_store
from nzc_api.log.model import Entry


class LedgerQuestions:
    """Questions to the ledger's past. Every method answers for many subjects in a few statements,
    and what it costs does not grow with the history."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._walk = Walk()

    async def positions_at(self, times: Collection[datetime]) -> dict[datetime, Position]:
        """The last position at or before each time; 0 before the first."""
        async with self._database.read(by_index=True) as connection:
            return await store.read_positions_at(connection, times)

    async def batches_of(
        self, serials: Sequence[SerialRange], as_of: Position
    ) -> dict[SerialRange, CreditBatch]:
        """The batch that has the first serial of each range as of a position; none where none was issued."""
        async with self._database.read(by_index=True) as connection:
            found = await ledger_store.read_batches_in(connection, serials, as_of)
        return {item: batch for item in serials for batch in found if _has_first(batch, item)}

    async def last_moved(self, keys: Sequence[SerialAt]) -> dict[SerialAt, Movement]:
        """What brought each serial to where it is as of its position; none before its issuance."""
        async with self._database.read(by_index=True) as connection:
            return await store.read_last_moved(connection, keys)

    async def page_of_life(
        self, keys: Sequence[SerialAt], page: Page
    ) -> dict[SerialAt, list[LifeStep]]:
        """For each serial a page of what happened to it, by itself or with its batch, and one more."""
        async with self._database.read(by_index=True) as connection:
            return await store.page_life(connection, keys, page)

    async def page_of_tiling(
        self, batches: Sequence[BatchId], page: Page
    ) -> dict[BatchId, list[Lot]]:
        """For each batch a page of its current lots, in order of their serials, and one more."""
        async with self._database.read(by_index=True) as connection:
            return await store.page_tiling(connection, batches, page)

    async def page_of_batches_beneficiaries(
        self, keys: Sequence[BatchId], at: tuple[Position, Page]
    ) -> dict[BatchId, list[Beneficiary]]:
        """For each batch a page of whom it is retired for as of a position, and one more."""
        async with self._database.read(by_index=True) as connection:
            return await store.page_beneficiaries(connection, [(key, key) for key in keys], *at)

    async def page_of_projects_beneficiaries(
        self, keys: Sequence[ProjectId], at: tuple[Position, Page]
    ) -> dict[ProjectId, list[Beneficiary]]:
        """The same for each project, of all its batches together."""
        async with self._database.read(by_index=True) as connection:
            batches = await store.read_batch_ids_of_projects(connection, keys)
            return await store.page_beneficiaries(connection, batches, *at)

    async def page_of_vintages_beneficiaries(
        self, keys: Sequence[Vintage], at: tuple[Position, Page]
    ) -> dict[Vintage, list[Beneficiary]]:
        """The same for each vintage, of all its batches together."""
        async with self._database.read(by_index=True) as connection:
            batches = await store.read_batch_ids_of_vintages(connection, keys)
            found = await store.page_beneficiaries(connection, batches, *at)
        return {keys[number - 1]: of_vintage for number, of_vintage in found.items()}

    async def issued_of_vintages(
        self, vintages: Sequence[Vintage], as_of: Position
    ) -> dict[Vintage, int]:
        """The tonnes issued of each vintage as of a position."""
        async with self._database.read(by_index=True) as connection:
            return await store.read_issued_of_vintages(connection, vintages, as_of)

    async def page_of_statement(
        self, keys: Sequence[CreditStatementKey], page: Page
    ) -> dict[CreditStatementKey, list[CreditStatementLine]]:
        """For each statement a page of its lines, and one more."""
        async with self._database.read(by_index=True) as connection:
            statements = await store.page_statement(connection, keys, page)
            entries = await _entries(
                connection, [row.position for rows in statements.values() for row in rows]
            )
        return {
            key: [CreditStatementLine(entries[row.position], row) for row in rows]
            for key, rows in statements.items()
        }

    async def moved_for_pilot(self, pilot: PilotId, as_of: Position, most: int) -> int:
        """How many movements the statement of a pilot has as of a position; ``most`` where there are more."""
        async with self._database.read(by_index=True) as connection:
            return await store.count_moved_for_pilot(connection, pilot, as_of, most)

    async def withdrawn_of(self, postings: Sequence[int], as_of: Position) -> dict[int, int]:
        """What of each retirement or other use is not in force as of a position, in tonnes."""
        async with self._database.read(by_index=True) as connection:
            return await withdrawn_store.read_withdrawn_tonnes(connection, postings, as_of)

    async def page_of_withdrawn(
        self, postings: Sequence[int], at: tuple[Position, Page]
    ) -> dict[int, list[WithdrawnSerials]]:
        """For each of them a page of the serials that are not, since when and why, and one more."""
        async with self._database.read(by_index=True) as connection:
            return await withdrawn_store.page_withdrawn_serials(connection, postings, *at)

    async def count_of_withdrawn(self, postings: Sequence[int], as_of: Position) -> dict[int, int]:
        async with self._database.read(by_index=True) as connection:
            return await withdrawn_store.count_withdrawn_serials(connection, postings, as_of)

    async def page_of_withdrawn_retirements(
        self, keys: Sequence[WithdrawnFrom], page: Page
    ) -> dict[WithdrawnFrom, list[int]]:
        """For each of what counts no more a page of the retirements that have some of it, and one more."""
        async with self._database.read(by_index=True) as connection:
            return await withdrawn_store.page_withdrawn_retirements(connection, keys, page)

    async def boundary_changes(self, position: Position, page: Page) -> list[BoundaryChange]:
        """A page of the retirements of which an entry changed what counts, and one more."""
        async with self._database.read(by_index=True) as connection:
            return await withdrawn_store.page_by_boundary(connection, position, page)

    async def invalidated_of(
        self, batches: Sequence[BatchId], as_of: Position
    ) -> dict[BatchId, int]:
        """What was invalidated of each batch as of a position, in tonnes."""
        async with self._database.read(by_index=True) as connection:
            return await withdrawn_store.read_invalidated(connection, batches, as_of)

    async def health(self, sizes: Collection[int]) -> dict[int, Health]:
        """Whether everything holds of the last so many positions, of each number that is asked, and of
        those that the running check has come to."""
        return {size: await audit_latest(self._database, size, self._walk) for size in sizes}


def _has_first(batch: CreditBatch, wanted: SerialRange) -> bool:
    block = batch.serials
    same = (block.registry, block.prefix) == (wanted.registry, wanted.prefix)
    return same and block.lo <= wanted.lo < block.hi


async def _entries(
    connection: AsyncConnection, positions: Collection[Position]
) -> dict[Position, Entry]:
    return await log_store.read_entries_at(connection, list(dict.fromkeys(positions)))
