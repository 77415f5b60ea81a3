"""Checking the ledger: by itself, and against what a registry has."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from nzc_api.cli.proving import tell_flaws, verified
from nzc_api.cli.reached import complain, database, reported, running
from nzc_api.database.checks import check_server
from nzc_api.files.vocabulary import programme_of
from nzc_api.ledger.auditing.audit import CHECKS, MOST_ROWS, Broken, Check
from nzc_api.ledger.auditing.audit import audit as audit_ledger
from nzc_api.ledger.programmes import PROGRAMMES, Programme
from nzc_api.ledger.reconciling.reconcile import ReconciliationOutcome
from nzc_api.ledger.reconciling.reconcile_file import ReportWriter, Sum
from nzc_api.ledger.reconciling.reconcile_service import reconcile as reconcile_list
from nzc_api.proofs.comparing import Flaw
from nzc_api.refusal import LocalizedText
from nzc_api.settings import Settings

app = typer.Typer()

OUTCOMES: dict[ReconciliationOutcome, LocalizedText] = {
    ReconciliationOutcome.MATCHED: LocalizedText("一致", "matched"),
    ReconciliationOutcome.MISSING_HERE: LocalizedText("本系统缺失", "missing here"),
    ReconciliationOutcome.MISSING_THERE: LocalizedText("登记机构缺失", "missing there"),
    ReconciliationOutcome.DIFFERENT: LocalizedText("不一致", "different"),
    ReconciliationOutcome.UNREADABLE: LocalizedText("无法识别", "unreadable"),
}

# Of the names of checks, so that the progress bar stays where it is.
WIDEST = max(len(check.name.en) for check in CHECKS)


@app.command()
def audit() -> None:
    """Recompute everything that must hold of the ledger; ends with 1, and the rows that are wrong,
    where something does not."""
    with reported() as stop:
        settings = Settings()
        with database(settings, stop) as (url, _):
            broken, flaws = stop.run(_audit(url, settings.log_key_file))
    for found in broken:
        typer.echo(f"✗ {found.check.name.en} {found.check.name.zh}")
        for row in found.rows:
            typer.echo("  " + " ".join(f"{name}={value}" for name, value in row.items()))
        if len(found.rows) == MOST_ROWS:
            typer.echo(f"  … the first {MOST_ROWS} rows 仅列前{MOST_ROWS}行")
    tell_flaws(flaws)
    checks = len(CHECKS) + 1  # that of the tree
    if broken or flaws:
        failed = len(broken) + bool(flaws)
        complain(f"{failed} of {checks} checks fail. {failed}项检查未通过。")
        raise typer.Exit(1)
    typer.echo(f"All {checks} checks hold. {checks}项检查全部通过。")


@app.command()
def reconcile(
    programme: Annotated[str, typer.Argument(help="The programme, such as CCER.")],
    file: Annotated[
        Path,
        typer.Argument(
            help="The registry's own list of units: see docs/how-to/auditor.md.",
            exists=True,
            dir_okay=False,
        ),
    ],
    report: Annotated[
        Path | None, typer.Option(help="Where the rows go, as CSV. Default: standard output.")
    ] = None,
) -> None:
    """Compare a registry's list of units with the ledger; ends with 0 only where all of it matches."""
    code = programme_of(programme)
    if code is None:
        programmes = ", ".join(PROGRAMMES)
        raise typer.BadParameter(
            f"a programme is one of {programmes} 机制须为以下之一：{programmes}"
        )
    with reported() as stop, database(Settings(), stop) as (url, _), _report_to(report) as out:
        summary = stop.run(_reconcile(url, PROGRAMMES[code], file, out))
    for outcome, name in OUTCOMES.items():
        rows, tonnes = summary.get(outcome, Sum(0, 0))
        typer.echo(f"{name.zh} {name.en}: {rows} rows 行, {tonnes} t", err=True)
    if set(summary) - {ReconciliationOutcome.MATCHED}:
        raise typer.Exit(1)


async def _audit(url: str, key_file: Path | None) -> tuple[list[Broken], Sequence[Flaw]]:
    # Which guards are not as they should be, it says itself.
    async with running(url, check_server) as nzc:
        with typer.progressbar(length=1, file=sys.stderr, show_eta=False) as bar:

            def told(done: int, total: int, check: Check) -> None:
                bar.length, bar.label = total, check.name.en.ljust(WIDEST)
                bar.update(done - bar.pos)

            broken = await audit_ledger(nzc.database, told)
        return broken, (await verified(nzc, key_file)).flaws


async def _reconcile(
    url: str, programme: Programme, path: Path, out: TextIO
) -> Mapping[ReconciliationOutcome, Sum]:
    """Write the report; the rows and tonnes of each outcome."""
    write = ReportWriter(out)
    async with running(url) as nzc:
        async for item in reconcile_list(nzc.database, programme, path):
            write(item)
    return write.sums


@contextmanager
def _report_to(path: Path | None) -> Iterator[TextIO]:
    """Where a report goes; a file starts with a byte order mark, which spreadsheets ask for."""
    if path is None:
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield file
