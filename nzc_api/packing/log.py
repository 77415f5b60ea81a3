"""The log as a server exports it, in one file: it goes on where the connection broke, and where it was ended before."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from nzc_api.importing.api import ATTEMPTS, LATER, PAUSE_SECONDS, Unreached
from nzc_api.packing.client import Client
from nzc_api.packing.formats import FileFormat, check_format, write
from nzc_api.refusal import Failed

# With which codes an export ends that may be asked for again.
PASSING = LATER | {"TIMED_OUT", "INTERNAL_ERROR", "HISTORY_DIVERGED"}


def export(
    client: Client, file: Path, file_format: FileFormat, after: int = 0, until: int | None = None
) -> int:
    """Write the entries after a position and up to another (None: to the last) to ``file``; that position.

    What came so far is beside it, in a file that names the log, until all is there. Raises ``Failed`` where the API
    does not answer for long, or leaves something out.
    """
    check_format(file_format)
    client.greet()
    head = client.head()
    last = int(head["position"])
    until = last if until is None else until
    if not 0 <= after <= until <= last:
        raise Failed(
            f"位置须依次为0 ≤ after ≤ until ≤ {last}", f"positions are 0 ≤ after ≤ until ≤ {last}"
        )
    spool = file.with_name(f"{file.name}.{head['logId']}.{after}.unfinished")
    reached = _whole_lines(spool, after)
    with spool.open("ab") as spooled:
        for line in lines_after(client, reached, until):
            spooled.write(line)
    made = file.with_name(f"{file.name}.unfinished")
    write(_said(spool, until), made, file_format, packed=file.suffix == ".gz")
    made.replace(file)
    spool.unlink()
    return until


def lines_after(client: Client, after: int, until: int) -> Iterator[bytes]:
    """The lines of the entries after a position and up to another, each once, whatever breaks on the way."""
    failed = 0
    while after < until:
        try:
            for line in _lines(client, after, until):
                position = _position(line)
                if position != after + 1:
                    raise Failed(
                        f"服务器给出的日志在位置{after}之后缺少内容",
                        f"what the server gave of the log lacks what follows position {after}",
                    )
                after, failed = position, 0
                yield line
        except Unreached:
            failed += 1
            if failed >= ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS)


def _lines(client: Client, after: int, until: int) -> Iterator[bytes]:
    """Whole lines, as they come; what is cut off is left."""
    parts = client.export(after, until)
    if parts is None:
        raise Failed(
            "该服务器不提供/export：其版本较旧", "this server has no /export: its release is older"
        )
    rest, some = b"", False
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        for line in whole:
            some = True
            yield line + b"\n"
    # Where nothing came, though something was to, one would ask for good.
    if rest or not some:
        raise Unreached("日志没有完整到达", "what came of the log was cut off")


def _whole_lines(spool: Path, after: int) -> int:
    """The position that a file which was left unfinished reaches; what is cut off in it is cut away."""
    if not spool.exists():
        return after
    whole = 0
    with spool.open("r+b") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            after = _position(line)
        file.truncate(whole)
    return after


def _said(spool: Path, until: int) -> Iterator[dict[str, Any]]:
    with spool.open("rb") as file:
        for line in file:
            said: dict[str, Any] = orjson.loads(line)
            if int(said["position"]) > until:
                return
            yield said


def _position(line: bytes) -> int:
    try:
        said = orjson.loads(line)
        if "errors" in said:
            raise _ended(said["errors"][0]["extensions"])
        return int(said["position"])
    except (ValueError, KeyError, TypeError):
        raise Failed(
            "服务器给出的不是日志的行", "what the server gave is no line of the log"
        ) from None


def _ended(why: Mapping[str, Any]) -> Failed:
    """What the server says of an export that it ended early; another one goes on after it, but for what stays so."""
    code, message = why["code"], why["localizedMessage"]
    kind = Unreached if code in PASSING else Failed
    return kind(
        f"服务器提前结束了导出（{code}）：{message['zh']}",
        f"the server ended the export early ({code}): {message['en']}",
    )
