"""What can be asked of inventories."""

from typing import Annotated

import strawberry

from nzc_api.schema.inventories.filters import InventoryFilterInput
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear


@strawberry.type
class InventoryLists:
    @dear("Inventories that you see, oldest first.", statements=2)
    async def inventories(
        self,
        info: Info,
        filter: Annotated[InventoryFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Inventory]:
        page = page_by_position(first, after, last=last, before=before)
        narrowed = (filter or InventoryFilterInput()).narrowed(info.context.ids)
        sight = await info.context.sight()
        inventories = info.context.services.inventories
        return connection(
            await inventories.list_inventories(narrowed, sight, page),
            page,
            lambda row: row.id,
            lambda row: Inventory(domain=row),
            lambda: inventories.count_inventories(narrowed, sight),
        )
