"""Reading what a report is made of: a constant number of statements, however many lines there are."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database
from nzc_api.database.paging import Direction, Page
from nzc_api.documents import store as documents_store
from nzc_api.documents.model import Document
from nzc_api.ids import Position
from nzc_api.inventories import line_store, sums_store
from nzc_api.inventories import store as inventories_store
from nzc_api.inventories.model import Inventory, InventoryStatus, Line, QualityOfData, Shares
from nzc_api.inventories.visibility import Sight
from nzc_api.log import store as log_store
from nzc_api.measures import store as measures_store
from nzc_api.measures.model import PotentialAnalysis
from nzc_api.measures.visibility import sees_measures
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import Pilot
from nzc_api.reports.contents import report_of
from nzc_api.reports.material import MOST_NAMED, ReportMaterial
from nzc_api.reports.model import Report, ReportKey
from nzc_api.statements.model import NetEmissions, StatementKey
from nzc_api.statements.service import StatementService


class ReportService:
    """What the reports room can do."""

    def __init__(self, database: Database, statements: StatementService) -> None:
        self._database = database
        self._statements = statements

    async def report(self, key: ReportKey, sight: Sight) -> Report | None:
        """The report as of a position; None where the inventory was a draft then, or is not seen: what a draft says
        changes."""
        async with self._database.read() as connection:
            found = await _material(connection, key, sight)
        if found is None:
            return None
        statement = await self._statement(found.inventory, key.as_of, sight)
        return report_of(key, replace(found, statement=statement))

    async def _statement(
        self, inventory: Inventory, as_of: Position, sight: Sight
    ) -> NetEmissions | None:
        key = StatementKey(
            pilot_id=inventory.pilot_id,
            period_id=inventory.period_id,
            basis=inventory.basis,
            as_of=as_of,
        )
        return (await self._statements.net_emissions([key], sight)).get(key)


async def _material(
    connection: AsyncConnection, key: ReportKey, sight: Sight
) -> ReportMaterial | None:
    """All but what the whole period states."""
    seen = await inventories_store.read_inventories(connection, [key.inventory_id], sight)
    if key.inventory_id not in seen:
        return None
    now = seen[key.inventory_id]
    inventory, at = now.as_of(key.as_of), (now.pilot_id, key.as_of)
    then = await pilots_store.read_pilots_then(connection, [at])
    if at not in then or not _handed_in(inventory, then[at].now, sight):
        return None
    pilot = then[at].now
    sees_lines = sight.sees(pilot, inventory.status, lines=True)
    lines = await _lines(connection, inventory, sees=sees_lines)
    sees_potential = sees_measures(sight, pilot.operator_id)
    ids = [inventory.id]
    periods = await pilots_store.read_periods(connection, [inventory.period_id])
    entries = await log_store.read_entries_at(connection, [key.as_of])
    totals = await sums_store.read_totals(connection, ids)
    opinions = await inventories_store.read_opinions(connection, ids)
    quality = await sums_store.read_quality(connection, ids)
    shares = await sums_store.read_shares(connection, ids)
    analysis = await _analysis(connection, pilot, key.as_of) if sees_potential else None
    verified = inventory.status is InventoryStatus.VERIFIED
    return ReportMaterial(
        inventory=inventory,
        pilot=then[at].then,
        period=periods[inventory.period_id],
        at=entries[key.as_of].at,
        totals=tuple(totals.get(inventory.id, ())),
        statement=None,
        opinion=opinions.get(inventory.id) if verified else None,
        sees_lines=sees_lines,
        lines=tuple(lines),
        evidence=await _evidence(connection, [line.id for line in lines], key.as_of),
        quality=quality.get(inventory.id, QualityOfData()).shares,
        shares=shares.get(inventory.id, Shares()).scopes,
        sees_potential=sees_potential,
        analysis=analysis,
    )


def _handed_in(inventory: Inventory, pilot: Pilot, sight: Sight) -> bool:
    """Whether it was submitted by then, and is seen as it stood."""
    handed_in = inventory.status in {InventoryStatus.SUBMITTED, InventoryStatus.VERIFIED}
    return handed_in and sight.sees(pilot, inventory.status)


async def _lines(connection: AsyncConnection, inventory: Inventory, *, sees: bool) -> list[Line]:
    return await line_store.read_lines_of(connection, inventory.id) if sees else []


async def _evidence(
    connection: AsyncConnection, lines: Sequence[int], as_of: Position
) -> dict[int, tuple[Document, ...]]:
    """The documents that were attached to each line by then."""
    found = (
        await documents_store.page_documents_of(connection, lines, Page(MOST_NAMED))
        if lines
        else {}
    )
    return {line: tuple(d for d in documents if d.id <= as_of) for line, documents in found.items()}


async def _analysis(
    connection: AsyncConnection, pilot: Pilot, as_of: Position
) -> PotentialAnalysis | None:
    """What was last written of the pilot's potential by then."""
    last = Page(1, as_of + 1, Direction.DESC)
    found = await measures_store.page_analyses_of(connection, [pilot.id], last)
    return next(iter(found.get(pilot.id, ())), None)
