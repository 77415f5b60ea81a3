"""``nzc import``: a registry's file, from its own machine."""

from pathlib import Path
from typing import Annotated

import typer

from nzc_api.importing.lane import Api, import_retirements
from nzc_api.importing.rows import rows_of
from nzc_api.refusal import Failed

imports = typer.Typer(help="Send a file of any length through the API.", no_args_is_help=True)


@imports.callback()
def _only_commands() -> None:
    """Send a file of any length through the API."""


@imports.command()
def retirements(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or .jsonl.")],
    key: Annotated[str, typer.Option(envvar="NZC_KEY", help="The registry's API key.")],
    url: Annotated[
        str, typer.Option(envvar="NZC_URL", help="The API.")
    ] = "http://127.0.0.1:8000/graphql",
    result: Annotated[
        Path | None, typer.Option(help="The outcomes. Default: FILE with .result.csv.")
    ] = None,
) -> None:
    """Retire what each row says. Run it again after a kill: nothing is posted twice.

    Columns: programme, serials, pilot (its code), year, retired_on; and, where wanted,
    idempotency_key, quantity, holder (its id), registry_reference. Ends with 1 if a row was rejected.
    """
    outcomes = result or file.with_name(f"{file.name}.result.csv")
    api = Api(url, key)
    try:
        api.greet()
        total = sum(1 for _ in rows_of(file))
        with typer.progressbar(length=total, label="retirements") as bar:
            counts = import_retirements(api, rows_of(file), outcomes, bar.update)
    except Failed as failed:
        typer.secho(str(failed), fg="red", err=True)
        raise typer.Exit(1) from None
    told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
    typer.echo(
        f"{total} rows: {told or 'none'}. Their outcomes are in {outcomes}. 共{total}行，结果见{outcomes}。"
    )
    if counts.keys() - {"COMMITTED", "REPLAYED"}:
        raise typer.Exit(1)
