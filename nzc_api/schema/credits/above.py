"""What credits show of what builds on them, by name."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.schema.kit.registry import Named

if TYPE_CHECKING:
    from nzc_api.schema.auditing.beneficiaries import Beneficiary
    from nzc_api.schema.auditing.serials import CreditTile
    from nzc_api.schema.credits.batches import CreditBatch
    from nzc_api.schema.credits.postings import LedgerPosting
    from nzc_api.schema.credits.proposals import Proposal
    from nzc_api.schema.credits.requests import RetirementRequest
    from nzc_api.schema.credits.withdrawn import WithdrawnSerials
    from nzc_api.schema.retirement_certificates.types import RetirementCertificate

LazyBeneficiary = Annotated["Beneficiary", strawberry.lazy("nzc_api.schema.auditing.beneficiaries")]
LazyCreditTile = Annotated["CreditTile", strawberry.lazy("nzc_api.schema.auditing.serials")]
LazyCreditBatch = Annotated["CreditBatch", strawberry.lazy("nzc_api.schema.credits.batches")]
LazyLedgerPosting = Annotated["LedgerPosting", strawberry.lazy("nzc_api.schema.credits.postings")]
LazyProposal = Annotated["Proposal", strawberry.lazy("nzc_api.schema.credits.proposals")]
LazyRetirementRequest = Annotated[
    "RetirementRequest", strawberry.lazy("nzc_api.schema.credits.requests")
]
LazyRetirementCertificate = Annotated[
    "RetirementCertificate", strawberry.lazy("nzc_api.schema.retirement_certificates.types")
]
LazyWithdrawnSerials = Annotated[
    "WithdrawnSerials", strawberry.lazy("nzc_api.schema.credits.withdrawn")
]

BENEFICIARY: Named["Beneficiary"] = Named("Beneficiary")
CREDIT_TILE: Named["CreditTile"] = Named("CreditTile")
CREDIT_BATCH: Named["CreditBatch"] = Named("CreditBatch")
LEDGER_POSTING: Named["LedgerPosting"] = Named("LedgerPosting")
PROPOSAL: Named["Proposal"] = Named("Proposal")
RETIREMENT_REQUEST: Named["RetirementRequest"] = Named("RetirementRequest")
RETIREMENT_CERTIFICATE: Named["RetirementCertificate"] = Named("RetirementCertificate")
WITHDRAWN_SERIALS: Named["WithdrawnSerials"] = Named("WithdrawnSerials")
