"""``nzc import readings``: files of utilities and building systems."""

import typer

from nzc_api.files.table import Table
from nzc_api.importing.api import ApiClient
from nzc_api.importing.metered import needed_of
from nzc_api.importing.options import LOCAL, DryRun, File, Key, PilotCode, Result, Url
from nzc_api.importing.recording import Recording
from nzc_api.importing.sending import Work
from nzc_api.importing.table_import import import_table

app = typer.Typer()


@app.command()
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
    api = ApiClient(url, key)

    def begin(table: Table) -> Work:
        return Recording(api=api, headings=table.headings, pilot=pilot, dry_run=dry_run)

    import_table("readings", needed_of(pilot), file, api, result, begin)
