"""``nzc pack``: from any machine, through the API, as whoever has the key sees it."""

from pathlib import Path
from typing import Annotated

import typer

from nzc_api.packing.asking import Asking
from nzc_api.packing.pack import pack as pack_up
from nzc_api.refusal import Failed

app = typer.Typer()

LOCAL = "http://127.0.0.1:8000/graphql"


@app.callback()
def _only_commands() -> None:
    """A pilot's year in one file."""


@app.command()
def pack(
    pilot: Annotated[str, typer.Option(help="The pilot's code.")],
    year: Annotated[int, typer.Option(help="The calendar year of its accounting period.")],
    key: Annotated[
        str, typer.Option(envvar="NZC_KEY", help="The API key: the pack has what its owner sees.")
    ],
    url: Annotated[str, typer.Option(envvar="NZC_URL", help="The API.")] = LOCAL,
    as_of: Annotated[int | None, typer.Option(help="A position of the log. Default: now.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="The ZIP. Default: the code and the year.")
    ] = None,
) -> None:
    """Pack all that is known of a pilot's year into a ZIP: application, target, measures, statement, inventories with
    their workings, retirements, verification, documents; and a manifest with the SHA-256 of each part and what is
    missing. As of one position and for one key it is the same bytes each time.
    """
    asking = Asking(url, key, as_of)
    file = file or Path(f"{pilot}-{year}.zip")
    try:
        made = pack_up(asking, pilot, year, file)
    except Failed as failed:
        typer.secho(str(failed), fg="red", err=True)
        raise typer.Exit(1) from None
    for part, why in made.missing:
        typer.echo(f"- {part}: {why.en} {why.zh}")
    typer.echo(
        f"{len(made.entries)} parts as of position {asking.position}, {len(made.missing)} missing, in {file}. "
        f"依据日志位置{asking.position}，共{len(made.entries)}部分，缺少{len(made.missing)}部分，见{file}。"
    )
