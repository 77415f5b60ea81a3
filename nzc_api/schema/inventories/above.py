"""What inventories and their lines show of what builds on them, by name."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.schema.kit.registry import Named

if TYPE_CHECKING:
    from nzc_api.schema.inventories.lines import InventoryLine
    from nzc_api.schema.inventories.types import Inventory
    from nzc_api.schema.metering.lines import MeterBasis
    from nzc_api.schema.reports.types import InventoryReport
    from nzc_api.schema.statements.previews import StatementPreview

LazyInventory = Annotated["Inventory", strawberry.lazy("nzc_api.schema.inventories.types")]
LazyInventoryLine = Annotated["InventoryLine", strawberry.lazy("nzc_api.schema.inventories.lines")]
LazyMeterBasis = Annotated["MeterBasis", strawberry.lazy("nzc_api.schema.metering.lines")]
LazyStatementPreview = Annotated[
    "StatementPreview", strawberry.lazy("nzc_api.schema.statements.previews")
]

LazyInventoryReport = Annotated["InventoryReport", strawberry.lazy("nzc_api.schema.reports.types")]

INVENTORY: Named["Inventory"] = Named("Inventory")
INVENTORY_LINE: Named["InventoryLine"] = Named("InventoryLine")
METER_BASIS: Named["MeterBasis"] = Named("MeterBasis")
INVENTORY_REPORT: Named["InventoryReport"] = Named("InventoryReport")
STATEMENT_PREVIEW: Named["StatementPreview"] = Named("StatementPreview")
