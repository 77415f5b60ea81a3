"""The log's key; checking a file that proves itself; and comparing the log with its tree."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from nzc_api.cli.reached import complain, database, reported, running
from nzc_api.proofs.comparing import Flaw
from nzc_api.proofs.cosignatures import read_witness
from nzc_api.proofs.keys import NoLogKey, make_key, read_key
from nzc_api.proofs.model import TreeHead, origin_of
from nzc_api.proofs.notes import Malformed, Signer, Verifier
from nzc_api.proofs.verifying import Held, VerifiedEntries
from nzc_api.proofs.verifying import verify as verify_log
from nzc_api.refusal import LocalizedText
from nzc_api.retirement_certificates.saying import lines_of
from nzc_api.retirement_certificates.verifying import NotVerified
from nzc_api.retirement_certificates.verifying import verify as verify_file
from nzc_api.services import Nzc
from nzc_api.settings import Settings
from nzc_api.working_papers.model import LONGEST_FILE
from nzc_api.working_papers.saying import lines_of as evidence_lines
from nzc_api.working_papers.verifying import ZIP
from nzc_api.working_papers.verifying import verify as verify_evidence

app = typer.Typer()

log = typer.Typer(help="The key that checkpoints of the log are signed with.", no_args_is_help=True)
app.add_typer(log, name="log")


class Verifying(TyperGroup):
    """Its commands; what is none of them is a file."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        given = args if args[0] in self.commands else ["file", *args]
        return super().resolve_command(ctx, given)


verify = typer.Typer(
    cls=Verifying,
    help="Check a certificate's file, or evidence, without database or network: `nzc verify FILE`; or compare the log "
    "with what was committed to.",
    no_args_is_help=True,
)
app.add_typer(verify, name="verify")


@log.command("key")
def key(
    file: Annotated[
        Path, typer.Argument(help="Where it is to be; nothing that is there is overwritten.")
    ],
) -> None:
    """Make a key for NZC_LOG_KEY_FILE. Keep a copy of it, and let nobody else have one."""
    with reported():
        make_key(file)
        typer.echo(
            f"The key is in {file}: let NZC_LOG_KEY_FILE lead to it. 密钥已写入{file}，请设置NZC_LOG_KEY_FILE。"
        )


@log.command("verifier")
def verifier() -> None:
    """Say by which verifier key anybody checks what the key at NZC_LOG_KEY_FILE signed: publish it."""
    with reported() as stop:
        settings = Settings()
        with database(settings, stop) as (url, _):
            found = stop.run(_verifier(url, settings.log_key_file))
        if found is None:
            raise NoLogKey("尚未设置NZC_LOG_KEY_FILE。", "NZC_LOG_KEY_FILE is not set.")
        typer.echo(str(found))


@verify.command("file")
def file_(
    file: Annotated[
        Path,
        typer.Argument(
            help="The file of a certificate, or the ZIP of evidence.", exists=True, dir_okay=False
        ),
    ],
    key: Annotated[
        str | None,
        typer.Option(
            help="The log's verifier key, from its operator. Default: the one that the file names itself."
        ),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option(
            help="The verifier key of a witness that must have cosigned the checkpoint; more than one may be given."
        ),
    ] = None,
) -> None:
    """Check a certificate of retirements, or the evidence of a pilot's year, without database or network; ends with 1,
    and says what is wrong."""
    given = None if key is None else _verifier_key(key)
    witnesses = [_witness_key(text) for text in witness or ()]
    try:
        with file.open("rb") as opened:
            said = [*_said_of(opened.read(LONGEST_FILE + 1), given, witnesses)]
    except NotVerified as wrong:
        complain(f"✗ {wrong}")
        raise typer.Exit(1) from None
    for line in said:
        typer.echo(f"{line.en} {line.zh}")


@verify.command("log")
def log_(
    first: Annotated[int, typer.Option("--from", min=1, help="The first position.")] = 1,
    last: Annotated[
        int | None, typer.Option("--to", min=1, help="The last. Default: all that the tree has.")
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            help="A checkpoint that was kept: the log must begin with it.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="The verifier key. Default: that of NZC_LOG_KEY_FILE, if it is set."),
    ] = None,
) -> None:
    """Compare each entry of the log with its Merkle tree, and that with its checkpoints; ends with 1, and names what
    is not as it was committed to."""
    with reported() as stop:
        settings = Settings()
        kept = None if checkpoint is None else _checkpoint(checkpoint)
        given = None if key is None else _verifier_key(key)
        with database(settings, stop) as (url, _):
            found = stop.run(_verify(url, first, last, given, kept, settings.log_key_file))
    tell_flaws(found.flaws)
    if not found.flaws and found.first > found.last:
        raise typer.BadParameter(
            f"没有可比对的日志：树中共有{found.reach}条。 There is nothing to compare from {found.first}: the tree has "
            f"{found.reach}, and --to is {last or found.reach}."
        )
    if found.flaws:
        complain(f"{len(found.flaws)} things do not hold. {len(found.flaws)}处不符。")
        raise typer.Exit(1)
    typer.echo(
        f"Positions {found.first} to {found.last} are as committed to; the tree has {found.reach}. "
        f"位置{found.first}至{found.last}与所承诺的相符；树中共有{found.reach}条。"
    )


def _said_of(
    content: bytes, key: Verifier | None, witnesses: Sequence[Verifier]
) -> Iterator[LocalizedText]:
    """What is to be said of a file that holds, whichever it is. Raises ``NotVerified``."""
    pinned = key is not None
    if content.startswith(ZIP):
        return evidence_lines(verify_evidence(content, key, witnesses), pinned=pinned)
    return lines_of(verify_file(content, key, witnesses), pinned=pinned)


def tell_flaws(flaws: Iterable[Flaw]) -> None:
    """Print what does not hold, each law with where it is broken."""
    for law, found in groupby(sorted(flaws, key=lambda flaw: flaw.law.name), lambda flaw: flaw.law):
        typer.echo(f"✗ {law.value.en} {law.value.zh}")
        for flaw in found:
            typer.echo(f"  {flaw.where}")


async def verified(nzc: Nzc, key_file: Path | None) -> VerifiedEntries:
    """All of the log compared with its tree, and with the key's signatures where there is a key."""
    return await verify_log(nzc.database, held=Held(await _own(nzc, key_file)))


async def _verify(
    url: str,
    first: int,
    last: int | None,
    given: Verifier | None,
    kept: TreeHead | None,
    key_file: Path | None,
) -> VerifiedEntries:
    async with running(url) as nzc:
        held = Held(given or await _own(nzc, key_file), kept)
        with typer.progressbar(length=1, file=sys.stderr, show_eta=False) as bar:

            def told(done: int, total: int) -> None:
                bar.length = max(total, 1)
                bar.update(done - bar.pos)

            return await verify_log(nzc.database, first, last, held, told)


async def _verifier(url: str, key_file: Path | None) -> Verifier | None:
    async with running(url) as nzc:
        return await _own(nzc, key_file)


async def _own(nzc: Nzc, key_file: Path | None) -> Verifier | None:
    """The verifier key of NZC's own key, for this log."""
    if key_file is None:
        return None
    return Signer(origin_of(await nzc.services.log.head()), read_key(key_file)).verifier


def _checkpoint(path: Path) -> TreeHead:
    try:
        return TreeHead.read(path.read_text("utf-8"))
    except (Malformed, UnicodeDecodeError):
        raise typer.BadParameter(
            f"{path} is no checkpoint of a log. {path}不是日志的检查点。"
        ) from None


def _witness_key(text: str) -> Verifier:
    try:
        return read_witness(text)
    except Malformed:
        raise typer.BadParameter(
            f"“{text}”不是见证方的联署验证公钥。 “{text}” is no verifier key of a witness's cosignatures: it is like "
            "name+0123abcd+BAbC=, as the witness publishes it."
        ) from None


def _verifier_key(text: str) -> Verifier:
    try:
        return Verifier.read(text)
    except Malformed:
        raise typer.BadParameter(
            f"“{text}”不是验证公钥。 “{text}” is no verifier key: it is like name+0123abcd+AbCd=, as "
            "`nzc log verifier` prints it."
        ) from None
