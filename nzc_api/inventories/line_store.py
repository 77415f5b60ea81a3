"""The SQL of lines of inventories."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, cast, delete, exists, func, insert, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import Measurement
from nzc_api.certificates.store import insert_certificates
from nzc_api.certificates.tables import line_certificate
from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import is_any_of
from nzc_api.database.paging import Page, PagesOfEach, count_for_each
from nzc_api.guide.terms import Category
from nzc_api.ids import InventoryId, LineId
from nzc_api.inventories.line_rows import line_in, meter_row, row_of
from nzc_api.inventories.line_rules import AccountedLine
from nzc_api.inventories.model import Line, LineRole
from nzc_api.inventories.repeated import RecordedLine, amounts_in
from nzc_api.inventories.tables import (
    inventory,
    inventory_line,
    inventory_warning,
    line_gas,
    line_meter,
)
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.visibility_store import MOST_SIGHTS, seen_line

# Lines as far as another may repeat them, in the order of their recording.
_RECORDED = """
    SELECT id, role, category, label, activity_value, activity_unit, factor->>'subject' AS subject,
           factor->>'kind' AS kind, jsonb_path_query_array(factor, '$.gases[*].gas') AS gases
      FROM inventory_line
     WHERE inventory_id = :inventory
"""

RECORDED = DriverStatement(f"{_RECORDED} ORDER BY id")

ALIKE = DriverStatement(f"""{_RECORDED}
       AND ((activity_unit, activity_value) IN
                (SELECT * FROM unnest(CAST(:units AS text[]), CAST(:values AS numeric[])))
            OR CAST(:sinks AS boolean) AND role = 'SINK')
     ORDER BY id
""")  # noqa: S608  (our own text)

UNITS = text("SELECT DISTINCT activity_unit FROM inventory_line WHERE inventory_id = :inventory")

# A line with its gases and its warnings, in their order. Numbers are texts in JSON: so they stay exact.
_gases = line_gas.c

_warned = inventory_warning.c

_of_meter = line_meter.c

_certified = line_certificate.c

LINES = select(
    inventory_line,
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    _gases.gas,
                    *(cast(number, Text) for number in (_gases.tonnes, _gases.gwp, _gases.co2e)),
                ),
                _gases.gas,
            )
        )
    )
    .where(_gases.line_id == inventory_line.c.id)
    .scalar_subquery()
    .label("gases"),
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "number", _warned.number, "code", _warned.code, "facts", _warned.facts,
                    "other_line_id", _warned.other_line_id,
                ),
                _warned.number,
            )
        )
    )
    .where(_warned.line_id == inventory_line.c.id)
    .scalar_subquery()
    .label("warnings"),
    select(
        func.jsonb_build_object(
            "meter_id", _of_meter.meter_id, "starts_on", _of_meter.starts_on, "ends_on", _of_meter.ends_on,
            "as_of", _of_meter.as_of, "quantity", cast(_of_meter.quantity, Text),
            "estimated_quantity", cast(_of_meter.estimated_quantity, Text), "measured", _of_meter.measured,
            "estimated", _of_meter.estimated, "missing", _of_meter.missing,
        )
    )
    .where(_of_meter.line_id == inventory_line.c.id)
    .scalar_subquery()
    .label("meter_basis"),
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "prefix", _certified.prefix, "lo", _certified.lo, "hi", _certified.hi,
                    "mwh", cast(_certified.mwh, Text), "produced_from", _certified.produced_from,
                    "produced_to", _certified.produced_to, "plant", _certified.plant,
                ),
                _certified.number,
            )
        )
    )
    .where(_certified.line_id == inventory_line.c.id)
    .scalar_subquery()
    .label("certificates"),
    select(inventory.c.phase)
    .where(inventory.c.id == inventory_line.c.inventory_id)
    .scalar_subquery()
    .label("phase"),
    select(inventory.c.electricity_method)
    .where(inventory.c.id == inventory_line.c.inventory_id)
    .scalar_subquery()
    .label("electricity_method"),
)  # fmt: skip


async def insert_lines(
    connection: AsyncConnection,
    inventory_id: InventoryId,
    lines: Sequence[tuple[LineId, int, AccountedLine]],
) -> None:
    """Write lines (id, position of the entry that recorded it so, what it comes to): a statement a table."""
    if not lines:
        return
    of_inventory = {"inventory_id": inventory_id}
    await connection.execute(
        insert(inventory_line),
        [
            {"id": line_id, "position": position} | of_inventory | row_of(line)
            for line_id, position, line in lines
        ],
    )
    await connection.execute(
        insert(line_gas),
        [
            {"line_id": line_id, "gas": gas.gas, "tonnes": gas.tonnes, "gwp": gas.gwp, "co2e": gas.co2e}
            for line_id, _, line in lines
            for gas in line.gases
        ],
    )  # fmt: skip
    certified = [
        (line_id, number, item)
        for line_id, _, line in lines
        for number, item in enumerate((*line.line.green_power, *line.line.certificates))
    ]
    await insert_certificates(connection, inventory_id, certified)
    metered = [
        meter_row(inventory_id, line_id, line.line.meter_basis)
        for line_id, _, line in lines
        if line.line.meter_basis is not None
    ]
    if metered:
        await connection.execute(insert(line_meter), metered)


async def read_recorded(
    connection: AsyncConnection, inventory_id: InventoryId
) -> list[RecordedLine]:
    """The lines of an inventory, as far as another may repeat them, in the order of their recording."""
    return _recorded(await RECORDED.rows(connection, {"inventory": inventory_id}))


async def read_alike(
    connection: AsyncConnection, inventory_id: InventoryId, new: Sequence[RecordedLine]
) -> list[RecordedLine]:
    """Those of them that a new line may repeat: of the same amount, or sinks beside a sink."""
    units = (await connection.execute(UNITS, {"inventory": inventory_id})).scalars()
    amounts = list(amounts_in(units, new))
    given = {
        "inventory": inventory_id,
        "units": [unit for unit, _ in amounts],
        "values": [value for _, value in amounts],
        "sinks": any(line.role is LineRole.SINK for line in new),
    }
    return _recorded(await ALIKE.rows(connection, given))


def _recorded(rows: Iterable[Any]) -> list[RecordedLine]:
    return [
        RecordedLine(
            id=row.id,
            role=LineRole(row.role),
            category=Category(row.category),
            label=row.label,
            activity=Measurement(row.activity_value, row.activity_unit),
            subject=row.subject,
            own=row.kind == FactorKind.OWN,
            gases=frozenset(map(Gas, row.gases)),
        )
        for row in rows
    ]


async def read_certified_lines(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, list[Line]]:
    """The lines of each inventory that have certificates of their own."""
    of_its = line_certificate.c.inventory_id == inventory_line.c.inventory_id
    held = exists().where(line_certificate.c.line_id == inventory_line.c.id, of_its)
    no_basis = inventory_line.c.factor["zero_factor_basis"].is_(None)
    rows = await connection.execute(
        LINES.where(is_any_of(inventory_line.c.inventory_id, inventories), held, no_basis)
    )
    found = defaultdict[InventoryId, list[Line]](list)
    for line in map(line_in, rows):
        found[line.inventory_id].append(line)
    return found


async def delete_line(connection: AsyncConnection, line_id: LineId) -> None:
    """With what it comes to, and the warnings of it and of those that name it."""
    await connection.execute(delete(inventory_line).where(inventory_line.c.id == line_id))


async def delete_lines_of(connection: AsyncConnection, inventory_id: InventoryId) -> None:
    """All lines of a draft, with what they come to and their warnings."""
    of_it = inventory_line.c.inventory_id == inventory_id
    await connection.execute(delete(inventory_line).where(of_it))


async def count_lines_of(
    connection: AsyncConnection, inventories: Sequence[InventoryId], role: LineRole, sight: Sight
) -> dict[InventoryId, int]:
    """How many lines of the role each inventory has, where they are seen."""
    lines = select(inventory_line).where(inventory_line.c.role == role, seen_line(sight))
    return await count_for_each(connection, lines, inventory_line.c.inventory_id, inventories)


async def count_lines_of_each(
    connection: AsyncConnection, inventories: Sequence[InventoryId]
) -> dict[InventoryId, int]:
    """How many lines each inventory has, of either role."""
    lines = select(inventory_line)
    return await count_for_each(connection, lines, inventory_line.c.inventory_id, inventories)


async def read_lines(
    connection: AsyncConnection, ids: Collection[LineId], sight: Sight
) -> dict[LineId, Line]:
    query = LINES.where(is_any_of(inventory_line.c.id, ids), seen_line(sight))
    rows = await connection.execute(query)
    return {line.id: line for line in map(line_in, rows)}


async def read_lines_of(connection: AsyncConnection, inventory_id: InventoryId) -> list[Line]:
    """All lines of an inventory, for its next version."""
    return (await read_lines_of_each(connection, [inventory_id])).get(inventory_id, [])


async def read_lines_of_each(
    connection: AsyncConnection, inventories: Collection[InventoryId]
) -> dict[InventoryId, list[Line]]:
    """All lines of each inventory."""
    rows = await connection.execute(
        LINES.where(is_any_of(inventory_line.c.inventory_id, inventories)).order_by(
            inventory_line.c.id
        )
    )
    found: dict[InventoryId, list[Line]] = defaultdict(list)
    for line in map(line_in, rows):
        found[line.inventory_id].append(line)
    return found


async def page_lines_of(
    connection: AsyncConnection,
    inventories: Sequence[InventoryId],
    role: LineRole,
    sight: Sight,
    page: Page,
) -> dict[InventoryId, list[Line]]:
    """For each inventory a page of its lines of the role and one more."""
    rows = await _lines_of_each(role, sight).rows(connection, page, parents=inventories)
    found: dict[InventoryId, list[Line]] = defaultdict(list)
    for line in map(line_in, rows):
        found[line.inventory_id].append(line)
    return found


@lru_cache(MOST_SIGHTS)
def _lines_of_each(role: LineRole, sight: Sight) -> PagesOfEach:
    lines = _seen_lines(role, sight)
    return PagesOfEach(lines, inventory_line.c.inventory_id, inventory_line.c.id)


def _seen_lines(role: LineRole, sight: Sight) -> Select[Any]:
    return LINES.where(inventory_line.c.role == role, seen_line(sight))
