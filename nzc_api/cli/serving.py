"""Serving the API, with demo data or without, and its schema."""

import logging

import typer

from nzc_api.cli.reached import database, reported, running
from nzc_api.database.checks import check_sessions
from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.database.folder import prepare_folder
from nzc_api.database.migrate import migrate as migrate_database
from nzc_api.demo import load_demo
from nzc_api.processes import serve_at
from nzc_api.schema.schema import schema as graphql_schema
from nzc_api.services import Nzc
from nzc_api.settings import Settings

logger = logging.getLogger(__name__)

app = typer.Typer()

FIRST_QUERY = """{ pilot(by: {code: "DEMO-BUILDING"}) { netEmissions(period: {year: 2022}) {
    gross { co2e } sinks { co2e } purchasedReductions { quantity } netCo2e } } }"""


@app.command()
def serve() -> None:
    """Serve the API: from NZC_DATABASE_URL, or from the embedded PostgreSQL."""
    with reported() as stop:
        settings = Settings()
        with database(settings, stop, alone=True) as (url, owner_url):
            if settings.database_url is None:
                stop.run(migrate_database(owner_url))
            away = stop.run(_check(settings, url))
            serve_at(settings, url, stop, lambda at: _say_serving(at, away))


@app.command()
def demo() -> None:
    """Migrate, load labelled demo data once, and serve; what `make run` does."""
    with reported() as stop:
        settings = Settings().for_oneself()
        prepare_folder(settings.data_dir)
        with database(settings, stop, alone=True) as (url, owner_url):
            stop.run(migrate_database(owner_url))
            keys = stop.run(_load_demo(settings, url))
            serve_at(settings, url, stop, lambda at: _welcome(at, keys), loopback_origins=True)


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    typer.echo(graphql_schema.as_str())


async def _check(settings: Settings, url: str) -> DatabaseUnavailable | None:
    """Refuse an unfit database now. One that is away, which is returned, is waited for, and found fit or
    not then."""
    try:
        async with running(url) as nzc:
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
    async with running(url) as nzc:
        await _check_sessions(settings, nzc)
        keys = await load_demo(nzc.services, settings.data_dir)
        return None if keys is None else dict(keys)


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
