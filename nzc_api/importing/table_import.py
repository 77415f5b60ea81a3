"""Importing a table: what every command of ``nzc import`` does."""

from collections.abc import Callable
from pathlib import Path

import typer

from nzc_api.files.table import Needed, Table, open_table
from nzc_api.importing.api import ApiClient
from nzc_api.importing.aside import begun
from nzc_api.importing.sending import Work, import_file
from nzc_api.refusal import Failed


def import_table(
    label: str,
    needed: Needed,
    file: Path,
    api: ApiClient,
    result: Path | None,
    begin: Callable[[Table], Work],
    most: int | None = None,
) -> None:
    """Import a file of at ``most`` so many rows, whose ``needed`` columns it must have, by the work that ``begin``
    makes."""
    outcomes = result or file.with_name(f"{file.name}.result.csv")
    try:
        greeted = begun(api.greet)
        table = open_table(file, needed)
        greeted()
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
