"""The loaders of all topics together."""

from nzc_api.schema.auditing.loaders import AuditingLoaders
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.documents.loaders import DocumentLoaders
from nzc_api.schema.evaluation.loaders import EvaluationLoaders
from nzc_api.schema.feed.loaders import FeedLoaders
from nzc_api.schema.finance.loaders import FinanceLoaders
from nzc_api.schema.inventories.loaders import InventoryLoaders
from nzc_api.schema.management.loaders import ManagementLoaders
from nzc_api.schema.measures.loaders import MeasureLoaders
from nzc_api.schema.metering.loaders import MeterLoaders
from nzc_api.schema.monitoring.loaders import MonitoringLoaders
from nzc_api.schema.organisations.loaders import OrganisationLoaders
from nzc_api.schema.pilots.loaders import PilotLoaders
from nzc_api.schema.plans.loaders import PlanLoaders
from nzc_api.schema.requirements.loaders import RequirementLoaders
from nzc_api.schema.selection.loaders import SelectionLoaders
from nzc_api.schema.sites.loaders import SiteLoaders
from nzc_api.schema.statements.loaders import StatementLoaders
from nzc_api.schema.targets.loaders import TargetLoaders
from nzc_api.schema.webhooks.loaders import WebhookLoaders


class Loaders(
    AuditingLoaders,
    CreditLoaders,
    DocumentLoaders,
    EvaluationLoaders,
    FeedLoaders,
    FinanceLoaders,
    InventoryLoaders,
    ManagementLoaders,
    MeasureLoaders,
    MeterLoaders,
    MonitoringLoaders,
    OrganisationLoaders,
    PilotLoaders,
    RequirementLoaders,
    PlanLoaders,
    SelectionLoaders,
    SiteLoaders,
    StatementLoaders,
    TargetLoaders,
    WebhookLoaders,
):
    """What one operation, or several side by side, ask; made when it is first asked."""
