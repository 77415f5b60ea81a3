"""``nzc export``: the log in a file, from any machine, through the API, as whoever has the key sees it."""

from pathlib import Path
from typing import Annotated

import typer

from nzc_api.packing.client import Client
from nzc_api.packing.command import LOCAL
from nzc_api.packing.formats import FileFormat
from nzc_api.packing.log import export as export_log
from nzc_api.refusal import Failed

app = typer.Typer()


@app.callback()
def _only_commands() -> None:
    """The log in one file."""


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(help="The file; one whose name ends in .gz is compressed.")
    ],
    key: Annotated[
        str,
        typer.Option(envvar="NZC_KEY", help="The API key: facts are those that its owner sees."),
    ],
    url: Annotated[str, typer.Option(envvar="NZC_URL", help="The API.")] = LOCAL,
    file_format: Annotated[
        FileFormat,
        typer.Option("--format", help="Lines of JSON, or a table with the facts as JSON."),
    ] = FileFormat.JSONL,
    after: Annotated[int, typer.Option(help="The position after which to begin.")] = 0,
    until: Annotated[int | None, typer.Option(help="The last position. Default: now.")] = None,
) -> None:
    """Export the log with its facts: a line, or a row, each event. Where the connection breaks it goes on; where the
    command is ended, the next one does.
    """
    try:
        reached = export_log(Client(url, key), file, file_format, after, until)
    except Failed as failed:
        typer.secho(str(failed), fg="red", err=True)
        raise typer.Exit(1) from None
    typer.echo(
        f"Positions {after + 1} to {reached} are in {file}. 位置{after + 1}至{reached}的日志在{file}。"
    )
