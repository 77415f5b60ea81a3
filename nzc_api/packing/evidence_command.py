"""``nzc evidence``: the working papers of a pilot's year, from any machine, as whoever has the key sees them."""

from pathlib import Path
from typing import Annotated

import typer

from nzc_api.ids import Position
from nzc_api.packing.client import Client
from nzc_api.packing.command import LOCAL
from nzc_api.proofs.notes import Malformed, Verifier
from nzc_api.refusal import Failed
from nzc_api.working_papers.saying import lines_of
from nzc_api.working_papers.verifying import verify

app = typer.Typer()


@app.callback()
def _only_commands() -> None:
    """Evidence to take away."""


@app.command()
def evidence(
    pilot: Annotated[str, typer.Option(help="The pilot's code.")],
    year: Annotated[int, typer.Option(help="The calendar year of its accounting period.")],
    output: Annotated[Path, typer.Option(help="The ZIP.")],
    key: Annotated[
        str, typer.Option(envvar="NZC_KEY", help="The API key: it has what its owner sees.")
    ],
    url: Annotated[str, typer.Option(envvar="NZC_URL", help="The API.")] = LOCAL,
    as_of: Annotated[
        Position | None,
        typer.Option(help="A position of the log. Default: the last that is committed to."),
    ] = None,
    compared: Annotated[
        str,
        typer.Option(help="Positions before it to compare the statement with, such as 120,480."),
    ] = "",
    log_key: Annotated[
        str | None, typer.Option(help="The log's verifier key, which must have signed it.")
    ] = None,
) -> None:
    """Take the evidence of a pilot's year away: one signed ZIP of its statement, inventories with their working,
    retirements with certificates and proofs, and what checks them. It is checked before it is written: `nzc verify`
    does that again anywhere. As of one position and for one key it is the same bytes each time.
    """
    asked = {"asOf": as_of, "compared": compared or None}
    given = {name: str(value) for name, value in asked.items() if value is not None}
    unfinished = output.with_name(f"{output.name}.unfinished")
    try:
        pinned = None if log_key is None else Verifier.read(log_key)
        client = Client(url, key)
        client.greet()
        content = client.evidence(pilot, year, given)
        found = verify(content, pinned)
        unfinished.write_bytes(content)
        unfinished.replace(output)
    except Malformed:
        raise typer.BadParameter(
            f"“{log_key}”不是验证公钥。 “{log_key}” is no verifier key: it is like name+0123abcd+AbCd=, as "
            "`nzc log verifier` prints it."
        ) from None
    except Failed as failed:
        typer.secho(str(failed), fg="red", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.secho(
            f"{output}: {error.strerror}. 无法写入{output}：{error.strerror}。", fg="red", err=True
        )
        raise typer.Exit(1) from None
    for line in lines_of(found, pinned=pinned is not None):
        typer.echo(f"{line.en} {line.zh}")
