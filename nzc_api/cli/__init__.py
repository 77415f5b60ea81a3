"""The ``nzc`` command. What a command needs is loaded when it is asked for: `nzc import` speaks to a server from
another machine, and needs nothing of what serves."""

from typing import Annotated

import typer

from nzc_api.garbage import look_seldom
from nzc_api.lazy_commands import group_of
from nzc_api.release import RELEASE

look_seldom()

# Where each command is, in the order in which help lists them.
ROOMS = {
    "nzc_api.cli.serving": ("serve", "demo", "schema"),
    "nzc_api.cli.operating": ("migrate", "adopt", "organisation", "keys"),
    "nzc_api.cli.checking": ("audit", "reconcile"),
    "nzc_api.cli.proving": ("log", "verify"),
    "nzc_api.importing.command": ("import",),
    "nzc_api.packing.command": ("pack",),
    "nzc_api.packing.evidence_command": ("evidence",),
    "nzc_api.packing.log_command": ("export",),
}

app = typer.Typer(
    cls=group_of(ROOMS),
    help="NZC: near-zero-carbon accounting and the carbon-credit ledger. Settings are NZC_… variables: "
    "see docs/settings.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from nzc_api.database.migrate import head_revision  # noqa: PLC0415  of no other command

        typer.echo(f"NZC {RELEASE} (tables {head_revision()})")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which release."),
    ] = False,
) -> None:
    pass
