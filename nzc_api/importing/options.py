"""What every command of ``nzc import`` is told."""

from pathlib import Path
from typing import Annotated

import typer

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
