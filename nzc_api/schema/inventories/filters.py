"""What lists of inventories are narrowed to, as GraphQL."""

import strawberry

from nzc_api.inventories.model import InventoryFilter
from nzc_api.schema.inventories.words import InventoryStatus
from nzc_api.schema.kit.ids import Ids


@strawberry.input(
    description="What a list of inventories is narrowed to: all that is given must hold."
)
class InventoryFilterInput:
    status: InventoryStatus | None = strawberry.field(default=None, description="In this state.")
    pilot: strawberry.ID | None = strawberry.field(default=None, description="Of this pilot.")
    accounting_period: strawberry.ID | None = strawberry.field(
        default=None, description="Of this accounting period."
    )

    def narrowed(self, ids: Ids) -> InventoryFilter:
        pilot = period = None
        if self.pilot is not None:
            pilot = ids.position(self.pilot, "filter", "pilot", kinds=("Pilot",))
        if self.accounting_period is not None:
            period = ids.position(
                self.accounting_period, "filter", "accountingPeriod", kinds=("AccountingPeriod",)
            )
        return InventoryFilter(self.status, pilot, period)
