"""What an operator does to a database: its tables, its log, its organisations and keys."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import typer

from nzc_api.access.model import IssueApiKey, RegisterOrganisation
from nzc_api.access.principals import Role
from nzc_api.access.service import AccessService
from nzc_api.cli.reached import database, reported, running
from nzc_api.database.migrate import migrate as migrate_database
from nzc_api.ids import ApiKeyId, OrganisationId
from nzc_api.keys import lines_of
from nzc_api.log.adopting import adopt as adopt_log
from nzc_api.log.model import Outcome as Answer
from nzc_api.log.requests import Actor
from nzc_api.refusal import LocalizedText
from nzc_api.settings import Settings

app = typer.Typer()

keys = typer.Typer(
    help="API keys, which the operator lists, lets expire and revokes.", no_args_is_help=True
)
app.add_typer(keys, name="keys")

KeyArgument = Annotated[int, typer.Argument(help="The key: its position, as `nzc keys list` says.")]


@app.command()
def migrate() -> None:
    """Bring the database to this release's tables, as its owner."""
    with reported() as stop:
        with database(Settings(), stop) as (_, owner_url):
            stop.run(migrate_database(owner_url))
        typer.echo("The database is at this release's tables. 数据库的表结构已与本版本一致。")


@app.command()
def adopt() -> None:
    """Make a restored copy that goes on by itself a log of its own, as the database's owner; while no NZC
    serves from it. Ids and positions of the other history are known as foreign from then on."""
    with reported() as stop, database(Settings(), stop, alone=True) as (_, owner_url):
        before, after = stop.run(adopt_log(owner_url))
    typer.echo(f"The log was {before} and is {after}. 日志原为{before}，现为{after}。")


@app.command()
def organisation(
    role: Annotated[Role, typer.Argument(help="What it may write and see.")],
    name_zh: Annotated[str, typer.Argument(help="Its name in Chinese.")],
    name_en: Annotated[str, typer.Argument(help="Its name in English.")],
    programme: Annotated[
        list[str] | None, typer.Option(help="A programme of a registry; may be repeated.")
    ] = None,
    credit_code: Annotated[
        str | None, typer.Option(help="Its unified social credit code (统一社会信用代码).")
    ] = None,
) -> None:
    """Register an organisation and issue it a key: how the first administrator comes to be."""
    name = LocalizedText(name_zh, name_en)
    command = RegisterOrganisation(
        name=name, role=role, programmes=tuple(programme or ()), credit_code=credit_code
    )
    with reported() as stop, database(Settings(), stop) as (url, _):
        stop.run(_register(url, command))


@keys.command("list")
def list_keys() -> None:
    """All keys, oldest first, as a table with tabs: never a secret, which nobody has."""

    async def show(url: str) -> None:
        async with running(url) as nzc:
            async for line in lines_of(nzc.services.access.all_api_keys()):
                typer.echo(line)

    with reported() as stop, database(Settings(), stop) as (url, _):
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
    _do_with_keys(
        lambda access: access.expire_api_key_as(Actor(), str(uuid4()), ApiKeyId(key), time)
    )
    typer.echo(f"Key {key} expires {at or 'now'}. 密钥{key}的到期时间：{at or '现在'}。")


@keys.command("revoke")
def revoke_key(key: KeyArgument) -> None:
    """Revoke a key, for good."""
    _do_with_keys(lambda access: access.revoke_api_key_as(Actor(), str(uuid4()), ApiKeyId(key)))
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
        async with running(url) as nzc:
            return await work(nzc.services.access)

    with reported() as stop, database(Settings(), stop) as (url, _):
        refusal = stop.run(done(url)).refusal
    if refusal is not None:
        raise typer.BadParameter(f"{refusal.message.en} {refusal.message.zh}")


async def _register(url: str, command: RegisterOrganisation) -> None:
    async with running(url) as nzc:
        access = nzc.services.access
        outcome = await access.register_organisation_as(Actor(), str(uuid4()), command)
        if outcome.refusal is not None:
            raise typer.BadParameter(f"{outcome.refusal.message.en} {outcome.refusal.message.zh}")
        assert outcome.position is not None
        issued = await access.issue_api_key_as(
            Actor(), str(uuid4()), IssueApiKey(OrganisationId(outcome.position), "first key")
        )
        typer.echo(
            f"Organisation at position {outcome.position}; its key, shown once: "
            f"组织的记录位置为{outcome.position}，其密钥仅显示一次："
        )
        typer.echo(issued.secret)
