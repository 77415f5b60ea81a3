"""What measures show of what builds on them, by name."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.schema.kit.registry import Named

if TYPE_CHECKING:
    from nzc_api.schema.finance.types import Financing, MeasureFinance

LazyFinancing = Annotated["Financing", strawberry.lazy("nzc_api.schema.finance.types")]
LazyMeasureFinance = Annotated["MeasureFinance", strawberry.lazy("nzc_api.schema.finance.types")]

FINANCING: Named["Financing"] = Named("Financing")
MEASURE_FINANCE: Named["MeasureFinance"] = Named("MeasureFinance")
