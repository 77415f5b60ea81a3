"""The composition root: a database, what NZC can do with it, and the application that serves it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

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
from nzc_api.transport.repeats import Repeats
from nzc_api.transport.reports import ReportFiles
from nzc_api.transport.request_log import RequestLog
from nzc_api.transport.schemas import event_schema, event_schemas
from nzc_api.transport.tables import Tables
from nzc_api.transport.unrouted import unrouted
from nzc_api.transport.view import GraphQLView
from nzc_api.webhooks.delivering import DELIVER_SECONDS, DeliveryService, EventNamings
from nzc_api.webhooks.sending import Sender
from nzc_api.worker import Worker


class NzcApplication(Starlette):
    """Starlette's, without what it has for failures that nobody expects: ``Failures`` tells of them."""

    def build_middleware_stack(self) -> ASGIApp:
        outermost = super().build_middleware_stack()
        assert isinstance(outermost, ServerErrorMiddleware)
        return outermost.app


def create_app(url: str, settings: Settings, front: Front = Front()) -> Starlette:  # noqa: B008
    """The application that serves the database at ``url``."""
    if settings.shortcuts:
        install(schema)
    log_key = read_key(settings.log_key_file) if settings.log_key_file else None
    nzc = nzc_at(url, settings, log_key)
    apart = nzc.database.beside(settings.dear_operations)
    execution = execution_of(nzc, apart, settings, log_key)
    deliveries = deliveries_of(nzc, settings)
    witnesses = witnesses_of(nzc, settings)
    show_figures(nzc, execution, deliveries, witnesses)
    readiness = Readiness(nzc.services.log, settings.two_persons_above)
    answers = Answers(settings.kept_answers_megabytes * 1024 * 1024)
    rates = Rates(settings.requests_per_second)
    view = GraphQLView(
        services=nzc.services,
        execution=execution,
        readiness=readiness,
        rates=rates,
        answers=answers,
    )
    uploads = UploadService(nzc.services.log, Folder(settings.documents))
    chores: list[Chore] = [
        (uploads.clean, CLEAN_SECONDS),
        (once_sure(readiness, nzc.services.proofs.grow), GROW_SECONDS),
    ]
    if settings.witnesses:
        chores.append((once_sure(readiness, witnesses.ask), ASK_SECONDS))
    if settings.webhooks:
        chores.append((once_sure(readiness, deliveries.deliver), DELIVER_SECONDS))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with nzc.running(*chores):
            execution.worker.start()
            # Else the first request would wait for that. Where it cannot be served from, each is told so.
            with suppress(DatabaseUnavailable, UnfitDatabase, Overloaded):
                await readiness.head()
            yield
            await execution.worker.stop(apart.close)

    app = NzcApplication(
        lifespan=lifespan,
        exception_handlers={HTTPException: unrouted},
        middleware=[
            Middleware(RequestLog),
            Middleware(Failures),
            *front.middleware(Middleware(Repeats, view.stands, answers)),
        ],
        routes=routes_of(nzc, view, readiness, uploads, settings),
    )
    app.router.redirect_slashes = False  # By an absolute address, which a proxy may not know.
    return app


def nzc_at(url: str, settings: Settings, log_key: Ed25519PrivateKey | None) -> Nzc:
    """NZC at work on the database at ``url``."""
    return Nzc.on(
        Database(url, settings.pool_size, commit_seconds=settings.commit_wait_seconds),
        same_site_metres=settings.same_site_metres,
        two_persons_above=settings.two_persons_above,
        log_key=log_key,
        webhook_networks=settings.webhook_networks,
    )


def execution_of(
    nzc: Nzc, apart: Database, settings: Settings, log_key: Ed25519PrivateKey | None
) -> Execution:
    """How operations are executed: dear ones in a thread with connections ``apart``."""
    return Execution(
        worker=Worker(settings.dear_operations, settings.dear_operations_waiting),
        services=services_on(
            nzc.services.log.beside(apart),
            nzc.poster,
            uses=nzc.services.access.uses,
            same_site_metres=settings.same_site_metres,
            log_key=log_key,
            webhook_networks=settings.webhook_networks,
        ),
        seconds=settings.operation_seconds,
        shown_events=ShownEvents(),
        subscriptions=Subscriptions(settings.subscriptions, settings.subscriptions_of_one),
    )


def once_sure(
    readiness: Readiness, chore: Callable[[], Awaitable[object]]
) -> Callable[[], Awaitable[None]]:
    """The chore, each time once it is sure that the database is the one that is served from."""

    async def done() -> None:
        await readiness.sure()
        await chore()

    return done


def routes_of(
    nzc: Nzc,
    view: GraphQLView,
    readiness: Readiness,
    uploads: UploadService,
    settings: Settings,
) -> list[BaseRoute]:
    """What is served, by its address."""
    files = DocumentFiles(view, uploads)
    reports = ReportFiles(view)
    packs = PackFiles(view, files, reports)
    exports = LogExport(view)
    log_files = LogFiles(nzc.services.proofs, readiness, view.rates)
    return [
        # What is asked for most comes first: each route is compared in turn.
        Route("/graphql", view),
        # Relative, for a proxy may serve them under a path that NZC does not know.
        Route("/", RedirectResponse("graphql")),
        Route("/graphql/", RedirectResponse("../graphql")),
        WebSocketRoute("/graphql", view),
        Route("/documents", files.upload, methods=["POST"]),
        Route("/documents/{id}", files.download, methods=["GET"]),
        Route("/intervals", IntervalFiles(view).post, methods=["POST"]),
        Route("/export", exports.export, methods=["GET"]),
        Route("/export.csv", exports.export_rows, methods=["GET"]),
        Route("/schemas/events.json", event_schemas, methods=["GET"]),
        Route("/schemas/events/{name}.json", event_schema, methods=["GET"]),
        *reports.routes,
        Route("/evaluations/{id}/pack.zip", packs.download, methods=["GET"]),
        *Reconciliations(view).routes,
        *Tables(view).routes,
        *CertificateFiles(view, settings.public_url).routes,
        Route("/evidence/{pilot}/{year}.zip", EvidenceFiles(view).download, methods=["GET"]),
        Route("/log/checkpoint", log_files.checkpoint, methods=["GET"]),
        Route("/log/checkpoint/cosigned", log_files.cosigned, methods=["GET"]),
        Route("/log/tile/{tile:path}", log_files.tile, methods=["GET"]),
        Route("/health/live", live),
        Route("/health/ready", readiness.ready),
        Mount(f"/{ASSETS}", Assets()),
    ]


def deliveries_of(nzc: Nzc, settings: Settings) -> DeliveryService:
    """What posts to the webhooks of a process that serves."""
    services = nzc.services
    return DeliveryService(
        log=services.log,
        feed=services.feed,
        access=services.access,
        webhooks=services.webhooks,
        sender=Sender(Outbound(settings.webhook_networks)),
        named=EventNamings(lambda log_id: Ids(log_id).of, SUBJECTS, settings.address),
        busy=lambda: nzc.poster.busy,
    )


def witnesses_of(nzc: Nzc, settings: Settings) -> WitnessService:
    """What asks the witnesses of a process that serves."""
    return WitnessService(
        log=nzc.services.log,
        proofs=nzc.services.proofs,
        witnesses=list(map(Witness.read, settings.witnesses)),
        outbound=Outbound(settings.webhook_networks),
    )
