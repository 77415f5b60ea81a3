"""``nzc import lines``: sheets of activity data."""

from typing import Annotated

import typer

from nzc_api.files.table import Table
from nzc_api.importing.api import ApiClient
from nzc_api.importing.drafted import needed_of
from nzc_api.importing.drafting import MOST_ROWS, Drafting
from nzc_api.importing.metered import Layout
from nzc_api.importing.options import LOCAL, File, Key, PilotCode, Result, Url
from nzc_api.importing.sending import Work
from nzc_api.importing.table_import import import_table

app = typer.Typer()


@app.command()
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
    api = ApiClient(url, key)
    said = {"pilot": pilot, "period": period, "factor_list": factor_list}
    defaults = {name: text for name, text in said.items() if text is not None}

    def begin(table: Table) -> Work:
        return Drafting(
            api=api, layout=Layout.of(table.headings), defaults=defaults, dry_run=dry_run
        )

    import_table("lines", needed_of(defaults), file, api, result, begin, MOST_ROWS)
