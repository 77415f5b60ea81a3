"""What commands have in common: the database that they reach, and what is wrong in one line."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager

import typer
from pydantic import ValidationError

from nzc_api.database.address import check_address
from nzc_api.database.checks import check_database
from nzc_api.database.embedded import OWNER_LOGIN, EmbeddedPostgres
from nzc_api.database.engine import Database
from nzc_api.database.folder import HeldFolder, only_one
from nzc_api.refusal import Failed
from nzc_api.services import Nzc
from nzc_api.settings import Settings
from nzc_api.stopping import Stop, Stopped
from nzc_api.wrong_settings import problems_of


@asynccontextmanager
async def running(
    url: str, check: Callable[[Database], Awaitable[None]] = check_database
) -> AsyncIterator[Nzc]:
    nzc = Nzc.on(Database(url))
    async with nzc.running():
        await check(nzc.database)
        yield nzc


@contextmanager
def database(settings: Settings, stop: Stop, *, alone: bool = False) -> Iterator[tuple[str, str]]:
    """The database's URLs, as the API uses it and as its owner does; the embedded one is started.

    Where NZC is at work with it already, its server is used, unless one must be ``alone``.
    """
    if settings.database_url is not None:
        owner_url = settings.migration_database_url or settings.database_url
        check_address(settings.database_url)
        yield settings.database_url, owner_url
        return
    embedded = EmbeddedPostgres(settings.data_dir)
    urls = embedded.url(), embedded.url(OWNER_LOGIN)
    with ExitStack() as held:
        try:
            held.enter_context(only_one(settings.data_dir))
        except HeldFolder:
            if alone:
                raise
            yield urls
            return
        with stop.obeyed_by(stop.check):
            embedded.make()
        try:
            embedded.start()
            stop.check()
            with embedded.kept_running():
                yield urls
        finally:
            embedded.stop()


@contextmanager
def reported() -> Iterator[Stop]:
    """Say what is wrong in one line, without a traceback; being asked to stop is not wrong."""
    stop = Stop()
    try:
        with stop.heard():
            yield stop
    except Stopped as stopped:
        raise typer.Exit(128 + stopped.number) from None  # as a shell has it
    except ValidationError as error:
        for problem in problems_of(error):
            complain(problem)
        raise typer.Exit(1) from None
    except Failed as failed:
        complain(str(failed))
        raise typer.Exit(1) from None


def complain(text: str) -> None:
    typer.secho(" ".join(text.split()), fg="red", err=True)
