"""The SQL of reconciliations that are kept."""

from collections.abc import Collection

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.lookup import is_any_of
from nzc_api.database.paging import Page, count, paged
from nzc_api.ids import Position
from nzc_api.ledger.reconciling.model import Found, Reconciliation
from nzc_api.ledger.reconciling.reconcile import ReconciliationOutcome
from nzc_api.ledger.reconciling.reconcile_file import Sum
from nzc_api.ledger.reconciling.tables import reconciliation

_KEPT = [column for column in reconciliation.c if column.name != "report"]
_ROWS = select(*_KEPT, func.octet_length(reconciliation.c.report).label("report_size"))


async def insert_found(connection: AsyncConnection, position: Position, found: Found) -> None:
    row = {
        "id": position,
        "programme": found.programme,
        "position": found.position,
        "list_sha256": found.list_sha256,
        "list_size": found.list_size,
        "report_sha256": found.report_sha256,
        "report": found.report,
        "outcomes": found.said["outcomes"],
    }
    await connection.execute(insert(reconciliation), row)


async def read_reconciliations(
    connection: AsyncConnection, ids: Collection[int]
) -> dict[int, Reconciliation]:
    rows = await _read(connection, _ROWS.where(is_any_of(reconciliation.c.id, ids)))
    return {row.id: row for row in rows}


async def page_reconciliations(
    connection: AsyncConnection, programmes: Collection[str], page: Page
) -> list[Reconciliation]:
    """A page of the reconciliations of some programmes, and one more."""
    return await _read(
        connection, paged(_of_programmes(programmes, _ROWS), reconciliation.c.id, page)
    )


async def count_reconciliations(connection: AsyncConnection, programmes: Collection[str]) -> int:
    return await count(connection, _of_programmes(programmes, select(reconciliation.c.id)))


async def read_report(connection: AsyncConnection, reconciliation_id: int) -> bytes:
    query = select(reconciliation.c.report).where(reconciliation.c.id == reconciliation_id)
    return bytes((await connection.execute(query)).scalar_one())


def _of_programmes(
    programmes: Collection[str], query: Select[tuple[object, ...]]
) -> Select[tuple[object, ...]]:
    return query.where(reconciliation.c.programme.in_(programmes))


async def _read(
    connection: AsyncConnection, query: Select[tuple[object, ...]]
) -> list[Reconciliation]:
    return [
        Reconciliation(
            id=row.id,
            programme=row.programme,
            position=row.position,
            list_sha256=row.list_sha256,
            list_size=row.list_size,
            report_sha256=row.report_sha256,
            report_size=row.report_size,
            sums={
                ReconciliationOutcome(outcome): Sum(*counted)
                for outcome, counted in row.outcomes.items()
            },
        )
        for row in await connection.execute(query)
    ]
