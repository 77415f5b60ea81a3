"""What organisations show of what builds on them, by name."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.schema.kit.registry import Named

if TYPE_CHECKING:
    from nzc_api.schema.auditing.credit_statements import CreditStatementLine
    from nzc_api.schema.credits.accounts import CreditHolding
    from nzc_api.schema.metering.types import Meter

LazyCreditHolding = Annotated["CreditHolding", strawberry.lazy("nzc_api.schema.credits.accounts")]
LazyMeter = Annotated["Meter", strawberry.lazy("nzc_api.schema.metering.types")]
LazyCreditStatementLine = Annotated[
    "CreditStatementLine", strawberry.lazy("nzc_api.schema.auditing.credit_statements")
]

CREDIT_HOLDING: Named["CreditHolding"] = Named("CreditHolding")
METER: Named["Meter"] = Named("Meter")
CREDIT_STATEMENT_LINE: Named["CreditStatementLine"] = Named("CreditStatementLine")
