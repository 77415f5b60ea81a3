"""What credits show of what builds on them, by name."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.schema.kit.registry import Named

if TYPE_CHECKING:
    from nzc_api.schema.auditing.types import Beneficiary, CreditTile
    from nzc_api.schema.credits.postings import LedgerPosting, RetirementRequest
    from nzc_api.schema.credits.withdrawn import WithdrawnSerials

LazyBeneficiary = Annotated["Beneficiary", strawberry.lazy("nzc_api.schema.auditing.types")]
LazyCreditTile = Annotated["CreditTile", strawberry.lazy("nzc_api.schema.auditing.types")]
LazyLedgerPosting = Annotated["LedgerPosting", strawberry.lazy("nzc_api.schema.credits.postings")]
LazyRetirementRequest = Annotated[
    "RetirementRequest", strawberry.lazy("nzc_api.schema.credits.postings")
]
LazyWithdrawnSerials = Annotated[
    "WithdrawnSerials", strawberry.lazy("nzc_api.schema.credits.withdrawn")
]

BENEFICIARY: Named["Beneficiary"] = Named("Beneficiary")
CREDIT_TILE: Named["CreditTile"] = Named("CreditTile")
LEDGER_POSTING: Named["LedgerPosting"] = Named("LedgerPosting")
RETIREMENT_REQUEST: Named["RetirementRequest"] = Named("RetirementRequest")
WITHDRAWN_SERIALS: Named["WithdrawnSerials"] = Named("WithdrawnSerials")
