"""Everything that changes something: one verb a mutation, one union of failures each."""

import strawberry

from nzc_api.schema.credits.bulk_mutations import BulkMutations
from nzc_api.schema.credits.mutations import CreditMutations
from nzc_api.schema.credits.proposal_mutations import ProposalMutations
from nzc_api.schema.documents.mutations import DocumentMutations
from nzc_api.schema.evaluation.mutations import EvaluationMutations
from nzc_api.schema.finance.mutations import FinanceMutations
from nzc_api.schema.inventories.mutations import InventoryMutations
from nzc_api.schema.management.mutations import ManagementMutations
from nzc_api.schema.measures.mutations import MeasureMutations
from nzc_api.schema.metering.mutations import MeteringMutations
from nzc_api.schema.monitoring.mutations import MonitoringMutations
from nzc_api.schema.organisations.mutations import OrganisationMutations
from nzc_api.schema.pilots.mutations import PilotMutations
from nzc_api.schema.plans.mutations import PlanMutations
from nzc_api.schema.selection.mutations import SelectionMutations
from nzc_api.schema.targets.mutations import TargetMutations
from nzc_api.schema.webhooks.mutations import WebhookMutations


@strawberry.type(
    description="Every change. Each input has an `idempotencyKey`, chosen by the client and new for each "
    "new request: the same key with the same input gets the same outcome again, flagged as "
    "`replayed`, so it is always safe to send a request again. Expected failures are members of the "
    "payload's union; top-level errors are malformed values, missing authorisation, limits and bugs."
)
class Mutation(
    CreditMutations,
    ProposalMutations,
    BulkMutations,
    MeteringMutations,
    MonitoringMutations,
    OrganisationMutations,
    PilotMutations,
    InventoryMutations,
    DocumentMutations,
    TargetMutations,
    SelectionMutations,
    MeasureMutations,
    FinanceMutations,
    ManagementMutations,
    PlanMutations,
    EvaluationMutations,
    WebhookMutations,
):
    pass
