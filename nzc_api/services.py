"""What NZC can do with a database, and NZC at work on one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nzc_api.access.service import AccessService, KeyUses
from nzc_api.database.engine import Database, DatabaseUnavailable, UnfitDatabase
from nzc_api.documents.service import DocumentService
from nzc_api.evaluation.service import EvaluationService
from nzc_api.evidenced import PILOTS_OF
from nzc_api.feed.service import Feed
from nzc_api.finance.service import FinanceService
from nzc_api.inventories.creation import CreationService
from nzc_api.inventories.drafting import DraftService
from nzc_api.inventories.service import InventoryService, object_to_amendment
from nzc_api.inventories.store import read_inventories_on
from nzc_api.ledger.posting.poster import Poster
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.projects.site_service import SiteService
from nzc_api.ledger.reading.trace import Trace
from nzc_api.ledger.reconciling.service import ReconcilingService
from nzc_api.ledger.service import LedgerService, object_to_closure
from nzc_api.ledger.store import read_postings_on
from nzc_api.log.service import Log
from nzc_api.management.service import ManagementService
from nzc_api.measures.service import MeasureService
from nzc_api.metering.bulk import IntervalService
from nzc_api.metering.drafting import MeteredDraftService
from nzc_api.metering.gap_filling import GapService
from nzc_api.metering.recording import RecordingService
from nzc_api.metering.service import MeterService
from nzc_api.monitoring.baseline_service import BaselineService
from nzc_api.monitoring.service import MonitoringService
from nzc_api.monitoring.watching import WatchService
from nzc_api.outbound.addresses import Network
from nzc_api.overload import Overloaded
from nzc_api.pilots.service import PilotService
from nzc_api.pilots.sites import SAME_SITE_METRES
from nzc_api.plans.service import PlanService
from nzc_api.proofs.service import ProofService
from nzc_api.province.service import ProvinceService
from nzc_api.reports.service import ReportService
from nzc_api.requirements.service import RequirementService
from nzc_api.retirement_certificates.service import CertificateService
from nzc_api.selection.service import SelectionService
from nzc_api.statements.service import StatementService
from nzc_api.targets.service import TargetService
from nzc_api.targets.store import read_targets_on
from nzc_api.webhooks.service import WebhookService

logger = logging.getLogger(__name__)

# What is done again and again, and how many seconds after it was done.
Chore = tuple[Callable[[], Awaitable[object]], float]

# How soon after its time a retirement request is ended.
EXPIRY_SECONDS = 10

# How often the log is looked at where nobody asks for it: so it is seen that the database is away.
LOOK_SECONDS = 5

# How often it is looked what monitoring has to warn of.
WATCH_SECONDS = 300

# How often it is written when keys were last used.
USE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Services:
    """What NZC can do, room by room."""

    log: Log
    access: AccessService
    pilots: PilotService
    selection: SelectionService
    inventories: InventoryService
    creation: CreationService
    drafts: DraftService
    meters: MeterService
    readings: RecordingService
    intervals: IntervalService
    metered: MeteredDraftService
    gaps: GapService
    monitoring: MonitoringService
    baselines: BaselineService
    watch: WatchService
    ledger: LedgerService
    sites: SiteService
    trace: Trace
    reconciling: ReconcilingService
    statements: StatementService
    targets: TargetService
    measures: MeasureService
    finance: FinanceService
    management: ManagementService
    requirements: RequirementService
    plans: PlanService
    province: ProvinceService
    reports: ReportService
    evaluation: EvaluationService
    documents: DocumentService
    feed: Feed
    proofs: ProofService
    certificates: CertificateService
    webhooks: WebhookService


@dataclass(frozen=True, slots=True)
class Nzc:
    """NZC on one database: its services, and the task that posts to its ledger."""

    database: Database
    services: Services
    poster: Poster

    @classmethod
    def on(
        cls,
        database: Database,
        same_site_metres: int = SAME_SITE_METRES,
        two_persons_above: int | None = None,
        log_key: Ed25519PrivateKey | None = None,
        webhook_networks: Sequence[Network] = (),
    ) -> "Nzc":
        log = Log(database)
        poster = Poster(log, two_persons_above)
        services = services_on(
            log,
            poster,
            same_site_metres=same_site_metres,
            log_key=log_key,
            webhook_networks=webhook_networks,
        )
        return cls(database, services, poster)

    @asynccontextmanager
    async def running(self, *further: Chore) -> AsyncIterator["Nzc"]:
        """NZC at work, with ``further`` chores; at the end posting stops and the connections are closed."""
        self.poster.start()
        chores = (*self._chores, *further)
        tasks = [
            asyncio.create_task(_repeat(work, seconds), name="chore") for work, seconds in chores
        ]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await self.poster.stop()
            with suppress(DatabaseUnavailable):
                await self.services.access.note_uses()
            await self.services.access.close()
            await self.database.close()

    @property
    def _chores(self) -> Sequence[Chore]:
        return (
            (self._end_expired, EXPIRY_SECONDS),
            (self.services.log.head, LOOK_SECONDS),
            (self.services.access.note_uses, USE_SECONDS),
            (self.services.watch.watch, WATCH_SECONDS),
        )

    async def _end_expired(self) -> None:
        """End retirement requests whose time is over, soon after it is."""
        while await self.services.ledger.end_expired():
            pass


async def _repeat(work: Callable[[], Awaitable[object]], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except (DatabaseUnavailable, UnfitDatabase, Overloaded):
            continue  # It is as due a moment later.
        except Exception:
            logger.exception("what NZC does by itself failed")


def services_on(
    log: Log,
    poster: Poster,
    uses: KeyUses | None = None,
    same_site_metres: int = SAME_SITE_METRES,
    log_key: Ed25519PrivateKey | None = None,
    webhook_networks: Sequence[Network] = (),
) -> Services:
    """What NZC can do with a log; ``poster`` may run in another thread, and so may who writes the
    ``uses`` of keys."""
    database = log.database
    trace = Trace(database)
    proofs = ProofService(log, log_key)
    statements = StatementService(database, trace)
    targets = TargetService(log, statements)
    pilots = PilotService(
        log=log,
        objections=(object_to_amendment, object_to_closure),
        on_period=(read_inventories_on, read_postings_on, read_targets_on),
        same_site_metres=same_site_metres,
    )
    return Services(
        log=log,
        access=AccessService(log, tuple(PROGRAMMES), uses),
        pilots=pilots,
        selection=SelectionService(log, same_site_metres),
        inventories=InventoryService(log),
        creation=CreationService(log),
        drafts=DraftService(log),
        meters=MeterService(log),
        readings=RecordingService(log),
        intervals=IntervalService(log),
        metered=MeteredDraftService(log),
        gaps=GapService(log),
        monitoring=MonitoringService(log),
        baselines=BaselineService(log),
        watch=WatchService(log),
        ledger=LedgerService(log, poster, same_site_metres),
        sites=SiteService(log, same_site_metres),
        trace=trace,
        reconciling=ReconcilingService(log),
        statements=statements,
        targets=targets,
        measures=MeasureService(log, statements),
        finance=FinanceService(log),
        management=ManagementService(log),
        requirements=RequirementService(log),
        plans=PlanService(log),
        province=ProvinceService(pilots, statements, targets),
        reports=ReportService(database, statements),
        evaluation=EvaluationService(log, statements, trace),
        documents=DocumentService(log, PILOTS_OF),
        feed=Feed(log),
        proofs=proofs,
        certificates=CertificateService(log, proofs),
        webhooks=WebhookService(log, webhook_networks),
    )
