"""What lists of inventories are narrowed to, as GraphQL."""

import strawberry

from nzc_api.inventories.model import InventoryFilter
from nzc_api.schema.inventories.enums import InventoryStatus
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD, PILOT


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
        pilot = ids.optional(self.pilot, "filter", "pilot", kind=PILOT)
        period = ids.optional(
            self.accounting_period, "filter", "accountingPeriod", kind=ACCOUNTING_PERIOD
        )
        return InventoryFilter(self.status, pilot, period)
