"""``nzc import retirements``, ``issuances`` and ``transfers``: files of registries."""

from pathlib import Path

import typer

from nzc_api.files.table import Table
from nzc_api.importing.api import ApiClient
from nzc_api.importing.kinds import KINDS, Kind
from nzc_api.importing.options import LOCAL, DryRun, File, Key, Result, Url
from nzc_api.importing.posting import PostedRows
from nzc_api.importing.sending import Work
from nzc_api.importing.table_import import import_table

app = typer.Typer()


@app.command()
def retirements(
    file: File, key: Key, url: Url = LOCAL, result: Result = None, dry_run: DryRun = False
) -> None:
    """Retire what each row says. Run it again after a kill: nothing is posted twice.

    Columns, in English or Chinese: serials, pilot (its code), year (or period), retired_on; and, where
    wanted, programme, quantity, holder, registry_reference, idempotency_key. Ends with 1 if a row was
    rejected.
    """
    _post(KINDS["retirements"], file, ApiClient(url, key), result, dry_run=dry_run)


@app.command()
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
    _post(KINDS["issuances"], file, ApiClient(url, key), result, dry_run=dry_run)


@app.command()
def transfers(
    file: File, key: Key, url: Url = LOCAL, result: Result = None, dry_run: DryRun = False
) -> None:
    """Transfer what each row says. Run it again after a kill: nothing is posted twice.

    Columns, in English or Chinese: serials, from, to; and, where wanted, programme, quantity,
    idempotency_key. Ends with 1 if a row was rejected.
    """
    _post(KINDS["transfers"], file, ApiClient(url, key), result, dry_run=dry_run)


def _post(kind: Kind, file: Path, api: ApiClient, result: Path | None, *, dry_run: bool) -> None:
    def begin(_table: Table) -> Work:
        return PostedRows(api, kind, dry_run)

    import_table(kind.name, kind.needed, file, api, result, begin)
