"""The SQL of financings."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.inserting import insert_rows
from nzc_api.database.metadata import columns_of
from nzc_api.finance.model import Allocation, Financing, FinancingEnd, FinancingTerms, Pledge
from nzc_api.finance.tables import (
    financing,
    financing_allocation,
    financing_end,
    financing_pledge,
)
from nzc_api.guide.terms import FinanceProduct
from nzc_api.ids import FinancingId, MeasureId, PilotId, Position
from nzc_api.log.asked import LATEST
from nzc_api.pilots.model import DateSpan
from nzc_api.pilots.of_pilots_store import read_by_ids, read_by_pilots

# Financings as they stood: by their ids, or all of pilots. Numbers as text: JSON has none that are exact.
FINANCINGS = text(f"""
    SELECT {columns_of(financing, "f")}, ended.position AS end_position, ended.on_day, ended.document,
           (SELECT jsonb_agg(jsonb_build_array(measure_id, amount::text) ORDER BY measure_id)
              FROM financing_allocation WHERE financing_id = f.id) AS allocations,
           (SELECT jsonb_agg(jsonb_build_array(measure_id, share::text, starts_on, ends_on) ORDER BY number)
              FROM financing_pledge WHERE financing_id = f.id) AS pledges
      FROM financing AS f
      LEFT JOIN financing_end AS ended ON ended.financing_id = f.id AND ended.position <= :as_of
     WHERE f.id <= :as_of AND (f.id = ANY(CAST(:ids AS bigint[])) OR f.pilot_id = ANY(CAST(:pilots AS bigint[])))
     ORDER BY f.id
""")  # noqa: S608  (our own names)


async def insert_financing(connection: AsyncConnection, item: Financing) -> None:
    terms = item.terms
    await connection.execute(
        insert(financing).values(
            id=item.id,
            pilot_id=item.pilot_id,
            product=terms.product,
            name=terms.name,
            financier=terms.financier,
            amount=terms.amount,
            starts_on=terms.span.starts_on,
            ends_on=terms.span.ends_on,
        )
    )
    allocations = [
        {"financing_id": item.id, "measure_id": allocation.measure_id, "amount": allocation.amount}
        for allocation in terms.allocations
    ]
    await insert_rows(connection, financing_allocation, allocations)
    pledges = [
        {
            "financing_id": item.id,
            "number": number,
            "measure_id": pledge.measure_id,
            "share": pledge.share,
            "starts_on": pledge.span.starts_on,
            "ends_on": pledge.span.ends_on,
        }
        for number, pledge in enumerate(terms.pledges, 1)
    ]
    await insert_rows(connection, financing_pledge, pledges)


async def insert_end(
    connection: AsyncConnection, financing_id: FinancingId, end: FinancingEnd
) -> None:
    await connection.execute(
        insert(financing_end).values(
            position=end.position,
            financing_id=financing_id,
            on_day=end.on,
            document=end.document,
        )
    )


async def read_financings(
    connection: AsyncConnection, ids: Collection[FinancingId]
) -> dict[FinancingId, Financing]:
    """The financings with these ids, as they stand."""
    return await read_by_ids(connection, FINANCINGS, ids, _financing)


async def read_financings_of(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position = LATEST
) -> dict[PilotId, list[Financing]]:
    """All financings of each pilot, in the order in which they were recorded, as they stood."""
    return await read_by_pilots(connection, FINANCINGS, pilots, as_of, _financing)


def _financing(row: Any) -> Financing:
    terms = FinancingTerms(
        product=FinanceProduct(row.product),
        name=row.name,
        financier=row.financier,
        amount=row.amount,
        span=DateSpan(row.starts_on, row.ends_on),
        allocations=tuple(
            Allocation(MeasureId(measure), Decimal(amount))
            for measure, amount in row.allocations or ()
        ),
        pledges=tuple(
            Pledge(MeasureId(measure), Decimal(share), DateSpan(_day(starts_on), _day(ends_on)))
            for measure, share, starts_on, ends_on in row.pledges or ()
        ),
    )
    ended = None
    if row.end_position is not None:
        ended = FinancingEnd(row.end_position, row.on_day, row.document)
    return Financing(id=row.id, pilot_id=row.pilot_id, terms=terms, end=ended)


def _day(value: str) -> date:
    return date.fromisoformat(value)
