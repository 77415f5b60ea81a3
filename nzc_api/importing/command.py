"""``nzc import``: files of registries, utilities and building systems, from their own machines."""

import typer

from nzc_api.lazy_commands import group_of

ROOMS = {
    "nzc_api.importing.posting_command": ("retirements", "issuances", "transfers"),
    "nzc_api.importing.drafting_command": ("lines",),
    "nzc_api.importing.recording_command": ("readings",),
}

app = typer.Typer()

imports = typer.Typer(
    cls=group_of(ROOMS), help="Send a file of any length through the API.", no_args_is_help=True
)
app.add_typer(imports, name="import")


@imports.callback()
def _only_commands() -> None:
    """Send a file of any length through the API."""
