"""The SQL of warnings of inventories and of their lines."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.ids import InventoryId
from nzc_api.inventories.line_rows import warning_in
from nzc_api.inventories.tables import inventory_warning
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.visibility_store import seen_warning
from nzc_api.inventories.warnings import InventoryWarning, WarningCode, freeze_facts

_warned = inventory_warning.c

# Warnings are numbered in the order in which they are kept; those of removed lines leave gaps.
WARN = DriverStatement("""
    INSERT INTO inventory_warning (inventory_id, number, line_id, other_line_id, code, facts)
    SELECT :inventory,
           (SELECT coalesce(max(number), 0) FROM inventory_warning WHERE inventory_id = :inventory) + w.place,
           w.line_id, w.other_line_id, w.code, CAST(w.facts AS jsonb)
      FROM unnest(CAST(:lines AS bigint[]), CAST(:others AS bigint[]), CAST(:codes AS text[]),
                  CAST(:facts AS text[])) WITH ORDINALITY AS w (line_id, other_line_id, code, facts, place)
""")


async def insert_warnings(
    connection: AsyncConnection, inventory_id: InventoryId, warnings: Sequence[InventoryWarning]
) -> None:
    """Keep warnings of an inventory and its lines, after those that it has."""
    if not warnings:
        return
    await WARN.rows(
        connection,
        {
            "inventory": inventory_id,
            "lines": [warning.line_id for warning in warnings],
            "others": [warning.other_line_id for warning in warnings],
            "codes": [warning.code for warning in warnings],
            "facts": [json.dumps(freeze_facts(warning.facts)) for warning in warnings],
        },
    )


async def read_warnings(
    connection: AsyncConnection,
    inventory_id: InventoryId,
    codes: Collection[WarningCode] = tuple(WarningCode),
) -> list[InventoryWarning]:
    """The warnings of an inventory and its lines, in order; all of them, or those with one of the codes."""
    query = select(inventory_warning).where(
        _warned.inventory_id == inventory_id, _warned.code.in_(codes)
    )
    rows = await connection.execute(query.order_by(_warned.number))
    return [warning_in(dict(row._mapping)) for row in rows]


async def page_warnings_of(
    connection: AsyncConnection, inventories: Sequence[InventoryId], sight: Sight, page: Page
) -> dict[InventoryId, list[InventoryWarning]]:
    """For each inventory a page of its warnings and one more, in order: those of lines where lines are seen."""
    query = paged_for_each(
        _seen_warnings(sight), _warned.inventory_id, _warned.number, inventories, page
    )
    found: dict[InventoryId, list[InventoryWarning]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(warning_in(dict(row._mapping)))
    return found


async def count_warnings_of(
    connection: AsyncConnection, inventories: Sequence[InventoryId], sight: Sight
) -> dict[InventoryId, int]:
    """How many warnings each inventory has, of those that are seen."""
    return await count_for_each(
        connection, _seen_warnings(sight), _warned.inventory_id, inventories
    )


async def delete_warnings(
    connection: AsyncConnection, inventory_id: InventoryId, code: WarningCode
) -> None:
    await connection.execute(
        delete(inventory_warning).where(_warned.inventory_id == inventory_id, _warned.code == code)
    )


def _seen_warnings(sight: Sight) -> Select[Any]:
    return select(inventory_warning).where(seen_warning(sight))
