"""What ids name: things of the log by kind, each with the type that its id has below the schema."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from nzc_api.ids import (
    ApiKeyId,
    ApplicationId,
    AppointmentId,
    BatchId,
    EvaluationId,
    FinancingId,
    FindingId,
    InventoryId,
    LineId,
    ManagementRuleId,
    MeasureId,
    MeterId,
    OrganisationId,
    PeriodId,
    PilotId,
    PlanId,
    Position,
    PostId,
    ProjectId,
    ProposalId,
    RequestId,
    TargetId,
    WebhookEndpointId,
)

T = TypeVar("T", bound=int)


class Kind(NamedTuple, Generic[T]):
    """The ``names`` that ids have of GraphQL types, and the type of the ``id`` that they stand for."""

    names: tuple[str, ...]
    id: Callable[[int], T]


ORGANISATION = Kind(("Organisation",), OrganisationId)
API_KEY = Kind(("ApiKey",), ApiKeyId)
WEBHOOK_ENDPOINT = Kind(("WebhookEndpoint",), WebhookEndpointId)
PILOT = Kind(("Pilot",), PilotId)
ACCOUNTING_PERIOD = Kind(("AccountingPeriod",), PeriodId)
INVENTORY = Kind(("Inventory",), InventoryId)
LINE = Kind(("EmissionSource", "Sink"), LineId)
METER = Kind(("Meter",), MeterId)
TARGET = Kind(("Target",), TargetId)
MEASURE = Kind(("Measure",), MeasureId)
FINANCING = Kind(("Financing",), FinancingId)
POST = Kind(("Post",), PostId)
APPOINTMENT = Kind(("Appointment",), AppointmentId)
MANAGEMENT_RULE = Kind(("ManagementRule",), ManagementRuleId)
PLAN = Kind(("Plan",), PlanId)
APPLICATION = Kind(("Application",), ApplicationId)
EVALUATION = Kind(("Evaluation",), EvaluationId)
FINDING = Kind(("EvaluationFinding",), FindingId)
PROJECT = Kind(("Project",), ProjectId)
CREDIT_BATCH = Kind(("CreditBatch",), BatchId)
RETIREMENT_REQUEST = Kind(("RetirementRequest",), RequestId)
PROPOSAL = Kind(("Proposal",), ProposalId)
RECONCILIATION = Kind(("Reconciliation",), Position)
