"""The loaders of all topics together."""

from nzc_api.schema.auditing.loaders import AuditingLoaders
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.documents.loaders import DocumentLoaders
from nzc_api.schema.evaluation.loaders import EvaluationLoaders
from nzc_api.schema.feed.loaders import FeedLoaders
from nzc_api.schema.finance.loaders import FinanceLoaders
from nzc_api.schema.inventories.loaders import InventoryLoaders
from nzc_api.schema.measures.loaders import MeasureLoaders
from nzc_api.schema.metering.loaders import MeterLoaders
from nzc_api.schema.monitoring.loaders import MonitoringLoaders
from nzc_api.schema.organisations.loaders import OrganisationLoaders
from nzc_api.schema.pilots.loaders import PilotLoaders
from nzc_api.schema.plans.loaders import PlanLoaders
from nzc_api.schema.selection.loaders import SelectionLoaders
from nzc_api.schema.sites.loaders import SiteLoaders
from nzc_api.schema.statements.loaders import StatementLoaders
from nzc_api.schema.targets.loaders import TargetLoaders


class Loaders(
    AuditingLoaders,
    CreditLoaders,
    DocumentLoaders,
    EvaluationLoaders,
    FeedLoaders,
    FinanceLoaders,
    InventoryLoaders,
    MeasureLoaders,
    MeterLoaders,
    MonitoringLoaders,
    OrganisationLoaders,
    PilotLoaders,
    PlanLoaders,
    SelectionLoaders,
    SiteLoaders,
    StatementLoaders,
    TargetLoaders,
):
    """What one operation, or several side by side, ask; made when it is first asked."""
