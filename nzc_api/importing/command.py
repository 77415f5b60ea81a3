"""``nzc import``: files of registries, utilities and building systems, from their own machines."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from nzc_api.files.table import Needed, Table, open_table
from nzc_api.importing.api import Api
from nzc_api.importing.drafted import needed_of as needed_of_lines
from nzc_api.importing.drafting import MOST_ROWS, Drafting
from nzc_api.importing.kinds import KINDS, Kind
from nzc_api.importing.metered import Form, needed_of
from nzc_api.importing.posting import Posting
from nzc_api.importing.recording import Recording
from nzc_api.importing.sending import Work, import_file
from nzc_api.refusal import Failed

app = typer.Typer()

imports = typer.Typer(help="Send a file of any length through the API.", no_args_is_help=True)
app.add_typer(imports, name="import")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or .jsonl.")]
Key = Annotated[
    str,
    typer.Option(envvar="NZC_KEY", help="The API key: a registry's, an operator's or a gateway's."),
]
Url = Annotated[str, typer.Option(envvar="NZC_URL", help="The API.")]
Result = Annotated[Path | None, typer.Option(help="The outcomes. Default: FILE with .result.csv.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Read all of it, find what it names, and post nothing.")
]
PilotCode = Annotated[
    str | None, typer.Option("--pilot", help="The pilot's code, of rows that have none.")
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
    _post(KINDS["retirements"], file, Api(url, key), result, dry_run=dry_run)


@imports.command()
def issuances(
    file: File, key: Key, url: Url = LOCAL, result: Result = None, dry_run: DryRun = False
) -> None:
    """Issue the block or certificate of each row. Run it again after a kill: nothing is posted twice.

    Columns, in English or Chinese: serials (or certificate), quantity, project (its code), production (or
    vintage), registered_on, holder; and, where wanted, programme, applied_on, idempotency_key, issuance and
    issuance_quantity where one registration of reductions has several blocks, and who verified it (verified_by,
    verified_by_code, verification_report with its _dated and _sha256) with its labels (labels, labels_zh, labels_en,
    labels_issued_by, labels_from, labels_to). Ends with 1 if a row was rejected.
    """
    _post(KINDS["issuances"], file, Api(url, key), result, dry_run=dry_run)


@imports.command()
def transfers(
    file: File, key: Key, url: Url = LOCAL, result: Result = None, dry_run: DryRun = False
) -> None:
    """Transfer what each row says. Run it again after a kill: nothing is posted twice.

    Columns, in English or Chinese: serials, from, to; and, where wanted, programme, quantity,
    idempotency_key. Ends with 1 if a row was rejected.
    """
    _post(KINDS["transfers"], file, Api(url, key), result, dry_run=dry_run)


@imports.command()
def lines(
    file: File,
    key: Key,
    url: Url = LOCAL,
    result: Result = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what each row would come to, and draft nothing.")
    ] = False,
    pilot: PilotCode = None,
    period: Annotated[
        str | None,
        typer.Option(help="The year, or first and last day, of rows that have none."),
    ] = None,
    factor_list: Annotated[
        str | None, typer.Option(help="The factor list of inventories whose rows name none.")
    ] = None,
) -> None:
    """Draft an inventory of each pilot's and period's rows: all of them, or none. Nothing is submitted; run it again:
    nothing is drafted twice, and a draft that is there is never overwritten.

    Columns, in English or Chinese: category, activity (or used, quantity) with its unit, pilot (its code), year (or
    period, or period_from and period_to); factor (code or name), or carrier, or gas, or own_factor with its unit and
    source; and, where wanted, label, role, density, document, methodology, zero_factor_reason, data_quality, duty_unit,
    of green certificates certificate_prefix, certificate_first, certificate_last, certificate_mwh,
    certificate_produced, certificate_plant, and of the inventory factor_list, phase, basis, gwp_set,
    electricity_method, covers, idempotency_key. Ends with 1 if a row was not drafted.
    """
    api = Api(url, key)
    said = {"pilot": pilot, "period": period, "factor_list": factor_list}
    defaults = {name: text for name, text in said.items() if text is not None}

    def begin(table: Table) -> Work:
        return Drafting(api, Form.of(table.headings), defaults, dry_run)

    _import("lines", needed_of_lines(defaults), file, api, result, begin, MOST_ROWS)


@imports.command()
def readings(
    file: File,
    key: Key,
    url: Url = LOCAL,
    result: Result = None,
    dry_run: DryRun = False,
    pilot: PilotCode = None,
) -> None:
    """Record the reading, interval or bill of each row. Run it again after a kill: nothing is recorded twice.

    Columns, in English or Chinese: meter (its code) or supply_point (户号); of a register read_at and reading; of
    a bill used_from and used_to, or bill_period, and used, of an interval the same with times of day; and, where
    wanted, pilot (its code), unit, cost, estimated, rolled_over. Ends with 1 if a row was rejected.
    """
    api = Api(url, key)

    def begin(table: Table) -> Work:
        return Recording(api, table.headings, pilot, dry_run)

    _import("readings", needed_of(pilot), file, api, result, begin)


def _post(kind: Kind, file: Path, api: Api, result: Path | None, *, dry_run: bool) -> None:
    def begin(_table: Table) -> Work:
        return Posting(api, kind, dry_run)

    _import(kind.name, kind.needed, file, api, result, begin)


def _import(
    label: str,
    needed: Needed,
    file: Path,
    api: Api,
    result: Path | None,
    begin: Callable[[Table], Work],
    most: int | None = None,
) -> None:
    """Import a file of at ``most`` so many rows, whose ``needed`` columns it must have, by the work that ``begin``
    makes."""
    outcomes = result or file.with_name(f"{file.name}.result.csv")
    try:
        table = open_table(file, needed)
        api.greet()
        if most is not None:
            _check_size(table.size(), most)
        work = begin(table)
        with typer.progressbar(length=table.ends(), label=label) as bar:
            total, counts = import_file(work, table, outcomes, bar.update)
    except Failed as failed:
        typer.secho(str(failed), fg="red", err=True)
        raise typer.Exit(1) from None
    told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
    typer.echo(
        f"{total} rows: {told or 'none'}. Their outcomes are in {outcomes}. 共{total}行，结果见{outcomes}。"
    )
    if counts.keys() - {"COMMITTED", "REPLAYED", "READY"}:
        raise typer.Exit(1)


def _check_size(total: int, most: int) -> None:
    if total > most:
        raise Failed(
            f"该文件有{total}行，每个文件至多{most}行：请按试点分为多个文件",
            f"the file has {total} rows, and may have {most}: make several of it, by pilots",
        )
