"""``nzc pack``: from any machine, through the API, as whoever has the key sees it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from nzc_api.ids import Position
from nzc_api.packing.client import Client
from nzc_api.packing.file import write
from nzc_api.packs.pack import Pack, pack_of_evaluation, pack_of_year
from nzc_api.refusal import Failed

app = typer.Typer()

LOCAL = "http://127.0.0.1:8000/graphql"


@app.callback()
def _only_commands() -> None:
    """A pilot's year, or an evaluation, in one file."""


@app.command()
def pack(
    key: Annotated[
        str, typer.Option(envvar="NZC_KEY", help="The API key: the pack has what its owner sees.")
    ],
    pilot: Annotated[str | None, typer.Option(help="The pilot's code; with the year.")] = None,
    year: Annotated[
        int | None, typer.Option(help="The calendar year of its accounting period.")
    ] = None,
    evaluation: Annotated[
        str | None, typer.Option(help="The id of an evaluation, instead of a pilot's year.")
    ] = None,
    url: Annotated[str, typer.Option(envvar="NZC_URL", help="The API.")] = LOCAL,
    as_of: Annotated[
        Position | None, typer.Option(help="A position of the log. Default: now.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="The ZIP. Default: the code and the year, or evaluation.zip."),
    ] = None,
) -> None:
    """Pack all that is known of a pilot's year, or of an evaluation, into a ZIP: application, plan, measures,
    financings, management, evaluations, target, statement, inventories with their workings, retirements, verification,
    documents; and a manifest with the SHA-256 of each part and what is missing. As of one position and for one key
    it is the same bytes each time; of an evaluation, the same as `Evaluation.pack` names.
    """
    client = Client(url, key)
    begin: Callable[[], Awaitable[Pack]]
    if evaluation and not (pilot or year):
        file = file or Path("evaluation.zip")
        begin = lambda: pack_of_evaluation(client, evaluation, as_of)  # noqa: E731
    elif pilot and year and not evaluation:
        file = file or Path(f"{pilot}-{year}.zip")
        begin = lambda: pack_of_year(client, pilot, year, as_of)  # noqa: E731
    else:
        raise typer.BadParameter(
            "give --pilot and --year, or --evaluation; 请给出--pilot和--year，或--evaluation"
        )
    try:
        client.greet()
        made = asyncio.run(write(begin, file))
    except Failed as failed:
        typer.secho(str(failed), fg="red", err=True)
        raise typer.Exit(1) from None
    for part, why in made.archive.missing:
        typer.echo(f"- {part}: {why.en} {why.zh}")
    parts, missing = len(made.archive.entries), len(made.archive.missing)
    position = made.packing.asking.position
    typer.echo(
        f"{parts} parts as of position {position}, {missing} missing, in {file}. "
        f"依据日志位置{position}，共{parts}部分，缺少{missing}部分，见{file}。"
    )
