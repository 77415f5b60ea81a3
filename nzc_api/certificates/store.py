"""The SQL of green certificates. It looks at the ledger's batches as a guard does: by their rows, without its rules."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.certificates.model import GreenCertificates, PowerOfDays, Production
from nzc_api.ids import InventoryId

INSERT = text("""
    INSERT INTO line_certificate (line_id, number, inventory_id, series_id, prefix, lo, hi, mwh, produced_from,
                                  produced_to, plant)
    SELECT c.line_id, c.number, i.id, i.series_id, c.prefix, c.lo, c.hi, c.mwh, c.produced_from, c.produced_to, c.plant
      FROM unnest(CAST(:lines AS bigint[]), CAST(:numbers AS integer[]), CAST(:prefixes AS text[]),
                  CAST(:los AS bigint[]), CAST(:his AS bigint[]), CAST(:mwhs AS numeric[]), CAST(:froms AS date[]),
                  CAST(:tos AS date[]), CAST(:plants AS text[]))
        AS c (line_id, number, prefix, lo, hi, mwh, produced_from, produced_to, plant)
      JOIN inventory AS i ON i.id = :inventory
""")

# Certificates that serve another inventory, or another line of this one.
USED = text("""
    SELECT given.place, c.prefix, c.lo, c.hi, c.mwh, c.produced_from, c.produced_to, c.plant
      FROM unnest(CAST(:keys AS text[]), CAST(:los AS bigint[]), CAST(:his AS bigint[]))
           WITH ORDINALITY AS given (key, lo, hi, place)
      JOIN line_certificate AS c
        ON c.prefix_key = given.key AND int8range(c.lo, c.hi) && int8range(given.lo, given.hi)
     WHERE c.series_id <> :series OR c.inventory_id = :inventory
     ORDER BY given.place LIMIT 1
""")

# The same where another part of the numbers stands in the prefix (`splits.py`): of the two, the longer prefix is the
# shorter one and digits, and with these before them its numbers are among the other's. The wider they are written, the
# larger they are: so it is enough to look at the widest that is not beyond the other's.
SPLIT = text("""
    SELECT given.place, c.prefix, c.lo, c.hi, c.mwh, c.produced_from, c.produced_to, c.plant
      FROM unnest(CAST(:keys AS text[]), CAST(:los AS bigint[]), CAST(:his AS bigint[]), CAST(:plant_keys AS text[]),
                  CAST(:froms AS date[]), CAST(:tos AS date[]))
           WITH ORDINALITY AS given (key, lo, hi, plant_key, produced_from, produced_to, place)
      JOIN line_certificate AS c
        ON c.plant_key = given.plant_key
       AND daterange(c.produced_from, c.produced_to, '[]')
           && daterange(given.produced_from, given.produced_to, '[]')
     CROSS JOIN LATERAL (
           SELECT given.key, int8range(given.lo, given.hi), substr(c.prefix_key, length(given.key) + 1),
                  c.lo, c.hi
            WHERE starts_with(c.prefix_key, given.key)
            UNION ALL
           SELECT c.prefix_key, int8range(c.lo, c.hi), substr(given.key, length(c.prefix_key) + 1),
                  given.lo, given.hi
            WHERE starts_with(given.key, c.prefix_key)) AS pair (short, numbers, rest, lo, hi)
     CROSS JOIN LATERAL (SELECT CASE WHEN pair.rest ~ '^-?[0-9]([0-9-]*[0-9])?$'
                                     THEN CAST(replace(pair.rest, '-', '') AS numeric) END) AS digits (ahead)
     CROSS JOIN LATERAL (SELECT CASE WHEN digits.ahead = 0 THEN 18 WHEN digits.ahead < upper(pair.numbers) - pair.lo
            THEN least(length(CAST(div(upper(pair.numbers) - pair.lo - 1, digits.ahead) AS text)) - 1, 18) END)
           AS widest (width)
     CROSS JOIN LATERAL (SELECT power(CAST(10 AS numeric), widest.width)) AS ten (power)
     WHERE (c.series_id <> :series OR c.inventory_id = :inventory)
       AND widest.width >= length(CAST(pair.lo AS text)) AND pair.lo < upper(pair.numbers)
       AND lower(pair.numbers) < digits.ahead * ten.power + least(pair.hi, ten.power)
     ORDER BY given.place LIMIT 1
""")

# Batches in force, of projects at a plant, that share a day of production.
_CREDITED = """
      JOIN site AS s ON s.code_key = c.plant_key
      JOIN credit_batch AS b ON b.project_id = s.subject_id AND b.withdrawn_position IS NULL
       AND daterange(b.produced_from, b.produced_to, '[]') && daterange(c.produced_from, c.produced_to, '[]')
"""
CREDITED = text(f"""
    SELECT c.place, c.plant, b.produced_from, b.produced_to, b.programme
      FROM unnest(CAST(:plant_keys AS text[]), CAST(:plants AS text[]), CAST(:froms AS date[]), CAST(:tos AS date[]))
           WITH ORDINALITY AS c (plant_key, plant, produced_from, produced_to, place)
      {_CREDITED}
     ORDER BY c.place, b.id LIMIT 1
""")  # noqa: S608  (our own text)
OWN_CREDITED = text(f"""
    SELECT c.plant, b.produced_from, b.produced_to, b.programme
      FROM line_certificate AS c {_CREDITED}
     WHERE c.inventory_id = :inventory
     ORDER BY c.line_id, c.number, b.id LIMIT 1
""")  # noqa: S608  (our own text)

# Of each production of a project: certificates of its plant that share a day, in an inventory that was handed in.
SERVED = text("""
    SELECT DISTINCT ON (given.place) given.place, c.plant, c.produced_from, c.produced_to
      FROM unnest(CAST(:projects AS bigint[]), CAST(:froms AS date[]), CAST(:tos AS date[]))
           WITH ORDINALITY AS given (project_id, produced_from, produced_to, place)
      JOIN site AS s ON s.subject_id = given.project_id
      JOIN line_certificate AS c ON c.plant_key = s.code_key
       AND daterange(c.produced_from, c.produced_to, '[]') && daterange(given.produced_from, given.produced_to, '[]')
      JOIN inventory AS i ON i.id = c.inventory_id AND i.submitted_position IS NOT NULL
     ORDER BY given.place, c.line_id, c.number
""")

RELEASE = text("DELETE FROM line_certificate WHERE inventory_id = :inventory")


async def insert_certificates(
    connection: AsyncConnection,
    inventory_id: InventoryId,
    rows: Sequence[tuple[int, int, GreenCertificates]],
) -> None:
    """Let certificates serve lines (line, place among its certificates, which)."""
    if not rows:
        return
    items = [item for _, _, item in rows]
    await connection.execute(
        INSERT,
        {
            "inventory": inventory_id,
            "lines": [line_id for line_id, _, _ in rows],
            "numbers": [number for _, number, _ in rows],
            "prefixes": [item.prefix for item in items],
            "los": [item.lo for item in items],
            "his": [item.hi for item in items],
            "mwhs": [item.mwh for item in items],
            **_days(items),
            "plants": [item.plant for item in items],
        },
    )


async def find_used(
    connection: AsyncConnection,
    inventory_id: InventoryId,
    series_id: int,
    items: Sequence[GreenCertificates],
) -> tuple[int, GreenCertificates] | None:
    """The first of some certificates that serve something else, by its place, and what of them does: also where that
    has another part of the numbers in its prefix."""
    given: dict[str, Any] = {
        "inventory": inventory_id,
        "series": series_id,
        "keys": [item.key for item in items],
        "los": [item.lo for item in items],
        "his": [item.hi for item in items],
    }
    row = (await connection.execute(USED, given)).first()
    if row is None:
        given |= {"plant_keys": [item.plant_key for item in items], **_days(items)}
        row = (await connection.execute(SPLIT, given)).first()
    return None if row is None else (row.place - 1, certificates_in(row._mapping))


async def find_credited(
    connection: AsyncConnection, items: Sequence[GreenCertificates]
) -> tuple[int, PowerOfDays] | None:
    """The first of some certificates of whose power reductions were issued, by its place, and which power."""
    given = {
        "plant_keys": [item.plant_key for item in items],
        "plants": [item.plant for item in items],
        **_days(items),
    }
    row = (await connection.execute(CREDITED, given)).first()
    return None if row is None else (row.place - 1, _power(row))


async def find_own_credited(
    connection: AsyncConnection, inventory_id: InventoryId
) -> PowerOfDays | None:
    """Power that an inventory claims by certificates, and of which reductions were issued."""
    row = (await connection.execute(OWN_CREDITED, {"inventory": inventory_id})).first()
    return None if row is None else _power(row)


async def read_served(
    connection: AsyncConnection, productions: Sequence[Production]
) -> dict[Production, PowerOfDays]:
    """Of each production of a project the power that inventories which were handed in claim."""
    given = {
        "projects": [project_id for project_id, _, _ in productions],
        "froms": [first for _, first, _ in productions],
        "tos": [last for _, _, last in productions],
    }
    rows = await connection.execute(SERVED, given)
    return {
        productions[row.place - 1]: PowerOfDays(row.plant, row.produced_from, row.produced_to)
        for row in rows
    }


async def release(connection: AsyncConnection, inventory_id: InventoryId) -> None:
    """Give back what serves the lines of a draft."""
    await connection.execute(RELEASE, {"inventory": inventory_id})


def certificates_in(row: Any) -> GreenCertificates:
    """Certificates as a row has them, or JSON of it."""
    return GreenCertificates(
        prefix=row["prefix"],
        first=row["lo"],
        last=row["hi"] - 1,
        mwh=Decimal(row["mwh"]),
        produced_from=_day(row["produced_from"]),
        produced_to=_day(row["produced_to"]),
        plant=row["plant"],
    )


def _day(kept: date | str) -> date:
    return date.fromisoformat(kept) if isinstance(kept, str) else kept


def _days(items: Sequence[GreenCertificates]) -> dict[str, list[date]]:
    return {
        "froms": [item.produced_from for item in items],
        "tos": [item.produced_to for item in items],
    }


def _power(row: Any) -> PowerOfDays:
    return PowerOfDays(
        plant=row.plant,
        produced_from=row.produced_from,
        produced_to=row.produced_to,
        programme=row.programme,
    )
