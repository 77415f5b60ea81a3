"""The composition root: a database, what NZC can do with it, and the application that serves it."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route, WebSocketRoute

from nzc_api.database.engine import Database, DatabaseUnavailable, UnfitDatabase
from nzc_api.documents.folder import Folder
from nzc_api.documents.uploads import CLEAN_SECONDS, UploadService
from nzc_api.figures import show_figures
from nzc_api.outbound.posting import Outbound
from nzc_api.overload import Overloaded
from nzc_api.proofs.keys import read_key
from nzc_api.proofs.service import GROW_SECONDS
from nzc_api.proofs.witnesses import Witness
from nzc_api.proofs.witnessing import ASK_SECONDS, WitnessService
from nzc_api.schema.engine.followers import ShownEvents, Subscriptions
from nzc_api.schema.feed.types import SUBJECTS
from nzc_api.schema.kit.context import Execution
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.schema import schema
from nzc_api.services import Chore, Nzc, services_on
from nzc_api.settings import Settings
from nzc_api.shortcuts.install import install
from nzc_api.transport.certificates import CertificateFiles
from nzc_api.transport.conditional import Answers
from nzc_api.transport.documents import DocumentFiles
from nzc_api.transport.evidence import EvidenceFiles
from nzc_api.transport.exporting import LogExport
from nzc_api.transport.failures import Failures
from nzc_api.transport.front import Front
from nzc_api.transport.graphiql import ASSETS, Assets
from nzc_api.transport.health import Readiness, live
from nzc_api.transport.intervals import IntervalFiles
from nzc_api.transport.log_files import LogFiles
from nzc_api.transport.packs import PackFiles
from nzc_api.transport.rates import Rates
from nzc_api.transport.reconciliations import Reconciliations
from nzc_api.transport.reports import ReportFiles
from nzc_api.transport.request_log import RequestLog
from nzc_api.transport.schemas import event_schema, event_schemas
from nzc_api.transport.tables import Tables
from nzc_api.transport.unrouted import unrouted
from nzc_api.transport.view import GraphQLView
from nzc_api.webhooks.delivering import DELIVER_SECONDS, DeliveryService, Named
from nzc_api.webhooks.sending import Sender
from nzc_api.worker import Worker


def create_app(url: str, settings: Settings, front: Front = Front()) -> Starlette:  # noqa: B008
    """The application that serves the database at ``url``."""
    if settings.shortcuts:
        install(schema)
    log_key = read_key(settings.log_key_file) if settings.log_key_file else None
    nzc = Nzc.on(
        Database(url, settings.pool_size, commit_seconds=settings.commit_wait_seconds),
        same_site_metres=settings.same_site_metres,
        two_persons_above=settings.two_persons_above,
        log_key=log_key,
        webhook_networks=settings.webhook_networks,
    )
    apart = nzc.database.beside(settings.dear_operations)
    worker = Worker(settings.dear_operations, settings.dear_operations_waiting)
    execution = Execution(
        worker,
        services_on(
            nzc.services.log.beside(apart),
            nzc.poster,
            uses=nzc.services.access.uses,
            same_site_metres=settings.same_site_metres,
            log_key=log_key,
            webhook_networks=settings.webhook_networks,
        ),
        settings.operation_seconds,
        ShownEvents(),
        Subscriptions(settings.subscriptions, settings.subscriptions_of_one),
    )
    deliveries = deliveries_of(nzc, settings)
    witnesses = witnesses_of(nzc, settings)
    show_figures(nzc, execution, deliveries, witnesses)
    readiness = Readiness(nzc.services.log, settings.two_persons_above)
    view = GraphQLView(
        nzc.services,
        execution,
        readiness,
        Rates(settings.requests_per_second),
        Answers(settings.kept_answers_megabytes * 1024 * 1024),
    )
    uploads = UploadService(nzc.services.log, Folder(settings.documents))
    files = DocumentFiles(view, uploads)
    intervals = IntervalFiles(view)
    reports = ReportFiles(view)
    packs = PackFiles(view, files, reports)
    certificates = CertificateFiles(view, settings.public_url)
    evidence = EvidenceFiles(view)
    exports = LogExport(view)
    reconciliations = Reconciliations(view)
    log_files = LogFiles(nzc.services.proofs, readiness, view.rates)

    async def grow() -> None:
        await readiness.sure()
        await nzc.services.proofs.grow()

    async def deliver() -> None:
        await readiness.sure()
        await deliveries.deliver()

    async def ask() -> None:
        await readiness.sure()
        await witnesses.ask()

    chores: list[Chore] = [(uploads.clean, CLEAN_SECONDS), (grow, GROW_SECONDS)]
    if settings.witnesses:
        chores.append((ask, ASK_SECONDS))
    if settings.webhooks:
        chores.append((deliver, DELIVER_SECONDS))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with aclosing(deliveries), aclosing(witnesses), nzc.running(*chores):
            worker.start()
            # Else the first request would wait for that. Where it cannot be served from, each is told so.
            with suppress(DatabaseUnavailable, UnfitDatabase, Overloaded):
                await readiness.head()
            yield
            await worker.stop(apart.close)

    app = Starlette(
        lifespan=lifespan,
        exception_handlers={HTTPException: unrouted},
        middleware=[Middleware(RequestLog), Middleware(Failures), *front.middleware()],
        routes=[
            # Relative, for a proxy may serve them under a path that NZC does not know.
            Route("/", RedirectResponse("graphql")),
            Route("/graphql/", RedirectResponse("../graphql")),
            Route("/graphql", view),
            WebSocketRoute("/graphql", view),
            Route("/documents", files.upload, methods=["POST"]),
            Route("/documents/{id}", files.download, methods=["GET"]),
            Route("/intervals", intervals.post, methods=["POST"]),
            Route("/export", exports.export, methods=["GET"]),
            Route("/export.csv", exports.export_rows, methods=["GET"]),
            Route("/schemas/events.json", event_schemas, methods=["GET"]),
            Route("/schemas/events/{name}.json", event_schema, methods=["GET"]),
            *reports.routes,
            Route("/evaluations/{id}/pack.zip", packs.download, methods=["GET"]),
            *reconciliations.routes,
            *Tables(view).routes,
            *certificates.routes,
            Route("/evidence/{pilot}/{year}.zip", evidence.download, methods=["GET"]),
            Route("/log/checkpoint", log_files.checkpoint, methods=["GET"]),
            Route("/log/checkpoint/cosigned", log_files.cosigned, methods=["GET"]),
            Route("/log/tile/{tile:path}", log_files.tile, methods=["GET"]),
            Route("/health/live", live),
            Route("/health/ready", readiness.ready),
            Mount(f"/{ASSETS}", Assets()),
        ],
    )
    app.router.redirect_slashes = False  # By an absolute address, which a proxy may not know.
    return app


def deliveries_of(nzc: Nzc, settings: Settings) -> DeliveryService:
    """What posts to the webhooks of a process that serves."""
    services = nzc.services
    return DeliveryService(
        services.log,
        services.feed,
        services.access,
        services.webhooks,
        Sender(Outbound(settings.webhook_networks)),
        Named(lambda log_id: Ids(log_id).of, SUBJECTS, settings.address),
        busy=lambda: nzc.poster.busy,
    )


def witnesses_of(nzc: Nzc, settings: Settings) -> WitnessService:
    """What asks the witnesses of a process that serves."""
    return WitnessService(
        nzc.services.log,
        nzc.services.proofs,
        list(map(Witness.read, settings.witnesses)),
        Outbound(settings.webhook_networks),
    )
