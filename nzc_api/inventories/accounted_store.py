"""The SQL of lines that rest on meters: a meter's day counts once, and with it what is around the meter and inside it.

Where meters are is read by the rows of their room, as guards do.
"""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.ids import InventoryId, MeterId
from nzc_api.inventories.model import AccountedMeter, CountedTwice
from nzc_api.inventories.rules import MOST_LINES

# Whether an inventory counts: it was handed in, and no later verified version has taken its place.
_COUNTS = """{inventory}.submitted_position IS NOT NULL
       AND NOT EXISTS (SELECT FROM inventory AS later
                        WHERE later.series_id = {inventory}.series_id AND later.version > {inventory}.version
                          AND later.verified_position IS NOT NULL)"""

_COUNTED_ELSEWHERE = f"""
      FROM line_meter AS m
      JOIN inventory AS o ON o.id = m.inventory_id
      JOIN inventory_line AS l ON l.id = m.line_id
      JOIN inventory AS i ON i.id = :inventory AND i.series_id <> o.series_id
       AND (i.pilot_id, i.basis) = (o.pilot_id, o.basis)
       AND daterange(i.starts_on, i.ends_on, '[]') && daterange(m.starts_on, m.ends_on, '[]')
     WHERE {_COUNTS.format(inventory="o")}
"""

# The lines that rest on some meters, in an inventory or beside it, where that counts.
ACCOUNTED = DriverStatement(f"""
    SELECT m.meter_id, m.line_id, l.label {_COUNTED_ELSEWHERE}
       AND m.meter_id = ANY(CAST(:meters AS bigint[]))
    UNION ALL
    SELECT m.meter_id, m.line_id, l.label
      FROM line_meter AS m JOIN inventory_line AS l ON l.id = m.line_id
     WHERE m.inventory_id = :inventory AND m.meter_id = ANY(CAST(:meters AS bigint[]))
     ORDER BY line_id LIMIT :most
""")  # noqa: S608  (our own text)

# A line of an inventory and another one, in it or beside it: one rests on a meter that is the other's, or is around it.
TWICE = text(f"""
    WITH RECURSIVE counted (line_id, meter_id, label, own) AS (
        SELECT m.line_id, m.meter_id, l.label, true
          FROM line_meter AS m JOIN inventory_line AS l ON l.id = m.line_id
         WHERE m.inventory_id = :inventory
        UNION ALL
        SELECT m.line_id, m.meter_id, l.label, false {_COUNTED_ELSEWHERE}
    ), around (line_id, meter_id) AS (
        SELECT line_id, meter_id FROM counted
        UNION
        SELECT around.line_id, latest.parent_id
          FROM around
         CROSS JOIN LATERAL (
                SELECT parent_id FROM meter_placement
                 WHERE meter_id = around.meter_id ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.parent_id IS NOT NULL
    )
    SELECT one.label, other.label AS other_label, other.line_id AS other_id
      FROM (SELECT part.line_id, whole.line_id
              FROM around AS part JOIN counted AS whole USING (meter_id) WHERE part.line_id <> whole.line_id
            UNION
            SELECT whole.line_id, part.line_id
              FROM around AS part JOIN counted AS whole USING (meter_id) WHERE part.line_id <> whole.line_id
           ) AS twice (one_id, other_id)
      JOIN counted AS one ON one.line_id = one_id
      JOIN counted AS other ON other.line_id = other_id
     WHERE one.own ORDER BY one_id, other_id LIMIT 1
""")  # noqa: S608  (our own text)

# A line that rests on one of some meters and another one that does on one of others, where both count.
BOTH = text(f"""
    SELECT one.label, other.label AS other_label, other.id AS other_id
      FROM line_meter AS of_one
      JOIN inventory AS i ON i.id = of_one.inventory_id
      JOIN line_meter AS of_other ON of_other.meter_id = ANY(CAST(:others AS bigint[]))
       AND daterange(of_one.starts_on, of_one.ends_on, '[]') && daterange(of_other.starts_on, of_other.ends_on, '[]')
      JOIN inventory AS o ON o.id = of_other.inventory_id AND (i.pilot_id, i.basis) = (o.pilot_id, o.basis)
       AND (i.id = o.id OR i.series_id <> o.series_id)
      JOIN inventory_line AS one ON one.id = of_one.line_id
      JOIN inventory_line AS other ON other.id = of_other.line_id
     WHERE of_one.meter_id = ANY(CAST(:meters AS bigint[]))
       AND {_COUNTS.format(inventory="i")} AND {_COUNTS.format(inventory="o")}
     ORDER BY one.id, other.id LIMIT 1
""")  # noqa: S608  (our own text)


async def read_accounted(
    connection: AsyncConnection, inventory_id: InventoryId, meters: Collection[MeterId]
) -> list[AccountedMeter]:
    """The lines that rest on some of the meters in the inventory or beside it, where that counts: the oldest."""
    given = {"inventory": inventory_id, "meters": list(meters), "most": MOST_LINES}
    rows = await ACCOUNTED.rows(connection, given)
    return [AccountedMeter(row.meter_id, row.line_id, row.label) for row in rows]


async def find_counted_twice(
    connection: AsyncConnection, inventory_id: InventoryId
) -> CountedTwice | None:
    """A line of an inventory that has what another one has, in it or beside it."""
    row = (await connection.execute(TWICE, {"inventory": inventory_id})).first()
    return None if row is None else CountedTwice(*row)


async def find_both_counted(
    connection: AsyncConnection, meters: Collection[MeterId], others: Collection[MeterId]
) -> CountedTwice | None:
    """A line of one of some meters that counts beside one of others on some day."""
    given = {"meters": list(meters), "others": list(others)}
    row = (await connection.execute(BOTH, given)).first()
    return None if row is None else CountedTwice(*row)
