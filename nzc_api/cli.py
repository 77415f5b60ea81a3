"""The ``nzc`` command."""

import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO
from uuid import uuid4

import typer
from pydantic import ValidationError

from nzc_api.access.principals import Role
from nzc_api.access.service import AccessService, IssueApiKey, RegisterOrganisation
from nzc_api.database.address import check_address
from nzc_api.database.checks import check_database, check_server, check_sessions
from nzc_api.database.embedded import OWNER_LOGIN, EmbeddedPostgres
from nzc_api.database.engine import Database, DatabaseUnavailable
from nzc_api.database.folder import HeldFolder, only_one, prepare_folder
from nzc_api.database.migrate import head_revision
from nzc_api.database.migrate import migrate as migrate_database
from nzc_api.demo import load_demo
from nzc_api.files.words import programme_of
from nzc_api.importing.command import imports
from nzc_api.keys import lines_of
from nzc_api.ledger.audit import CHECKS, MOST_ROWS, Broken, Check
from nzc_api.ledger.audit import audit as audit_ledger
from nzc_api.ledger.programmes import PROGRAMMES, Programme
from nzc_api.ledger.reconcile import Outcome
from nzc_api.ledger.reconcile_file import ReportWriter
from nzc_api.ledger.reconcile_service import reconcile as reconcile_list
from nzc_api.log.adopting import adopt as adopt_log
from nzc_api.log.requests import Actor
from nzc_api.log.store import Outcome as Answer
from nzc_api.refusal import Failed, LocalizedText
from nzc_api.release import RELEASE
from nzc_api.services import Nzc
from nzc_api.settings import Settings
from nzc_api.stopping import Stop, Stopped
from nzc_api.wrong_settings import problems_of

logger = logging.getLogger(__name__)

app = typer.Typer(
    help="NZC: near-zero-carbon accounting and the carbon-credit ledger. Settings are NZC_… variables: "
    "see docs/settings.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(imports, name="import")

keys = typer.Typer(
    help="API keys, which the operator lists, lets expire and revokes.", no_args_is_help=True
)
app.add_typer(keys, name="keys")

KeyArgument = Annotated[int, typer.Argument(help="The key: its position, as `nzc keys list` says.")]

FIRST_QUERY = """{ pilot(by: {code: "DEMO-BUILDING"}) { netEmissions(period: {year: 2022}) {
    gross { co2e } sinks { co2e } purchasedReductions { quantity } netCo2e } } }"""

OUTCOMES: dict[Outcome, LocalizedText] = {
    Outcome.MATCHED: LocalizedText("一致", "matched"),
    Outcome.MISSING_HERE: LocalizedText("本系统缺失", "missing here"),
    Outcome.MISSING_THERE: LocalizedText("登记机构缺失", "missing there"),
    Outcome.DIFFERENT: LocalizedText("不一致", "different"),
    Outcome.UNREADABLE: LocalizedText("无法识别", "unreadable"),
}

# Of the names of checks, so that the progress bar stays where it is.
WIDEST = max(len(check.name.en) for check in CHECKS)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"NZC {RELEASE} (tables {head_revision()})")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which release."),
    ] = False,
) -> None:
    pass


@app.command()
def serve() -> None:
    """Serve the API: from NZC_DATABASE_URL, or from the embedded PostgreSQL."""
    from nzc_api.processes import serve_at  # noqa: PLC0415  half of what a command would load

    with _reported() as stop:
        settings = Settings()
        with _database(settings, stop, alone=True) as (url, owner_url):
            if settings.database_url is None:
                stop.run(migrate_database(owner_url))
            away = stop.run(_check(settings, url))
            serve_at(settings, url, stop, lambda at: _say_serving(at, away))


@app.command()
def demo() -> None:
    """Migrate, load labelled demo data once, and serve; what `make run` does."""
    from nzc_api.processes import serve_at  # noqa: PLC0415  as above

    with _reported() as stop:
        settings = Settings().for_oneself()
        prepare_folder(settings.data_dir)
        with _database(settings, stop, alone=True) as (url, owner_url):
            stop.run(migrate_database(owner_url))
            keys = stop.run(_load_demo(settings, url))
            serve_at(settings, url, stop, lambda at: _welcome(at, keys), loopback_origins=True)


@app.command()
def migrate() -> None:
    """Bring the database to this release's tables, as its owner."""
    with _reported() as stop:
        with _database(Settings(), stop) as (_, owner_url):
            stop.run(migrate_database(owner_url))
        typer.echo("The database is at this release's tables. 数据库的表结构已与本版本一致。")


@app.command()
def adopt() -> None:
    """Make a restored copy that goes on by itself a log of its own, as the database's owner; while no NZC
    serves from it. Ids and positions of the other history are known as foreign from then on."""
    with _reported() as stop, _database(Settings(), stop, alone=True) as (_, owner_url):
        before, after = stop.run(adopt_log(owner_url))
    typer.echo(f"The log was {before} and is {after}. 日志原为{before}，现为{after}。")


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from nzc_api.schema.schema import schema as graphql_schema  # noqa: PLC0415  as above

    typer.echo(graphql_schema.as_str())


@app.command()
def audit() -> None:
    """Recompute everything that must hold of the ledger; ends with 1, and the rows that are wrong,
    where something does not."""
    with _reported() as stop, _database(Settings(), stop) as (url, _):
        broken = stop.run(_audit(url))
    for found in broken:
        typer.echo(f"✗ {found.check.name.en} {found.check.name.zh}")
        for row in found.rows:
            typer.echo("  " + " ".join(f"{name}={value}" for name, value in row.items()))
        if len(found.rows) == MOST_ROWS:
            typer.echo(f"  … the first {MOST_ROWS} rows 仅列前{MOST_ROWS}行")
    if broken:
        _complain(f"{len(broken)} of {len(CHECKS)} checks fail. {len(broken)}项检查未通过。")
        raise typer.Exit(1)
    typer.echo(f"All {len(CHECKS)} checks hold. {len(CHECKS)}项检查全部通过。")


@app.command()
def reconcile(
    programme: Annotated[str, typer.Argument(help="The programme, such as CCER.")],
    file: Annotated[
        Path,
        typer.Argument(
            help="The registry's own list of units: see docs/how-to/auditor.md.",
            exists=True,
            dir_okay=False,
        ),
    ],
    report: Annotated[
        Path | None, typer.Option(help="Where the rows go, as CSV. Default: standard output.")
    ] = None,
) -> None:
    """Compare a registry's list of units with the ledger; ends with 0 only where all of it matches."""
    code = programme_of(programme)
    if code is None:
        known = ", ".join(PROGRAMMES)
        raise typer.BadParameter(f"a programme is one of {known} 机制须为以下之一：{known}")
    with _reported() as stop, _database(Settings(), stop) as (url, _), _report_to(report) as out:
        summary = stop.run(_reconcile(url, PROGRAMMES[code], file, out))
    for outcome, words in OUTCOMES.items():
        rows, tonnes = summary.get(outcome, (0, 0))
        typer.echo(f"{words.zh} {words.en}: {rows} rows 行, {tonnes} t", err=True)
    if set(summary) - {Outcome.MATCHED}:
        raise typer.Exit(1)


@app.command()
def organisation(
    role: Annotated[Role, typer.Argument(help="What it may write and see.")],
    name_zh: Annotated[str, typer.Argument(help="Its name in Chinese.")],
    name_en: Annotated[str, typer.Argument(help="Its name in English.")],
    programme: Annotated[
        list[str] | None, typer.Option(help="A programme of a registry; may be repeated.")
    ] = None,
) -> None:
    """Register an organisation and issue it a key: how the first administrator comes to be."""
    command = RegisterOrganisation(LocalizedText(name_zh, name_en), role, tuple(programme or ()))
    with _reported() as stop, _database(Settings(), stop) as (url, _):
        stop.run(_register(url, command))


@keys.command("list")
def list_keys() -> None:
    """All keys, oldest first, as a table with tabs: never a secret, which nobody has."""

    async def show(url: str) -> None:
        async with _nzc(url) as nzc:
            async for line in lines_of(nzc.services.access.all_api_keys()):
                typer.echo(line)

    with _reported() as stop, _database(Settings(), stop) as (url, _):
        stop.run(show(url))


@keys.command("expire")
def expire_key(
    key: KeyArgument,
    at: Annotated[
        str | None, typer.Option(help="When, such as 2027-01-31T00:00:00+08:00. Default: now.")
    ] = None,
) -> None:
    """Say when a key expires. What was said last holds."""
    time = None if at is None else _time_of(at)
    _do_with_keys(lambda access: access.expire_api_key_as(Actor(), str(uuid4()), key, time))
    typer.echo(f"Key {key} expires {at or 'now'}. 密钥{key}的到期时间：{at or '现在'}。")


@keys.command("revoke")
def revoke_key(key: KeyArgument) -> None:
    """Revoke a key, for good."""
    _do_with_keys(lambda access: access.revoke_api_key_as(Actor(), str(uuid4()), key))
    typer.echo(f"Key {key} is revoked. 密钥{key}已撤销。")


def _time_of(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = datetime.min  # noqa: DTZ901  (it has no offset, as the message says)
    if time.tzinfo is None:
        raise typer.BadParameter(
            f"“{text}”不是带时区的时间，例如 2027-01-31T00:00:00+08:00。 “{text}” is no time with an "
            "offset, such as 2027-01-31T00:00:00+08:00."
        )
    return time


def _do_with_keys(work: Callable[[AccessService], Awaitable[Answer]]) -> None:
    async def done(url: str) -> Answer:
        async with _nzc(url) as nzc:
            return await work(nzc.services.access)

    with _reported() as stop, _database(Settings(), stop) as (url, _):
        refusal = stop.run(done(url)).refusal
    if refusal is not None:
        raise typer.BadParameter(f"{refusal.message.en} {refusal.message.zh}")


async def _register(url: str, command: RegisterOrganisation) -> None:
    async with _nzc(url) as nzc:
        access = nzc.services.access
        outcome = await access.register_organisation_as(Actor(), str(uuid4()), command)
        if outcome.refusal is not None:
            raise typer.BadParameter(f"{outcome.refusal.message.en} {outcome.refusal.message.zh}")
        assert outcome.position is not None
        issued = await access.issue_api_key_as(
            Actor(), str(uuid4()), IssueApiKey(outcome.position, "first key")
        )
        typer.echo(
            f"Organisation at position {outcome.position}; its key, shown once: "
            f"组织的记录位置为{outcome.position}，其密钥仅显示一次："
        )
        typer.echo(issued.secret)


async def _audit(url: str) -> list[Broken]:
    # Which guards are not as they should be, it says itself.
    async with _nzc(url, check_server) as nzc:
        with typer.progressbar(length=1, file=sys.stderr, show_eta=False) as bar:

            def told(done: int, total: int, check: Check) -> None:
                bar.length, bar.label = total, check.name.en.ljust(WIDEST)
                bar.update(done - bar.pos)

            return await audit_ledger(nzc.database, told)


async def _reconcile(
    url: str, programme: Programme, path: Path, out: TextIO
) -> dict[Outcome, tuple[int, int]]:
    """Write the report; the rows and tonnes of each outcome."""
    summary: dict[Outcome, tuple[int, int]] = {}
    write = ReportWriter(out)
    async with _nzc(url) as nzc:
        async for item in reconcile_list(nzc.database, programme, path):
            outcome, tonnes = write(item)
            rows, before = summary.get(outcome, (0, 0))
            summary[outcome] = rows + 1, before + tonnes
    return summary


@contextmanager
def _report_to(path: Path | None) -> Iterator[TextIO]:
    """Where a report goes; a file starts with a byte order mark, which spreadsheets ask for."""
    if path is None:
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield file


async def _check(settings: Settings, url: str) -> DatabaseUnavailable | None:
    """Refuse an unfit database now. One that is away, which is returned, is waited for, and found fit or
    not then."""
    try:
        async with _nzc(url) as nzc:
            await _check_sessions(settings, nzc)
    except DatabaseUnavailable as error:
        return error
    return None


def _say_serving(address: str, away: DatabaseUnavailable | None) -> None:
    typer.echo(f"NZC serves {address}/graphql 已就绪")
    if away is not None:
        logger.warning("database_not_reached", extra={"reason": away.reason.en, "cause": str(away)})


async def _check_sessions(settings: Settings, nzc: Nzc) -> None:
    await check_sessions(nzc.database, settings.processes * settings.connections)


async def _load_demo(settings: Settings, url: str) -> dict[str, str] | None:
    async with _nzc(url) as nzc:
        await _check_sessions(settings, nzc)
        keys = await load_demo(nzc.services, settings.data_dir)
        return None if keys is None else dict(keys)


@asynccontextmanager
async def _nzc(
    url: str, check: Callable[[Database], Awaitable[None]] = check_database
) -> AsyncIterator[Nzc]:
    nzc = Nzc.on(Database(url))
    async with nzc.running():
        await check(nzc.database)
        yield nzc


@contextmanager
def _database(settings: Settings, stop: Stop, *, alone: bool = False) -> Iterator[tuple[str, str]]:
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


def _welcome(address: str, keys: dict[str, str] | None) -> None:
    typer.echo(f"\nNZC is at {address}/graphql (open it in a browser for GraphiQL).")
    typer.echo("NZC已启动，用浏览器打开上述地址即可使用GraphiQL。\n")
    typer.echo("可粘贴的第一个查询 A first query to paste:\n\n" + FIRST_QUERY + "\n")
    if keys is None:
        typer.echo("This database holds other data than the demo's: nothing was loaded.")
        typer.echo("该数据库已有示例以外的数据，未载入示例。")
        return
    typer.echo(
        "The data is a demo, made up. To write, or see what is not public, send a key as the header"
    )
    typer.echo("数据为虚构的示例。写入或查看未公开的内容时，请以下列密钥之一作为请求头")
    typer.echo('{"Authorization": "Bearer <key>"}:\n')
    for role, secret in keys.items():
        typer.echo(f"  {role:<15} {secret}")
    typer.echo("\nCtrl-C stops it; the data stays. 按Ctrl-C停止，数据保留。")


@contextmanager
def _reported() -> Iterator[Stop]:
    """Say what is wrong in one line, without a traceback; being asked to stop is not wrong."""
    stop = Stop()
    try:
        with stop.heard():
            yield stop
    except Stopped as stopped:
        raise typer.Exit(128 + stopped.number) from None  # as a shell has it
    except ValidationError as error:
        for problem in problems_of(error):
            _complain(problem)
        raise typer.Exit(1) from None
    except Failed as failed:
        _complain(str(failed))
        raise typer.Exit(1) from None


def _complain(text: str) -> None:
    typer.secho(" ".join(text.split()), fg="red", err=True)
