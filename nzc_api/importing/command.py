"""``nzc import``: registries' files, from their own machines."""

from pathlib import Path
from typing import Annotated

import typer

from nzc_api.files.table import open_table
from nzc_api.importing.api import Api
from nzc_api.importing.kinds import KINDS, Kind
from nzc_api.importing.lane import import_file
from nzc_api.refusal import Failed

app = typer.Typer()

imports = typer.Typer(help="Send a file of any length through the API.", no_args_is_help=True)
app.add_typer(imports, name="import")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or .jsonl.")]
Key = Annotated[str, typer.Option(envvar="NZC_KEY", help="The registry's API key.")]
Url = Annotated[str, typer.Option(envvar="NZC_URL", help="The API.")]
Result = Annotated[Path | None, typer.Option(help="The outcomes. Default: FILE with .result.csv.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Read all of it, find what it names, and post nothing.")
]
LOCAL = "http://127.0.0.1:8000/graphql"


@imports.callback()
def _only_commands() -> None:
    """Send a file of any length through the API."""


@imports.command()
def retirements(
    file: File, key: Key, url: Url = LOCAL, result: Result = None, dry_run: DryRun = False
) -> None:
    """Retire what each row says. Run it again after a kill: nothing is posted twice.

    Columns, in English or Chinese: serials, pilot (its code), year (or period), retired_on; and, where
    wanted, programme, quantity, holder, registry_reference, idempotency_key. Ends with 1 if a row was
    rejected.
    """
    _import(KINDS["retirements"], file, Api(url, key), result, dry_run=dry_run)


@imports.command()
def issuances(
    file: File, key: Key, url: Url = LOCAL, result: Result = None, dry_run: DryRun = False
) -> None:
    """Issue the block or certificate of each row. Run it again after a kill: nothing is posted twice.

    Columns, in English or Chinese: serials (or certificate), quantity, project (its code), production (or
    vintage), registered_on, holder; and, where wanted, programme, applied_on, idempotency_key, and issuance and
    issuance_quantity where one registration of reductions has several blocks. Ends with 1 if a row was rejected.
    """
    _import(KINDS["issuances"], file, Api(url, key), result, dry_run=dry_run)


@imports.command()
def transfers(
    file: File, key: Key, url: Url = LOCAL, result: Result = None, dry_run: DryRun = False
) -> None:
    """Transfer what each row says. Run it again after a kill: nothing is posted twice.

    Columns, in English or Chinese: serials, from, to; and, where wanted, programme, quantity,
    idempotency_key. Ends with 1 if a row was rejected.
    """
    _import(KINDS["transfers"], file, Api(url, key), result, dry_run=dry_run)


def _import(kind: Kind, file: Path, api: Api, result: Path | None, *, dry_run: bool) -> None:
    outcomes = result or file.with_name(f"{file.name}.result.csv")
    try:
        table = open_table(file, kind.needed)
        api.greet()
        total = sum(1 for _ in table.rows())
        with typer.progressbar(length=total, label=kind.name) as bar:
            counts = import_file(api, kind, table, outcomes, bar.update, dry_run=dry_run)
    except Failed as failed:
        typer.secho(str(failed), fg="red", err=True)
        raise typer.Exit(1) from None
    told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
    typer.echo(
        f"{total} rows: {told or 'none'}. Their outcomes are in {outcomes}. 共{total}行，结果见{outcomes}。"
    )
    if counts.keys() - {"COMMITTED", "REPLAYED", "READY"}:
        raise typer.Exit(1)
