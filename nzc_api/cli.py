"""The ``nzc`` command."""

import asyncio
import contextlib
import fcntl
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
import uvicorn
from pydantic import ValidationError

from nzc_api.access.principals import Role
from nzc_api.access.service import IssueApiKey, RegisterOrganisation
from nzc_api.app import Nzc, create_app
from nzc_api.database.checks import UnfitDatabase, check_database
from nzc_api.database.embedded import OWNER_LOGIN, EmbeddedPostgres, EmbeddedPostgresFailed
from nzc_api.database.engine import Database, DatabaseUnavailable
from nzc_api.database.migrate import migrate as migrate_database
from nzc_api.demo import load_demo
from nzc_api.log.requests import Actor
from nzc_api.refusal import LocalizedText
from nzc_api.schema.schema import schema as graphql_schema
from nzc_api.settings import Settings

app = typer.Typer(
    help="NZC: near-zero-carbon accounting and the carbon-credit ledger. Settings are NZC_… variables: "
    "see docs/settings.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FIRST_QUERY = """{ pilot(by: {code: "DEMO-BUILDING"}) { netEmissions(period: {year: 2022}) {
    gross { co2e } sinks { co2e } purchasedReductions { quantity } netCo2e } } }"""


@app.command()
def serve() -> None:
    """Serve the API: from NZC_DATABASE_URL, or from the embedded PostgreSQL."""
    with _reported():
        settings = Settings()
        with _database(settings) as (url, owner_url):
            if settings.database_url is None:
                asyncio.run(migrate_database(owner_url))
            _serve(settings, url, lambda address: typer.echo(f"NZC serves {address}/graphql"))


@app.command()
def demo() -> None:
    """Migrate, load labelled demo data once, and serve; what `make run` does."""
    with _reported():
        settings = Settings()
        with _database(settings) as (url, owner_url):
            asyncio.run(migrate_database(owner_url))
            keys = asyncio.run(_load_demo(settings, url))
            _serve(settings, url, lambda address: _welcome(address, keys))


@app.command()
def migrate() -> None:
    """Bring the database to this release's tables, as its owner."""
    with _reported():
        with _database(Settings()) as (_, owner_url):
            asyncio.run(migrate_database(owner_url))
        typer.echo("The database is at this release's tables.")


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    typer.echo(graphql_schema.as_str())


@app.command()
def organisation(
    role: Annotated[Role, typer.Argument(help="What it may write.")],
    name_zh: Annotated[str, typer.Argument(help="Its name in Chinese.")],
    name_en: Annotated[str, typer.Argument(help="Its name in English.")],
    programme: Annotated[
        list[str] | None, typer.Option(help="A programme of a registry; may be repeated.")
    ] = None,
) -> None:
    """Register an organisation and issue it a key: how the first administrator comes to be."""
    command = RegisterOrganisation(LocalizedText(name_zh, name_en), role, tuple(programme or ()))

    async def register(nzc: Nzc) -> None:
        access = nzc.services.access
        outcome = await access.register_organisation_as(Actor(), str(uuid4()), command)
        if outcome.refusal is not None:
            raise typer.BadParameter(f"{outcome.refusal.message.en} {outcome.refusal.message.zh}")
        assert outcome.position is not None
        issued = await access.issue_api_key_as(
            Actor(), str(uuid4()), IssueApiKey(outcome.position, "first key")
        )
        typer.echo(f"Organisation at position {outcome.position}; its key, shown once:")
        typer.echo(issued.secret)

    with _reported(), _database(Settings()) as (url, _):
        asyncio.run(_with_nzc(url, register))


async def _with_nzc(url: str, work: Callable[[Nzc], "asyncio.Future[None] | object"]) -> None:
    async with _nzc(url) as nzc:
        await work(nzc)  # type: ignore[misc]


@asynccontextmanager
async def _nzc(url: str) -> AsyncIterator[Nzc]:
    nzc = Nzc.on(Database(url))
    async with nzc.running():
        await check_database(nzc.database)
        yield nzc


async def _load_demo(settings: Settings, url: str) -> dict[str, str] | None:
    async with _nzc(url) as nzc:
        keys = await load_demo(nzc.services, settings.data_dir)
        return None if keys is None else dict(keys)


@contextmanager
def _database(settings: Settings) -> Iterator[tuple[str, str]]:
    """The database's URLs, as the API uses it and as its owner does; the embedded one is started."""
    if settings.database_url is not None:
        owner_url = settings.migration_database_url or settings.database_url
        yield settings.database_url, owner_url
        return
    embedded = EmbeddedPostgres(settings.data_dir)
    with _only_one(settings.data_dir):
        embedded.start()
        try:
            yield embedded.url(), embedded.url(OWNER_LOGIN)
        finally:
            embedded.stop()


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder; the kernel lets go of it however this process ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedPostgresFailed(
                f"NZC is running already with the data in {folder}. Stop it first, or set NZC_DATA_DIR "
                "to another folder and NZC_PORT to another port."
            ) from None
        yield


def _serve(settings: Settings, url: str, started: Callable[[str], None]) -> None:
    listener = _listen(settings)
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(
        create_app(url, settings.pool_size),
        log_level="warning",
        timeout_graceful_shutdown=3,
        ws_max_size=4 * 1024 * 1024,
    )
    shown = f"[{host}]" if ":" in host else host
    started(f"http://{shown}:{port}")
    uvicorn.Server(config).run(sockets=[listener])


def _listen(settings: Settings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise EmbeddedPostgresFailed(
            f"NZC cannot listen on {settings.host}:{settings.port}: {error.strerror}. Stop what uses it, "
            "or set NZC_PORT to another port."
        ) from error


def _welcome(address: str, keys: dict[str, str] | None) -> None:
    typer.echo(f"\nNZC is at {address}/graphql (open it in a browser for GraphiQL).\n")
    typer.echo("A first query to paste:\n\n" + FIRST_QUERY + "\n")
    if keys is None:
        typer.echo("This database holds other data than the demo's: nothing was loaded.")
        return
    typer.echo("The data is a demo, made up. To write, send one of its keys as")
    typer.echo('the header {"Authorization": "Bearer <key>"}:\n')
    for role, secret in keys.items():
        typer.echo(f"  {role:<15} {secret}")
    typer.echo("\nCtrl-C stops it; the data stays.")


@contextmanager
def _reported() -> Iterator[None]:
    """Say what is wrong in one line, without a traceback, and exit with 1."""
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    except (EmbeddedPostgresFailed, UnfitDatabase) as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from None
    except DatabaseUnavailable as error:
        typer.secho(f"PostgreSQL cannot be reached: {error}", fg="red", err=True)
        raise typer.Exit(1) from None
    except ValidationError as error:
        for problem in error.errors():
            name = f"NZC_{'_'.join(map(str, problem['loc'])).upper()}"
            typer.secho(f"{name}: {problem['msg']}", fg="red", err=True)
        raise typer.Exit(1) from None
