"""The SQL of monitoring: denominators, the meters that are no sub-meters, and the lines that were drafted from them."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.lookup import is_any_of
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.ids import LineId, MeterId, PilotId, Position
from nzc_api.monitoring.model import Denominator, DenominatorKind
from nzc_api.monitoring.tables import denominator
from nzc_api.pilots.model import DateSpan

# What counts of pilots as of a position: of the same days the latest, if it has a value.
COUNTING = text(f"""
    SELECT {columns_of(denominator, "latest")} FROM (
        SELECT DISTINCT ON (pilot_id, kind, product, starts_on, ends_on) * FROM denominator
         WHERE pilot_id = ANY(CAST(:pilots AS bigint[])) AND id <= :as_of
         ORDER BY pilot_id, kind, product, starts_on, ends_on, id DESC) AS latest
     WHERE value IS NOT NULL ORDER BY pilot_id, kind, product, starts_on
""")  # noqa: S608  (our own names)

# The line of each meter in the inventory that was handed in last, of those that have one.
LINES_OF_METERS = text("""
    SELECT k.id AS meter_id, latest.line_id
      FROM unnest(CAST(:meters AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (
            SELECT l.line_id FROM line_meter AS l JOIN inventory AS i ON i.id = l.inventory_id
             WHERE l.meter_id = k.id AND i.submitted_position <= :as_of
             ORDER BY i.submitted_position DESC LIMIT 1) AS latest
""")


# Of each pilot's inventory that was handed in last of those with lines of meters: what its emission sources come to,
# and those of them that were drafted from meters.
METERED = text("""
    SELECT k.id AS pilot_id, sum(g.co2e) AS co2e,
           coalesce(sum(g.co2e) FILTER (WHERE m.line_id IS NOT NULL), 0) AS metered
      FROM unnest(CAST(:pilots AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (
            SELECT i.id FROM inventory AS i
             WHERE i.pilot_id = k.id AND i.submitted_position <= :as_of
               AND EXISTS (SELECT FROM line_meter WHERE inventory_id = i.id)
             ORDER BY i.submitted_position DESC LIMIT 1) AS latest
      JOIN inventory_line AS l ON l.inventory_id = latest.id AND l.role = 'SOURCE'
       AND l.treatment NOT IN ('MEMO', 'DEDUCTED')
      JOIN line_gas AS g ON g.line_id = l.id
      LEFT JOIN line_meter AS m ON m.line_id = l.id
     GROUP BY k.id HAVING sum(g.co2e) > 0
""")


async def insert_denominator(connection: AsyncConnection, item: Denominator) -> None:
    await connection.execute(
        insert(denominator).values(
            id=item.id,
            pilot_id=item.pilot_id,
            kind=item.kind,
            product=item.product,
            starts_on=item.days.starts_on,
            ends_on=item.days.ends_on,
            value=item.value,
            source=item.source,
        )
    )


async def read_denominators(
    connection: AsyncConnection, ids: Sequence[int]
) -> dict[int, Denominator]:
    rows = await connection.execute(select(denominator).where(is_any_of(denominator.c.id, ids)))
    return {row.id: _denominator(row) for row in rows}


async def read_counting(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position
) -> dict[PilotId, list[Denominator]]:
    """For each pilot what counts as of a position, by kinds, products and days."""
    found = defaultdict[PilotId, list[Denominator]](list)
    for row in await connection.execute(COUNTING, {"pilots": list(pilots), "as_of": as_of}):
        found[row.pilot_id].append(_denominator(row))
    return found


async def page_denominators_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], page: Page, as_of: Position
) -> dict[PilotId, list[Denominator]]:
    """For each pilot a page of all that was recorded and one more, in order."""
    query = select(denominator).where(denominator.c.id <= as_of)
    paged = paged_for_each(query, denominator.c.pilot_id, denominator.c.id, pilots, page)
    found = defaultdict[PilotId, list[Denominator]](list)
    for row in await connection.execute(paged):
        found[row.parent].append(_denominator(row))
    return found


async def count_denominators_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position
) -> dict[PilotId, int]:
    query = select(denominator).where(denominator.c.id <= as_of)
    return await count_for_each(connection, query, denominator.c.pilot_id, pilots)


async def read_lines_of_meters(
    connection: AsyncConnection, meters: Sequence[MeterId], as_of: Position
) -> dict[MeterId, LineId]:
    """For each meter the line that says what its use emits, of those that have one."""
    given = {"meters": list(meters), "as_of": as_of}
    rows = await connection.execute(LINES_OF_METERS, given)
    return {row.meter_id: row.line_id for row in rows}


async def read_metered_shares(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position
) -> dict[PilotId, Fraction]:
    """Which part of what each pilot's inventory emits its meters tell, of those that have one with lines of meters."""
    rows = await connection.execute(METERED, {"pilots": list(pilots), "as_of": as_of})
    return {row.pilot_id: Fraction(row.metered) / Fraction(row.co2e) for row in rows}


def _denominator(row: Any) -> Denominator:
    return Denominator(
        id=row.id,
        pilot_id=row.pilot_id,
        kind=DenominatorKind(row.kind),
        product=row.product,
        days=DateSpan(row.starts_on, row.ends_on),
        value=row.value,
        source=row.source,
    )
